import type { HeadModel } from '#common/head/headModel';
import type { AvatarTopology } from '#common/synthetic/restyle/avatarTopology';

const EAR = 0.4;

/** Triangles of the model's ears that the avatar does not have: looks that reshape ears need them outside the shell. */
export function earRegionTriangles(model: HeadModel, { avatarVertex }: AvatarTopology): number[] {
  const skin = model.parts[0];
  const { ears } = model.regions;
  const out: number[] = [];
  for (let k = skin.firstIndex; k < skin.firstIndex + skin.indexCount; k += 3) {
    const corners = [...model.indices.subarray(k, k + 3)];
    if (corners.some((v) => avatarVertex[v] < 0) && corners.every((v) => ears[v] > EAR)) out.push(...corners);
  }
  return out;
}
