import type { HeadModel } from '#common/head/headModel';
import type { AvatarGeometry } from '#common/rig/avatarGeometry';
import type { DomainRecipe } from '#common/synthetic/domains/domainRecipe';
import { createCanonicalWarp } from '#common/synthetic/domains/warp/canonicalWarp';
import { warpField, warpGeometry } from '#common/synthetic/domains/warp/warpGeometry';

/**
 * A fitted avatar in a domain's proportions: rest, morphs, correctives and joints; charts and topology stay. The shell
 * does not follow ears. Props, outlines and cubes are not part of it (see `applyDomain`).
 *
 * @param canonical from `avatarCanonical`
 */
export function restyleGeometry(
  geometry: AvatarGeometry,
  canonical: Float32Array,
  { warps, individuality }: DomainRecipe,
  model: HeadModel,
): AvatarGeometry {
  const warp = createCanonicalWarp(warps);
  const shellWarp = createCanonicalWarp(warps.filter(({ kind }) => kind !== 'ears' && kind !== 'noEars'));
  const field = warpField(canonical, warp);
  for (const part of geometry.parts) {
    if (part.name !== 'shell') continue;
    const from = part.firstVertex;
    const own = warpField(canonical.subarray(from * 3, (from + part.vertexCount) * 3), shellWarp);
    field.maps.set(own.maps, from * 12);
  }
  const positions = geometry.positions.map(
    (value, k) => canonical[k] + individuality * (value - canonical[k]),
  );
  const joints = geometry.joints.map(({ name, position }) => {
    const mean = model.joints.find((joint) => joint.name === name);
    return mean === undefined ? position : mean.position;
  });
  return warpGeometry({ ...geometry, positions }, field, warp, joints);
}
