import { cameraLabel } from '#common/camera/cameraLabel';
import { canonicalCamera } from '#common/camera/canonicalCamera';
import type { SeededRandom } from '#common/math/seededRandom';
import { lookAtLabel } from '#engine/networks/camera/lookAt';

/** Radians, uniform. */
export interface CameraRange {
  readonly yaw: readonly [number, number];
  readonly pitch: readonly [number, number];
  readonly roll: readonly [number, number];
}

/**
 * Where the VAE's reconstructions are looked at from (supplement D.3). Pitch is the published code's: positive from
 * below the head to above, with the head's usual view at 0.2.
 */
export const VAE_CAMERAS: CameraRange = { yaw: [-0.78, 0.78], pitch: [-0.25, 0.65], roll: [-0.25, 0.25] };

/** @returns [25] */
export function drawCamera(random: SeededRandom, { yaw, pitch, roll }: CameraRange): Float32Array {
  return cameraLabel(
    canonicalCamera({
      yaw: random.between(...yaw),
      pitch: random.between(...pitch),
      roll: random.between(...roll),
    }),
  );
}

/** Where the renderer's training looks from: an orbit of +-0.6, from a little above, the pivot moved (spec 1.2). */
export function drawRendererCamera(random: SeededRandom): Float32Array {
  const jitter = (): number => 3 * random.between(-0.01, 0.01);
  return lookAtLabel({
    yaw: Math.PI / 2 + random.between(-0.6, 0.6),
    pitch: Math.PI / 2 - (random.between(-0.35, 0.35) + 0.2),
    pivot: [jitter(), jitter(), 3 * 0.03 + jitter()],
  });
}
