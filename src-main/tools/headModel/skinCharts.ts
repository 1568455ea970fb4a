import { ISLAND, type SourceMesh } from './sourceMesh';

/** Texture charts of the skin (and the mouth's), in atlas order. */
export const SKIN_CHARTS = [
  'face',
  'scalp',
  'neckFront',
  'neckBack',
  'earLeft',
  'earRight',
  'mouth',
] as const;
export type SkinChart = (typeof SKIN_CHARTS)[number];

/** Quads of the head with the chart each belongs to. */
export interface ChartedQuads {
  readonly quads: Uint32Array;
  readonly charts: Uint8Array;
}

/** Eye level and ear front of the source's base mesh, decimetres. */
const EYE_LEVEL = 7.284;
const EAR_FRONT_Z = 0.6;

/**
 * Cuts the head out of the body (everything above the shoulder line; the bags behind the eyes dropped: the
 * lids' inner edge already lies inside the eyeballs) and sorts its quads into charts, each one disk.
 */
export function chartSkin(mesh: SourceMesh, isEar: (vertex: number) => boolean): ChartedQuads {
  const quads: number[] = [];
  const charts: number[] = [];
  for (let q = 0; q < mesh.bodyIslands.length; q++) {
    const corners = Array.from(mesh.bodyQuads.subarray(q * 4, q * 4 + 4));
    if (mesh.bodyIslands[q] === ISLAND.socket || !corners.every((v) => mesh.kept[v])) continue;
    quads.push(...corners);
    charts.push(SKIN_CHARTS.indexOf(chartOf(mesh, corners, mesh.bodyIslands[q] === ISLAND.mouth, isEar)));
  }
  const result = { quads: Uint32Array.from(quads), charts: Uint8Array.from(charts) };
  for (let pass = 0; pass < 6; pass++) {
    dissolveSplinters(result);
    smoothBorders(result);
  }
  dissolveSplinters(result);
  return result;
}

function chartOf(
  mesh: SourceMesh,
  corners: readonly number[],
  isMouth: boolean,
  isEar: (vertex: number) => boolean,
): SkinChart {
  if (isMouth) return 'mouth';
  const mean = [0, 1, 2].map((c) => corners.reduce((sum, v) => sum + mesh.positions[v * 3 + c] / 4, 0));
  const [x, y, z] = mean;
  if (corners.filter(isEar).length >= 3) return x > 0 ? 'earLeft' : 'earRight';
  const elevation = Math.atan2(y - EYE_LEVEL, z - 0.55);
  const jawLine = z < 1.05 ? 6.42 - 0.62 * (z - EAR_FRONT_Z) : 6.0;
  const neckTop = z > 0.55 ? jawLine : 6.42 + 0.25 * (0.55 - z);
  if (y > jawLine && z > EAR_FRONT_Z && elevation < 0.93) return 'face';
  if (y > neckTop) return 'scalp';
  const ridge = y > 5.9 ? 0.07 + ((y - 5.9) / 0.72) * 0.27 : 0.07 - ((5.9 - y) / 1.5) * 0.1;
  return z > ridge ? 'neckFront' : 'neckBack';
}

/** Edge -> the quads on it. */
function edgeMap(quads: Uint32Array): Map<number, number[]> {
  const edges = new Map<number, number[]>();
  for (let q = 0; q < quads.length / 4; q++)
    for (let k = 0; k < 4; k++) {
      const a = quads[q * 4 + k];
      const b = quads[q * 4 + ((k + 1) % 4)];
      const key = Math.min(a, b) * 65536 + Math.max(a, b);
      const list = edges.get(key);
      if (list === undefined) edges.set(key, [q]);
      else list.push(q);
    }
  return edges;
}

/** Quads of a chart's smaller pieces join the neighbour they touch most. */
function dissolveSplinters({ quads, charts }: ChartedQuads): void {
  const edges = edgeMap(quads);
  const neighbours = quadNeighbours(quads.length / 4, edges);
  const label = new Int32Array(charts.length).fill(-1);
  const pieces: number[][] = [];
  for (let q = 0; q < charts.length; q++) {
    if (label[q] >= 0) continue;
    const piece = [q];
    label[q] = pieces.length;
    for (const at of piece)
      for (const n of neighbours[at])
        if (label[n] < 0 && charts[n] === charts[q]) {
          label[n] = pieces.length;
          piece.push(n);
        }
    pieces.push(piece);
  }
  for (const [chart] of SKIN_CHARTS.entries()) {
    const own = pieces.filter((piece) => charts[piece[0]] === chart).sort((a, b) => b.length - a.length);
    for (const piece of own.slice(1))
      for (const q of piece) charts[q] = majority(charts, neighbours[q], chart);
  }
}

function majority(charts: Uint8Array, neighbours: readonly number[], own: number): number {
  const counts = new Map<number, number>();
  for (const n of neighbours) if (charts[n] !== own) counts.set(charts[n], (counts.get(charts[n]) ?? 0) + 1);
  const best = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0];
  return best === undefined ? own : best[0];
}

/** A quad with three of four edges in another chart is a tooth of the border: it changes sides. */
function smoothBorders({ quads, charts }: ChartedQuads): void {
  const neighbours = quadNeighbours(quads.length / 4, edgeMap(quads));
  const mouth = SKIN_CHARTS.indexOf('mouth');
  const before = charts.slice();
  for (let q = 0; q < charts.length; q++) {
    if (before[q] === mouth) continue;
    const outside = neighbours[q].filter((n) => before[n] !== before[q] && before[n] !== mouth);
    if (outside.length >= 3) charts[q] = majority(before, outside, before[q]);
  }
}

function quadNeighbours(count: number, edges: Map<number, number[]>): number[][] {
  const neighbours: number[][] = Array.from({ length: count }, () => []);
  for (const [a, b] of edges.values())
    if (b !== undefined) {
      neighbours[a].push(b);
      neighbours[b].push(a);
    }
  return neighbours;
}
