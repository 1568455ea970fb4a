import { CANONICAL_DISTANCE, CANONICAL_FOCAL } from '#common/camera/pinholeCamera';
import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { portableCosine, portableSine } from '#common/math/portableMath';

/** Where the orbiting camera stands. Angles in radians, distances in metres. */
export interface OrbitOptions {
  /** + moves the camera to the subject's left (+x), so the picture shows more of the left side of the face. */
  readonly yaw?: number;
  /** + moves the camera up (+y), so it looks down on the head. */
  readonly pitch?: number;
  /** + turns the picture counter-clockwise (the camera rolls clockwise seen from behind it). */
  readonly roll?: number;
  /** From camera to target; CANONICAL_DISTANCE by default. */
  readonly distance?: number;
  /** World point the camera looks at; the head's centre by default. */
  readonly target?: readonly [number, number, number];
  /** Multiplies the focal length; 1 by default. */
  readonly zoom?: number;
  /** Picture height / width, 1 by default. The shorter side keeps the canonical field of view. */
  readonly aspect?: number;
}

/** A camera that orbits about the head; with no options it is EG3D's frontal camera (spec 1.1, 1.2). */
export function canonicalCamera(options: OrbitOptions = {}): PinholeCamera {
  const { yaw = 0, pitch = 0, roll = 0, distance = CANONICAL_DISTANCE, zoom = 1, aspect = 1 } = options;
  const [targetX, targetY, targetZ] = options.target ?? [0, 0, 0];
  const rotation = orbitRotation(yaw, pitch, roll);
  // The target sits on the viewing axis: R * target + t = (0, 0, distance).
  const translation = new Float64Array(3);
  for (let row = 0; row < 3; row++) {
    translation[row] =
      (row === 2 ? distance : 0) -
      (rotation[row * 3] * targetX + rotation[row * 3 + 1] * targetY + rotation[row * 3 + 2] * targetZ);
  }
  return {
    focal: CANONICAL_FOCAL * zoom * Math.min(1, aspect),
    principalX: 0.5,
    principalY: 0.5 * aspect,
    rotation,
    translation,
  };
}

/** Rows are the camera's right, down and forward axes in world coordinates; free of the pole at pitch +-90 degrees. */
function orbitRotation(yaw: number, pitch: number, roll: number): Float64Array {
  const sinYaw = portableSine(yaw);
  const cosYaw = portableCosine(yaw);
  const sinPitch = portableSine(pitch);
  const cosPitch = portableCosine(pitch);
  const right = [cosYaw, 0, -sinYaw];
  const down = [sinYaw * sinPitch, -cosPitch, cosYaw * sinPitch];
  const forward = [-sinYaw * cosPitch, -sinPitch, -cosYaw * cosPitch];
  const cosRoll = portableCosine(roll);
  const sinRoll = portableSine(roll);
  return Float64Array.from([
    ...right.map((value, axis) => cosRoll * value + sinRoll * down[axis]),
    ...down.map((value, axis) => cosRoll * value - sinRoll * right[axis]),
    ...forward,
  ]);
}
