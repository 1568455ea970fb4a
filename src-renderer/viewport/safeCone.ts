/**
 * Directions from which an avatar made of one picture is trustworthy: those the method was trained on (spec, VAE-loss
 * cameras), radians, signs as OrbitOptions.
 */
export const SAFE_ANGLES = {
  yaw: { low: -0.78, high: 0.78 },
  pitch: { low: -0.25, high: 0.65 },
  roll: { low: -0.25, high: 0.25 },
} as const;

export interface ViewAngles {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
}

/** The angles that leave the safe range, in the order an artist would turn back. */
export function unsafeAngles(angles: ViewAngles): (keyof ViewAngles)[] {
  const names = ['yaw', 'pitch', 'roll'] as const;
  return names.filter(
    (name) => angles[name] < SAFE_ANGLES[name].low || angles[name] > SAFE_ANGLES[name].high,
  );
}

/** A point of the gizmo, in units of its radius, y down; `isNear` on the side towards the viewer. */
export interface GlobePoint {
  readonly x: number;
  readonly y: number;
  readonly isNear: boolean;
}

/** The gizmo's own view of the globe of directions: from above and from the side, so that the cone is seen as one. */
const GLOBE_YAW = -0.62;
const GLOBE_PITCH = 0.42;

/** Where a camera at these angles stands on the globe about the head. */
export function globePoint(yaw: number, pitch: number): GlobePoint {
  const x = Math.cos(pitch) * Math.sin(yaw);
  const y = Math.sin(pitch);
  const z = Math.cos(pitch) * Math.cos(yaw);
  const acrossX = x * Math.cos(GLOBE_YAW) - z * Math.sin(GLOBE_YAW);
  const towards = x * Math.sin(GLOBE_YAW) + z * Math.cos(GLOBE_YAW);
  const up = y * Math.cos(GLOBE_PITCH) - towards * Math.sin(GLOBE_PITCH);
  return { x: acrossX, y: -up, isNear: towards * Math.cos(GLOBE_PITCH) + y * Math.sin(GLOBE_PITCH) >= 0 };
}

/** Outline of the safe patch on the globe, a closed ring of points. */
export function safePatch(stepsPerSide = 8): GlobePoint[] {
  const { yaw, pitch } = SAFE_ANGLES;
  const corners = [
    [yaw.low, pitch.low],
    [yaw.high, pitch.low],
    [yaw.high, pitch.high],
    [yaw.low, pitch.high],
  ] as const;
  return corners.flatMap(([fromYaw, fromPitch], side) => {
    const [toYaw, toPitch] = corners[(side + 1) % 4];
    return Array.from({ length: stepsPerSide }, (_, step) => {
      const share = step / stepsPerSide;
      return globePoint(fromYaw + share * (toYaw - fromYaw), fromPitch + share * (toPitch - fromPitch));
    });
  });
}
