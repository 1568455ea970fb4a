import {
  alongOpening,
  interpolateMargin,
  type Margin,
  type Opening,
} from '#common/rig/transfer/openingMargins';
import { edgeDistances, type WeldedMesh } from '#common/rig/transfer/weldedMesh';

/** Vertices that follow one margin: where along it, and how much (1 at the margin, 0 at the reach). */
interface Followers {
  readonly vertices: Uint32Array;
  readonly along: Float64Array;
  readonly weights: Float32Array;
}

/** Who follows which margin of an opening; depends on the rest shape only. */
export interface ClosingField {
  readonly upper: Followers;
  readonly lower: Followers;
}

export interface Closing {
  readonly opening: Opening;
  readonly field: ClosingField;
  /** Where the margins are now, three floats per margin vertex (`marginPoints`). */
  readonly upperNow: Float64Array;
  readonly lowerNow: Float64Array;
  /** Wanted upper minus lower point, three floats per vertex of the upper margin. */
  readonly offset: Float64Array;
  /** Part of the way the upper margin goes, the lower one goes the rest. */
  readonly upperShare: number;
}

/**
 * Shares the skin around an opening between its two margins by the nearer way along the surface, so that nothing
 * jumps across the gap; the influence falls off smoothly to nothing at `reach` metres.
 */
export function closingField(
  mesh: WeldedMesh,
  neutral: Float32Array,
  opening: Opening,
  reach: number,
): ClosingField {
  const upper = edgeDistances(mesh, neutral, opening.upper.vertices, reach).distance;
  const lower = edgeDistances(mesh, neutral, opening.lower.vertices, reach).distance;
  const followers = (own: Float64Array, other: Float64Array): Followers => {
    const vertices = mesh.representatives.filter((v) => own[v] < reach && own[v] <= other[v]);
    return {
      vertices,
      along: Float64Array.from(vertices, (v) => alongOpening(opening, neutral, v)),
      weights: Float32Array.from(vertices, (v) => (1 - (own[v] / reach) ** 2) ** 2),
    };
  };
  return { upper: followers(upper, lower), lower: followers(lower, upper) };
}

/** Changes `delta` so that both margins meet at the wanted offset; exact at the margins' vertices. */
export function closeOpening(closing: Closing, delta: Float32Array): void {
  const { opening, field, upperNow, lowerNow, offset, upperShare } = closing;
  const count = opening.upper.vertices.length;
  const gaps = new Float64Array(count * 3);
  const point = new Float64Array(3);
  for (let i = 0; i < count; i++) {
    interpolateMargin(opening.lower, lowerNow, opening.upper.along[i], point);
    for (let c = 0; c < 3; c++) gaps[i * 3 + c] = point[c] + offset[i * 3 + c] - upperNow[i * 3 + c];
  }
  const add = (followers: Followers, share: number): void => {
    followers.vertices.forEach((v, k) => {
      interpolateMargin(opening.upper, gaps, followers.along[k], point);
      for (let c = 0; c < 3; c++) delta[v * 3 + c] += share * followers.weights[k] * point[c];
    });
  };
  if (upperShare > 0) add(field.upper, upperShare);
  if (upperShare < 1) add(field.lower, upperShare - 1);
}

/** Positions of a margin's vertices with some displacements added, three floats each. */
export function marginPoints(
  margin: Margin,
  neutral: Float32Array,
  displacements: readonly Float32Array[],
): Float64Array {
  const points = new Float64Array(margin.vertices.length * 3);
  margin.vertices.forEach((v, i) => {
    for (let c = 0; c < 3; c++) {
      points[i * 3 + c] = displacements.reduce((sum, delta) => sum + delta[v * 3 + c], neutral[v * 3 + c]);
    }
  });
  return points;
}
