import type { Mat3 } from '#common/math/mat3';
import { identityMat3, multiplyMat3, transposeMat3 } from '#common/math/mat3';
import type { Vec3 } from '#common/math/vec3';
import { norm3, portableAngle, portableCosine, portableSine } from '#common/math/portableMath';

const TINY_ANGLE = 1e-8;

/** Rotation vector (axis times angle, radians) -> matrix, Rodrigues' formula. */
export function rotationFromVector(vector: Vec3): Mat3 {
  const angle = norm3(vector[0], vector[1], vector[2]);
  if (angle < TINY_ANGLE) {
    const near = identityMat3();
    near[1] = -vector[2];
    near[2] = vector[1];
    near[3] = vector[2];
    near[5] = -vector[0];
    near[6] = -vector[1];
    near[7] = vector[0];
    return near;
  }
  const x = vector[0] / angle;
  const y = vector[1] / angle;
  const z = vector[2] / angle;
  const c = portableCosine(angle);
  const s = portableSine(angle);
  const t = 1 - c;
  return Float64Array.of(
    t * x * x + c, t * x * y - s * z, t * x * z + s * y,
    t * x * y + s * z, t * y * y + c, t * y * z - s * x,
    t * x * z - s * y, t * y * z + s * x, t * z * z + c,
  ); // prettier-ignore
}

/** Matrix -> rotation vector with angle in [0, pi]. */
export function vectorFromRotation(m: ArrayLike<number>): Vec3 {
  const cosine = Math.min(1, Math.max(-1, (m[0] + m[4] + m[8] - 1) / 2));
  const sx = (m[7] - m[5]) / 2;
  const sy = (m[2] - m[6]) / 2;
  const sz = (m[3] - m[1]) / 2;
  const sine = norm3(sx, sy, sz);
  const angle = portableAngle(sine, cosine);
  if (sine > 1e-6) return [(sx * angle) / sine, (sy * angle) / sine, (sz * angle) / sine];
  if (cosine > 0) return [sx, sy, sz];
  // Half a turn: the axis is the column of (M + I) / 2 with the largest diagonal.
  const diagonal = [m[0], m[4], m[8]];
  const k = diagonal.indexOf(Math.max(...diagonal));
  const column = [m[k] / 2, m[3 + k] / 2, m[6 + k] / 2];
  column[k] += 0.5;
  const scale = angle / norm3(column[0], column[1], column[2]);
  return [column[0] * scale, column[1] * scale, column[2] * scale];
}

/** Angle of the rotation that takes a to b, radians. */
export function rotationDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y, z] = vectorFromRotation(multiplyMat3(b, transposeMat3(a)));
  return norm3(x, y, z);
}
