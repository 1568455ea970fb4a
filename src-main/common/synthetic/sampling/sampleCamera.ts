import { canonicalCamera } from '#common/camera/canonicalCamera';
import { CANONICAL_DISTANCE } from '#common/camera/pinholeCamera';
import type { PinholeCamera } from '#common/camera/pinholeCamera';
import type { SeededRandom } from '#common/math/seededRandom';

/** Where a camera stands about the head. */
export interface SampledCamera {
  readonly camera: PinholeCamera;
  /** Radians as in canonicalCamera. */
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
}

/**
 * Ranges in radians. 'renderer' is the paper's training distribution of the motion-aware renderer (yaw +-0.60, pitch
 * 0.2 +-0.35, pivot jitter of 0.01 world units; spec 1.2), 'encoder' the wider one of its VAE loss (pitch -0.25 .. 0.65,
 * yaw +-0.78, roll +-0.25), 'portrait' what people are photographed in, 'frontal' EG3D's own camera.
 */
export const CAMERA_RANGES = {
  frontal: { yaw: [0, 0], pitch: [0, 0], roll: [0, 0], isNormal: false },
  portrait: { yaw: [-0.35, 0.35], pitch: [-0.12, 0.16], roll: [-0.08, 0.08], isNormal: true },
  renderer: { yaw: [-0.6, 0.6], pitch: [-0.15, 0.55], roll: [0, 0], isNormal: false },
  encoder: { yaw: [-0.78, 0.78], pitch: [-0.25, 0.65], roll: [-0.25, 0.25], isNormal: false },
} as const;
export type CameraRange = keyof typeof CAMERA_RANGES;

/** One EG3D world unit in metres: the pivot's jitter is given in these. */
const WORLD_UNIT = CANONICAL_DISTANCE / 2.7;

/** Draws a camera in EG3D framing (focal 4.2647 of the width, 1.39 m), its pivot moved by up to about 2 cm. */
export function sampleCamera(random: SeededRandom, range: CameraRange = 'renderer'): SampledCamera {
  const { yaw, pitch, roll, isNormal } = CAMERA_RANGES[range];
  const draw = ([low, high]: readonly [number, number]): number => {
    if (!isNormal) return random.between(low, high);
    const value = (low + high) / 2 + (random.normal() * (high - low)) / 4;
    return Math.min(high * 1.8, Math.max(low * 1.8, value));
  };
  const angles = { yaw: draw(yaw), pitch: draw(pitch), roll: draw(roll) };
  const jitter = range === 'frontal' ? 0 : 0.03 * WORLD_UNIT;
  const target = [
    random.between(-jitter, jitter),
    random.between(-jitter, jitter),
    random.between(0, jitter),
  ] as const;
  return { ...angles, camera: canonicalCamera({ ...angles, target }) };
}
