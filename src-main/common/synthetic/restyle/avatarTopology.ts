import { AppError } from '#common/contract/errors';
import type { HeadModel } from '#common/head/headModel';
import { splitFaceZone } from '#common/reconstruction/shell/faceZone';
import type { AvatarGeometry, AvatarPart } from '#common/rig/avatarGeometry';

/** Charts of the head lie in the left half of the atlas. */
const HEAD_CHART_WIDTH = 0.5;
const UV_TOLERANCE = 1e-4;

/** Which vertex of the head model each vertex of a fitted avatar is. */
export interface AvatarTopology {
  /** The avatar's vertex of each vertex of the model, -1 where the shell stands for it. */
  readonly avatarVertex: Int32Array;
  /** Per part of the model: the triangles that the avatar has, vertices of the model. */
  readonly keptTriangles: readonly Uint32Array[];
  readonly shell: AvatarPart | undefined;
}

/**
 * Finds the head model again in an avatar that was assembled from it (`assembleGeometry` numbers vertices in the order in
 * which the kept triangles name them).
 *
 * @throws AppError `input.badOption` where the avatar was not made from this model, or was restyled before
 */
export function matchTopology(geometry: AvatarGeometry, model: HeadModel): AvatarTopology {
  const replaced = triangleKeys(splitFaceZone(model).replaced);
  const avatarVertex = new Int32Array(model.vertexCount).fill(-1);
  const keptTriangles: Uint32Array[] = [];
  let next = 0;
  for (const part of model.parts) {
    const triangles: number[] = [];
    for (let i = part.firstIndex; i < part.firstIndex + part.indexCount; i += 3) {
      const corners = model.indices.subarray(i, i + 3);
      if (replaced.has(corners.join())) continue;
      for (const corner of corners) if (avatarVertex[corner] < 0) avatarVertex[corner] = next++;
      triangles.push(...corners);
    }
    keptTriangles.push(Uint32Array.from(triangles));
  }
  const extra = geometry.parts.slice(model.parts.length);
  const shell = extra.find(({ name }) => name === 'shell');
  const isOurs =
    extra.every(({ name }) => name === 'shell') &&
    next + (shell?.vertexCount ?? 0) === geometry.positions.length / 3 &&
    hasChartsOf(geometry, model, avatarVertex);
  if (isOurs) return { avatarVertex, keptTriangles, shell };
  throw new AppError(
    'input.badOption',
    'This avatar cannot take a look: its mesh is not that of a fitted head. Make it from a portrait again, ' +
      'or choose the avatar that it was restyled from.',
  );
}

function triangleKeys(triangles: Uint32Array): Set<string> {
  const keys = new Set<string>();
  for (let i = 0; i < triangles.length; i += 3) keys.add(triangles.subarray(i, i + 3).join());
  return keys;
}

function hasChartsOf(geometry: AvatarGeometry, model: HeadModel, avatarVertex: Int32Array): boolean {
  for (let v = 0; v < avatarVertex.length; v++) {
    const own = avatarVertex[v];
    if (own < 0) continue;
    const du = geometry.uvs[own * 2] - model.uvs[v * 2] * HEAD_CHART_WIDTH;
    const dv = geometry.uvs[own * 2 + 1] - model.uvs[v * 2 + 1];
    if (!(Math.abs(du) < UV_TOLERANCE && Math.abs(dv) < UV_TOLERANCE)) return false;
  }
  return true;
}
