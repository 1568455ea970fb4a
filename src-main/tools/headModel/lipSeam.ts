import type { HeadLayout } from './headLayout';
import { curveThrough, type Curve } from './openingCurves';

/** The line where the lips meet, on the mean head, model space; everything over |x|. */
export interface LipSeam {
  /** y of the lips' edges. */
  readonly upperEdge: Curve;
  readonly lowerEdge: Curve;
  /** |x| of the corners. */
  readonly corner: number;
  /** 1 for vertices that go with the jaw, 0 for those that stay, per vertex of skin and mouth cavity. */
  readonly isLower: Uint8Array;
  /** The edges' vertices: they must touch when the mouth is shut. */
  readonly upperVertices: readonly number[];
  readonly lowerVertices: readonly number[];
}

/** Metres around the rim within which a vertex can be a lip's edge. */
const EDGE_REACH = 0.014;
/** Share of the lower lip's drop from which on a vertex belongs to the lower lip. */
const LOWER_SHARE = 0.5;
const BINS = 16;

/**
 * Finds the lips' edges: per stretch of |x| the lowest vertex of the upper and the highest of the lower lip
 * near the rim where skin and mouth cavity join. Heights cannot tell the lips apart (they overlap where they
 * touch), the jaw can: `jawOpen` moves one and not the other.
 */
export function findLipSeam(layout: HeadLayout, template: Float64Array, jawOpen: Float64Array): LipSeam {
  const rim = rimVertices(layout);
  const corner = Math.max(...rim.map((v) => Math.abs(template[v * 3])));
  const drop = dropOverX(rim, template, jawOpen);
  const count = layout.parts[0].vertexCount + layout.parts[1].vertexCount;
  const isLower = new Uint8Array(count);
  for (let v = 0; v < count; v++)
    isLower[v] = jawOpen[v * 3 + 1] < LOWER_SHARE * drop.at(Math.abs(template[v * 3])) ? 1 : 0;
  const rimY = curveThrough(
    rim.map((v) => [Math.abs(template[v * 3]), template[v * 3 + 1]] as const),
    corner / BINS,
  );
  const rimZ = curveThrough(
    rim.map((v) => [Math.abs(template[v * 3]), template[v * 3 + 2]] as const),
    corner / BINS,
  );
  const edges = [new Map<number, number>(), new Map<number, number>()];
  for (let v = 0; v < layout.parts[0].vertexCount; v++) {
    const x = Math.abs(template[v * 3]);
    const y = template[v * 3 + 1];
    if (x > corner || Math.hypot(y - rimY.at(x), template[v * 3 + 2] - rimZ.at(x)) > EDGE_REACH) continue;
    const bin = Math.min(BINS - 1, Math.floor((x / corner) * BINS));
    const best = edges[isLower[v]].get(bin);
    const sign = isLower[v] ? 1 : -1;
    if (best === undefined || sign * (y - template[best * 3 + 1]) > 0) edges[isLower[v]].set(bin, v);
  }
  const end: [number, number] = [corner, rimY.at(corner)];
  const [upperVertices, lowerVertices] = edges.map((edge) => [...edge.values()]);
  const edge = (vertices: readonly number[]): Curve =>
    curveThrough(
      [...vertices.map((v) => [Math.abs(template[v * 3]), template[v * 3 + 1]] as const), end],
      0.0004,
    );
  return {
    upperEdge: edge(upperVertices),
    lowerEdge: edge(lowerVertices),
    corner,
    isLower,
    upperVertices,
    lowerVertices,
  };
}

/** Skin vertices that the mouth cavity shares. */
function rimVertices(layout: HeadLayout): number[] {
  const cavity = layout.parts.find(({ name }) => name === 'mouthCavity')!;
  const rim = new Set<number>();
  for (let v = cavity.firstVertex; v < cavity.firstVertex + cavity.vertexCount; v++)
    if (layout.weld[v] !== v) rim.add(layout.weld[v]);
  return [...rim];
}

/** y displacement of the most moved rim vertex per stretch of |x|, falling to the corner's own. */
function dropOverX(rim: readonly number[], template: Float64Array, jawOpen: Float64Array): Curve {
  const byX = [...rim].sort((a, b) => Math.abs(template[a * 3]) - Math.abs(template[b * 3]));
  const points: [number, number][] = [];
  const stretch = 6;
  for (let i = 0; i < byX.length; i += stretch) {
    const some = byX.slice(i, i + stretch);
    const mean = some.reduce((sum, v) => sum + Math.abs(template[v * 3]), 0) / some.length;
    points.push([mean, Math.min(...some.map((v) => jawOpen[v * 3 + 1]))]);
  }
  return curveThrough(points, 0);
}
