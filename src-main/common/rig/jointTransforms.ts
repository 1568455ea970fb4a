import { AppError, invariant } from '#common/contract/errors';
import type { AvatarJoint } from '#common/rig/avatarGeometry';
import { rotationFromEuler } from '#common/rig/eulerRotation';
import type { EulerRotation, RigPose } from '#common/rig/rigPose';

/** Floats of one transform: a row-major 3x4 matrix [R | t]. */
export const TRANSFORM_SIZE = 12;

/** The part of a pose that moves joints. */
export type JointPose = Pick<RigPose, 'head' | 'neck'>;

/**
 * World transforms of rest-space points, TRANSFORM_SIZE numbers per joint in `joints` order:
 * posed = R * rest + t. The root stays (the shoulders do not move), the neck turns about the neck joint by
 * `pose.neck`, the head about the head joint by `pose.head` on top of the neck; jaw and eyes ride on their
 * parent (their own motion is in the morphs).
 */
export function jointTransforms(
  joints: readonly AvatarJoint[],
  pose: JointPose,
  out: Float64Array = new Float64Array(joints.length * TRANSFORM_SIZE),
): Float64Array {
  for (let index = 0; index < joints.length; index++) {
    const joint = joints[index];
    invariant(joint.parent < index, `joint ${joint.name} comes after its parent`);
    const offset = index * TRANSFORM_SIZE;
    if (joint.parent < 0) out.set(IDENTITY, offset);
    else out.copyWithin(offset, joint.parent * TRANSFORM_SIZE, (joint.parent + 1) * TRANSFORM_SIZE);
    if (joint.name === 'neck') turnAbout(out, offset, joint.position, pose.neck);
    else if (joint.name === 'head') turnAbout(out, offset, joint.position, pose.head);
  }
  return out;
}

/**
 * Weighted mean of up to four joint transforms: what linear blend skinning applies to one vertex.
 * `influence` is the vertex's first entry in `skinJoints`/`skinWeights` (vertex * 4). Weights should sum to 1.
 */
export function blendTransforms(
  transforms: ArrayLike<number>,
  skinJoints: ArrayLike<number>,
  skinWeights: ArrayLike<number>,
  influence: number,
  out: Float64Array = new Float64Array(TRANSFORM_SIZE),
): Float64Array {
  out.fill(0);
  for (let slot = influence; slot < influence + 4; slot++) {
    const weight = skinWeights[slot];
    if (weight === 0) continue;
    const offset = skinJoints[slot] * TRANSFORM_SIZE;
    for (let k = 0; k < TRANSFORM_SIZE; k++) out[k] += weight * transforms[offset + k];
  }
  return out;
}

/** posed = transform * rest; `offset` picks one transform out of a list. */
export function posePoint(
  transform: ArrayLike<number>,
  offset: number,
  point: ArrayLike<number>,
  out: Float64Array = new Float64Array(3),
): Float64Array {
  const x = point[0];
  const y = point[1];
  const z = point[2];
  for (let row = 0; row < 3; row++) {
    const k = offset + row * 4;
    out[row] = transform[k] * x + transform[k + 1] * y + transform[k + 2] * z + transform[k + 3];
  }
  return out;
}

/**
 * The rest-space point that `transform` takes to `point`; works for single joints and for blended transforms
 * (which are affine, not rigid). Throws `internal.invariant` for a singular transform (opposite joints blended).
 */
export function unposePoint(
  transform: ArrayLike<number>,
  offset: number,
  point: ArrayLike<number>,
  out: Float64Array = new Float64Array(3),
): Float64Array {
  return posePoint(invertTransform(transform, offset, SCRATCH), 0, point, out);
}

/** Inverse of one affine 3x4 transform. Errors as `unposePoint`. */
export function invertTransform(
  transform: ArrayLike<number>,
  offset = 0,
  out: Float64Array = new Float64Array(TRANSFORM_SIZE),
): Float64Array {
  const m = (row: number, column: number): number => transform[offset + row * 4 + column];
  const c0 = m(1, 1) * m(2, 2) - m(1, 2) * m(2, 1);
  const c1 = m(1, 2) * m(2, 0) - m(1, 0) * m(2, 2);
  const c2 = m(1, 0) * m(2, 1) - m(1, 1) * m(2, 0);
  const determinant = m(0, 0) * c0 + m(0, 1) * c1 + m(0, 2) * c2;
  if (!(Math.abs(determinant) > 1e-12)) {
    throw new AppError(
      'internal.invariant',
      `Joint transform cannot be inverted (determinant ${determinant})`,
    );
  }
  const s = 1 / determinant;
  const tx = m(0, 3);
  const ty = m(1, 3);
  const tz = m(2, 3);
  const inverse = [
    c0 * s, (m(0, 2) * m(2, 1) - m(0, 1) * m(2, 2)) * s, (m(0, 1) * m(1, 2) - m(0, 2) * m(1, 1)) * s,
    c1 * s, (m(0, 0) * m(2, 2) - m(0, 2) * m(2, 0)) * s, (m(0, 2) * m(1, 0) - m(0, 0) * m(1, 2)) * s,
    c2 * s, (m(0, 1) * m(2, 0) - m(0, 0) * m(2, 1)) * s, (m(0, 0) * m(1, 1) - m(0, 1) * m(1, 0)) * s,
  ]; // prettier-ignore
  for (let row = 0; row < 3; row++) {
    const [a, b, c] = [inverse[row * 3], inverse[row * 3 + 1], inverse[row * 3 + 2]];
    out.set([a, b, c, -(a * tx + b * ty + c * tz)], row * 4);
  }
  return out;
}

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
const SCRATCH = new Float64Array(TRANSFORM_SIZE);
const ROTATION = new Float64Array(9);

/** transform *= turn about `pivot` (rest space), in place. */
function turnAbout(
  out: Float64Array,
  offset: number,
  pivot: readonly [number, number, number],
  euler: EulerRotation,
): void {
  if (euler.yaw === 0 && euler.pitch === 0 && euler.roll === 0) return;
  const r = rotationFromEuler(euler, ROTATION);
  const shift = [0, 1, 2].map(
    (row) => pivot[row] - r[row * 3] * pivot[0] - r[row * 3 + 1] * pivot[1] - r[row * 3 + 2] * pivot[2],
  );
  for (let row = 0; row < 3; row++) {
    const k = offset + row * 4;
    const [a, b, c] = [out[k], out[k + 1], out[k + 2]];
    out[k + 3] += a * shift[0] + b * shift[1] + c * shift[2];
    out[k] = a * r[0] + b * r[3] + c * r[6];
    out[k + 1] = a * r[1] + b * r[4] + c * r[7];
    out[k + 2] = a * r[2] + b * r[5] + c * r[8];
  }
}
