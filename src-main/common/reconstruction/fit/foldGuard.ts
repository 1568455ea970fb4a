import type { HeadTopology } from '#common/reconstruction/fit/headTopology';

const ROUNDS = 40;

/** A triangle counts as folded when its normal turns by more than this (cosine) against the undeformed one. */
const FOLD_COSINE = -0.25;

/**
 * Finds skin triangles that a displacement turns over and smooths the displacement around them until they
 * lie right again (or the rounds run out). Works in place on `displacement`.
 *
 * @param positions undeformed vertices, vertexCount * 3; `displacement` likewise, filled at welded vertices.
 * @returns the number of triangles folded before and after.
 */
export function dampFolds(
  topology: HeadTopology,
  positions: Float32Array,
  displacement: Float64Array,
): { before: number; after: number } {
  const folded = new Set<number>();
  let before = 0;
  let after = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    const count = markFolds(topology, positions, displacement, folded);
    if (round === 0) before = count;
    after = count;
    if (count === 0 || round === ROUNDS) break;
    smooth(topology, displacement, folded);
  }
  return { before, after };
}

/** Adds the corners of folded triangles to `folded` (vertices stay marked, so neighbours relax with them). */
function markFolds(
  topology: HeadTopology,
  positions: Float32Array,
  displacement: Float64Array,
  folded: Set<number>,
): number {
  const { triangles } = topology;
  const rest = new Float64Array(3);
  const moved = new Float64Array(3);
  let count = 0;
  for (let t = 0; t < triangles.length; t += 3) {
    triangleNormal(triangles, t, positions, undefined, rest);
    triangleNormal(triangles, t, positions, displacement, moved);
    const size = Math.hypot(rest[0], rest[1], rest[2]) * Math.hypot(moved[0], moved[1], moved[2]);
    const cosine = (rest[0] * moved[0] + rest[1] * moved[1] + rest[2] * moved[2]) / (size || 1);
    if (size === 0 || cosine >= FOLD_COSINE) continue;
    count++;
    for (let corner = 0; corner < 3; corner++) folded.add(triangles[t + corner]);
  }
  return count;
}

function triangleNormal(
  triangles: Uint32Array,
  t: number,
  positions: Float32Array,
  displacement: Float64Array | undefined,
  out: Float64Array,
): void {
  const at = (corner: number, axis: number): number => {
    const k = triangles[t + corner] * 3 + axis;
    return positions[k] + (displacement ? displacement[k] : 0);
  };
  for (let axis = 0; axis < 3; axis++) {
    const i = (axis + 1) % 3;
    const j = (axis + 2) % 3;
    out[axis] = (at(1, i) - at(0, i)) * (at(2, j) - at(0, j)) - (at(1, j) - at(0, j)) * (at(2, i) - at(0, i));
  }
}

/** One Jacobi round of averaging the displacement of the marked vertices and their neighbours. */
function smooth(topology: HeadTopology, displacement: Float64Array, marked: Set<number>): void {
  const { firstNeighbour, neighbours } = topology;
  const region = new Set<number>(marked);
  for (const vertex of marked) {
    for (let k = firstNeighbour[vertex]; k < firstNeighbour[vertex + 1]; k++) region.add(neighbours[k]);
  }
  const updates: [number, number, number, number][] = [];
  for (const vertex of region) {
    const first = firstNeighbour[vertex];
    const last = firstNeighbour[vertex + 1];
    if (last === first) continue;
    const mean = [0, 0, 0];
    for (let k = first; k < last; k++) {
      for (let axis = 0; axis < 3; axis++)
        mean[axis] += displacement[neighbours[k] * 3 + axis] / (last - first);
    }
    updates.push([vertex, mean[0], mean[1], mean[2]]);
  }
  for (const [vertex, ...mean] of updates) {
    for (let axis = 0; axis < 3; axis++) {
      const k = vertex * 3 + axis;
      displacement[k] += 0.6 * (mean[axis] - displacement[k]);
    }
  }
}
