import type { HeadModel } from '#common/head/headModel';
import { norm } from '#common/math/portableMath';

/** Rings counted; skin further out has this number. */
export const MOST_RINGS = 12;
/** Skin edges without a neighbour this near to an eye's centre (metres) are that eye's opening. */
const NEAR_EYE = 0.03;

/** Ring of a landmark-independent part of the lid, see `lidRings`. */
export const LID_RING = {
  /** Where the tracker's lid points lie: the rim's inner edge. */
  margin: 1,
  /** Outer edge of the rim, where lashes grow and where closed lids meet. */
  edge: 3,
} as const;

/**
 * How many vertices lie between skin and the eyes' openings, per model vertex: 0 at the openings' hidden edge in the
 * socket, 1 at the margin, 3 at the rim's outer edge, growing over the lid. Topology, so the same for everybody.
 */
export function lidRings(model: HeadModel): Float32Array {
  const skin = model.parts.find(({ name }) => name === 'skin');
  const rings = new Float32Array(model.vertexCount).fill(MOST_RINGS);
  if (skin === undefined) return rings;
  const triangles = model.indices
    .slice(skin.firstIndex, skin.firstIndex + skin.indexCount)
    .map((vertex) => model.weld[vertex]);
  for (const vertex of openingEdge(model, triangles)) rings[vertex] = 0;
  for (let ring = 1; ring < MOST_RINGS; ring++) {
    for (let at = 0; at < triangles.length; at += 3) {
      const corners = [triangles[at], triangles[at + 1], triangles[at + 2]];
      if (!corners.some((vertex) => rings[vertex] === ring - 1)) continue;
      for (const vertex of corners) rings[vertex] = Math.min(rings[vertex], ring);
    }
  }
  for (let vertex = 0; vertex < model.vertexCount; vertex++) rings[vertex] = rings[model.weld[vertex]];
  return rings;
}

/** Vertices of skin edges with one triangle only, near an eye. */
function openingEdge(model: HeadModel, triangles: Uint32Array): Set<number> {
  const eyes = model.joints.filter(({ name }) => name === 'eyeLeft' || name === 'eyeRight');
  const isNear = (vertex: number): boolean =>
    eyes.some(
      ({ position }) =>
        norm(position.map((value, axis) => model.template[vertex * 3 + axis] - value)) < NEAR_EYE,
    );
  const open = new Set<number>();
  for (let at = 0; at < triangles.length; at += 3) {
    for (let k = 0; k < 3; k++) {
      const [a, b] = [triangles[at + k], triangles[at + ((k + 1) % 3)]];
      if (!isNear(a) || !isNear(b)) continue;
      const key = Math.min(a, b) * model.vertexCount + Math.max(a, b);
      if (!open.delete(key)) open.add(key);
    }
  }
  const vertices = new Set<number>();
  for (const key of open) {
    vertices.add(Math.floor(key / model.vertexCount));
    vertices.add(key % model.vertexCount);
  }
  return vertices;
}
