import { TRANSFORM_SIZE } from '#common/rig/jointTransforms';

/** Joints that carry pieces, in the order of their shares. */
export const CARRYING_JOINTS = ['root', 'neck', 'head'] as const;

/**
 * Linear blend of root, neck and head for stiff pieces; the root is taken to stand still, as RigPose says.
 *
 * @param shares three a vertex, summing to one.
 * @param transforms of all joints, see jointTransforms; `joints` are the indices of CARRYING_JOINTS in it.
 */
export function carryByJoints(
  rest: Float32Array,
  shares: Float32Array,
  transforms: Float64Array,
  joints: readonly number[],
): Float32Array {
  const out = new Float32Array(rest.length);
  const matrix = new Float64Array(TRANSFORM_SIZE);
  const [root, neck, head] = joints.map((joint) => joint * TRANSFORM_SIZE);
  let lastNeck = Number.NaN;
  let lastHead = Number.NaN;
  for (let v = 0; v < rest.length / 3; v++) {
    const ofNeck = shares[v * 3 + 1];
    const ofHead = shares[v * 3 + 2];
    // Most neighbours share their shares: hats and glasses are wholly the head's.
    if (ofNeck !== lastNeck || ofHead !== lastHead) {
      const ofRoot = 1 - ofNeck - ofHead;
      for (let k = 0; k < TRANSFORM_SIZE; k++)
        matrix[k] =
          ofRoot * transforms[root + k] + ofNeck * transforms[neck + k] + ofHead * transforms[head + k];
      lastNeck = ofNeck;
      lastHead = ofHead;
    }
    const x = rest[v * 3];
    const y = rest[v * 3 + 1];
    const z = rest[v * 3 + 2];
    out[v * 3] = matrix[0] * x + matrix[1] * y + matrix[2] * z + matrix[3];
    out[v * 3 + 1] = matrix[4] * x + matrix[5] * y + matrix[6] * z + matrix[7];
    out[v * 3 + 2] = matrix[8] * x + matrix[9] * y + matrix[10] * z + matrix[11];
  }
  return out;
}

/** Shares for a piece that is wholly the head's. */
export function wholeHeadShares(vertexCount: number): Float32Array {
  const shares = new Float32Array(vertexCount * 3);
  for (let v = 0; v < vertexCount; v++) shares[v * 3 + 2] = 1;
  return shares;
}
