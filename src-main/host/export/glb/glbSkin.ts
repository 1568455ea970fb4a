import type { AvatarGeometry } from '#common/rig/avatarGeometry';

/** Vertex influences as glTF wants them. */
export interface GlbSkin {
  readonly joints: Uint8Array;
  readonly weights: Float32Array;
}

/**
 * Four influences per vertex: weights that sum to 1, no joint named twice, joint 0 where the weight is zero
 * (all three are errors or warnings otherwise). A vertex without weights hangs on the root.
 */
export function glbSkin({
  skinJoints,
  skinWeights,
}: Pick<AvatarGeometry, 'skinJoints' | 'skinWeights'>): GlbSkin {
  const joints = new Uint8Array(skinJoints.length);
  const weights = new Float32Array(skinWeights.length);
  for (let first = 0; first < skinJoints.length; first += 4) {
    let used = 0;
    let total = 0;
    for (let slot = first; slot < first + 4; slot++) {
      const weight = skinWeights[slot];
      if (!(weight > 0)) continue;
      let to = first;
      while (to < first + used && joints[to] !== skinJoints[slot]) to++;
      if (to === first + used) used++;
      joints[to] = skinJoints[slot];
      weights[to] += weight;
      total += weight;
    }
    if (total === 0) weights[first] = 1;
    else for (let slot = first; slot < first + used; slot++) weights[slot] /= total;
  }
  return { joints, weights };
}
