import { smoothStep } from '#common/math/smoothStep';
import { vertexNormals } from '#common/raster/shading/vertexNormals';
import { VertexGrid } from '#common/reconstruction/shell/vertexGrid';

/** Surface farther than this (metres) from the mirror image of the seen side is something of its own: a hat, loose hair. */
const REACH = 0.03;
const SURELY = 0.018;

/**
 * Lays the hidden half's edge-on strips, in place, onto the mirror image of the seen half: seen edge on, their depth is
 * a guess, and next to the far cheek they would stand beside it as fins.
 *
 * @param positions rest pose, metres.
 * @param indices triangles, counter-clockwise from outside.
 * @param lenders vertices of the seen half.
 * @param strength per vertex how much of the way it goes, [0, 1]; 0 for the seen half.
 */
export function followSeenSide(
  positions: Float32Array,
  indices: Uint32Array,
  lenders: Uint32Array,
  strength: Float32Array,
): void {
  if (lenders.length === 0) return;
  const normals = vertexNormals({ positions, indices });
  const seen = positions.slice();
  const mirrored = positions.map((value, k) => (k % 3 === 0 ? -value : value));
  const grid = new VertexGrid(seen, lenders);
  for (let vertex = 0; vertex < strength.length; vertex++) {
    if (strength[vertex] === 0) continue;
    const hit = grid.nearest(mirrored, vertex, REACH);
    if (hit.vertex < 0) continue;
    const k = hit.vertex * 3;
    let height = 0;
    for (let axis = 0; axis < 3; axis++) {
      height += (mirrored[vertex * 3 + axis] - seen[k + axis]) * normals[k + axis];
    }
    const share = strength[vertex] * smoothStep(REACH, SURELY, hit.distance);
    for (let axis = 0; axis < 3; axis++) {
      const sign = axis === 0 ? -1 : 1;
      positions[vertex * 3 + axis] -= share * sign * height * normals[k + axis];
    }
  }
}
