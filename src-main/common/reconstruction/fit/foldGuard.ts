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
  const all = Uint32Array.from({ length: topology.triangles.length / 3 }, (_, t) => t * 3);
  let suspects = all;
  let before = 0;
  let after = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    const count = markFolds(topology, { positions, displacement, suspects }, folded);
    if (round === 0) before = count;
    after = count;
    if (count === 0 || round === ROUNDS) break;
    const region = withNeighbours(topology, folded);
    smooth(topology, displacement, region);
    suspects = all.filter((t) => [0, 1, 2].some((corner) => region.has(topology.triangles[t + corner])));
  }
  return { before, after };
}

interface FoldSearch {
  readonly positions: Float32Array;
  readonly displacement: Float64Array;
  /** First corners of the triangles to look at. */
  readonly suspects: Uint32Array;
}

/** Adds the corners of folded triangles to `folded` (vertices stay marked, so neighbours relax with them). */
function markFolds(topology: HeadTopology, search: FoldSearch, folded: Set<number>): number {
  const { triangles } = topology;
  const { positions, displacement, suspects } = search;
  const rest = new Float64Array(9);
  const moved = new Float64Array(9);
  let count = 0;
  for (const t of suspects) {
    for (let corner = 0; corner < 3; corner++) {
      const k = triangles[t + corner] * 3;
      for (let axis = 0; axis < 3; axis++) {
        rest[corner * 3 + axis] = positions[k + axis];
        moved[corner * 3 + axis] = positions[k + axis] + displacement[k + axis];
      }
    }
    if (turnCosine(rest, moved) >= FOLD_COSINE) continue;
    count++;
    for (let corner = 0; corner < 3; corner++) folded.add(triangles[t + corner]);
  }
  return count;
}

/** Cosine between the normals of two triangles of nine coordinates; 1 where one has no area. */
function turnCosine(a: Float64Array, b: Float64Array): number {
  let dot = 0;
  let squareA = 0;
  let squareB = 0;
  for (let axis = 0; axis < 3; axis++) {
    const na = normalPart(a, axis);
    const nb = normalPart(b, axis);
    dot += na * nb;
    squareA += na * na;
    squareB += nb * nb;
  }
  const size = Math.sqrt(squareA * squareB);
  return size > 0 ? dot / size : 1;
}

function normalPart(p: Float64Array, axis: number): number {
  const i = (axis + 1) % 3;
  const j = (axis + 2) % 3;
  return (p[3 + i] - p[i]) * (p[6 + j] - p[j]) - (p[3 + j] - p[j]) * (p[6 + i] - p[i]);
}

function withNeighbours(topology: HeadTopology, marked: Set<number>): Set<number> {
  const { firstNeighbour, neighbours } = topology;
  const region = new Set<number>(marked);
  for (const vertex of marked) {
    for (let k = firstNeighbour[vertex]; k < firstNeighbour[vertex + 1]; k++) region.add(neighbours[k]);
  }
  return region;
}

/** One Jacobi round of averaging the displacement over a region. */
function smooth(topology: HeadTopology, displacement: Float64Array, region: Set<number>): void {
  const { firstNeighbour, neighbours } = topology;
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
