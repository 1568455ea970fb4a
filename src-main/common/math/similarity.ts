import { invariant } from '#common/contract/errors';
import type { Mat3 } from '#common/math/mat3';
import { transformVec3 } from '#common/math/mat3';
import { symmetricEigen } from '#common/math/symmetricEigen';
import type { Vec3 } from '#common/math/vec3';

/** y = scale * rotation * x + translation. */
export interface Similarity {
  readonly scale: number;
  readonly rotation: Mat3;
  readonly translation: Vec3;
}

/**
 * Weighted least-squares similarity between two sets of 3D points, in closed form: rotation from Horn's unit
 * quaternion (1987), scale as in Umeyama (1991), which minimises |target - s R source|^2.
 *
 * @param weights one per point, not negative; undefined means all one.
 */
export function fitSimilarity(
  source: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Similarity {
  const count = source.length / 3;
  invariant(target.length === source.length && count >= 3, 'a similarity needs three or more point pairs');
  const sourceMean = weightedMean(source, weights);
  const targetMean = weightedMean(target, weights);
  const cross = new Float64Array(9);
  let spread = 0;
  for (let i = 0; i < count; i++) {
    const weight = weights ? weights[i] : 1;
    for (let a = 0; a < 3; a++) {
      const x = source[i * 3 + a] - sourceMean[a];
      spread += weight * x * x;
      for (let b = 0; b < 3; b++) cross[a * 3 + b] += weight * x * (target[i * 3 + b] - targetMean[b]);
    }
  }
  invariant(spread > 0, 'the source points of a similarity do not coincide');
  const rotation = hornRotation(cross);
  let aligned = 0;
  for (let a = 0; a < 3; a++) for (let b = 0; b < 3; b++) aligned += cross[a * 3 + b] * rotation[b * 3 + a];
  const scale = aligned / spread;
  const moved = transformVec3(rotation, sourceMean);
  return {
    scale,
    rotation,
    translation: [
      targetMean[0] - scale * moved[0],
      targetMean[1] - scale * moved[1],
      targetMean[2] - scale * moved[2],
    ],
  };
}

function weightedMean(points: ArrayLike<number>, weights: ArrayLike<number> | undefined): Vec3 {
  const mean = [0, 0, 0];
  let total = 0;
  for (let i = 0; i < points.length / 3; i++) {
    const weight = weights ? weights[i] : 1;
    total += weight;
    for (let a = 0; a < 3; a++) mean[a] += weight * points[i * 3 + a];
  }
  return [mean[0] / total, mean[1] / total, mean[2] / total];
}

/** Rotation R that maximises trace(R * cross) with cross = sum x y^T. */
function hornRotation(s: Float64Array): Mat3 {
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = s;
  const n = [
    xx + yy + zz, yz - zy, zx - xz, xy - yx,
    yz - zy, xx - yy - zz, xy + yx, zx + xz,
    zx - xz, xy + yx, yy - xx - zz, yz + zy,
    xy - yx, zx + xz, yz + zy, zz - xx - yy,
  ]; // prettier-ignore
  const [w, x, y, z] = symmetricEigen(n, 4).vectors;
  return Float64Array.of(
    w * w + x * x - y * y - z * z, 2 * (x * y - w * z), 2 * (x * z + w * y),
    2 * (x * y + w * z), w * w - x * x + y * y - z * z, 2 * (y * z - w * x),
    2 * (x * z - w * y), 2 * (y * z + w * x), w * w - x * x - y * y + z * z,
  ); // prettier-ignore
}
