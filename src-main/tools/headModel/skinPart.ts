import { ATLAS } from './atlasLayout';
import { embedChart } from './embedChart';
import type { LayoutPart } from './layoutPart';
import { boundaryLoops } from './meshLoops';
import { chartSkin, SKIN_CHARTS, type ChartedQuads, type SkinChart } from './skinCharts';
import { TONGUE_RANGE, type SourceMesh } from './sourceMesh';
import type { SparseField } from './sourceTargets';

/** A layout part whose vertices are source vertices, split where charts meet. */
export interface SkinLayoutPart extends LayoutPart {
  /** Source vertex of each vertex. */
  readonly sourceVertices: Uint32Array;
  /** Index in SKIN_CHARTS of each vertex. */
  readonly charts: Uint8Array;
}

interface Chart {
  readonly vertices: Uint32Array;
  readonly triangles: Uint32Array;
  readonly uv: Float64Array;
}

const MIRRORED: Partial<Record<SkinChart, SkinChart>> = { earLeft: 'earRight', earRight: 'earLeft' };
/** Rounding of the charts' corners, fraction of the shorter side. */
const CORNER = 0.2;

/** A vertex is of the ear when the slider that swings the ear out moves it by a twentieth of its reach. */
const EAR_SHARE = 0.05;

export function earMask(count: number, swings: readonly SparseField[]): Uint8Array {
  const mask = new Uint8Array(count);
  for (const { vertices, deltas } of swings) {
    const reach = Array.from(vertices, (_, i) =>
      Math.hypot(deltas[i * 3], deltas[i * 3 + 1], deltas[i * 3 + 2]),
    );
    const most = Math.max(...reach);
    vertices.forEach((v, i) => {
      if (reach[i] > EAR_SHARE * most) mask[v] = 1;
    });
  }
  return mask;
}

/** The skin (five charts and two ears) and the mouth's inside, laid flat. `importance` is per source vertex. */
export function skinParts(
  mesh: SourceMesh,
  ears: Uint8Array,
  importance: Float64Array,
): { skin: SkinLayoutPart; mouthCavity: SkinLayoutPart } {
  const charted = chartSkin(mesh, (v) => ears[v] === 1);
  const charts = new Map<SkinChart, Chart>();
  for (const name of SKIN_CHARTS) {
    const twin = name === 'earRight' ? charts.get('earLeft') : undefined;
    charts.set(
      name,
      twin === undefined ? layChart(mesh, charted, name, importance) : mirrorChart(mesh, twin),
    );
  }
  const skinCharts = SKIN_CHARTS.filter((name) => name !== 'mouth');
  return {
    skin: joinCharts(mesh, 'skin', skinCharts, charts),
    mouthCavity: joinCharts(mesh, 'mouthCavity', ['mouth'], charts),
  };
}

/** The tongue, opened at its hidden root so that it lies flat. */
export function tonguePart(mesh: SourceMesh): SkinLayoutPart {
  const quads: number[] = [];
  for (let q = 0; q < mesh.tongueQuads.length; q += 4) {
    const corners = mesh.tongueQuads.subarray(q, q + 4);
    if (corners.every((v) => mesh.positions[v * 3 + 2] > TONGUE_ROOT_Z)) quads.push(...corners);
  }
  const charted = { quads: Uint32Array.from(quads), charts: new Uint8Array(quads.length / 4) };
  const ones = new Float64Array(TONGUE_RANGE[1]).fill(1);
  const chart = embed(mesh, collect(mesh, charted, 0), ones, ATLAS.tongue, 0.45);
  const part = joinCharts(mesh, 'tongue', ['face'], new Map([['face', chart]]));
  return {
    ...part,
    place(source, out, first) {
      part.place(source, out, first);
      for (let v = first; v < first + part.vertexCount; v++)
        for (let c = 0; c < 3; c++) out[v * 3 + c] += TONGUE_OFFSET[c];
    },
  };
}
const TONGUE_ROOT_Z = 0.72;
/** Decimetres: the source's tongue lies at the palate and would fill the opening mouth. */
const TONGUE_OFFSET = [0, -0.035, -0.025] as const;

function layChart(mesh: SourceMesh, charted: ChartedQuads, name: SkinChart, importance: Float64Array): Chart {
  const pieces = collect(mesh, charted, SKIN_CHARTS.indexOf(name));
  return embed(mesh, pieces, importance, ATLAS[name], name === 'mouth' || name === 'earLeft' ? 0.45 : CORNER);
}

function collect(
  mesh: SourceMesh,
  { quads, charts }: ChartedQuads,
  chart: number,
): { vertices: Uint32Array; triangles: Uint32Array } {
  const global: number[] = [];
  const own = Array.from(charts.keys()).filter((q) => charts[q] === chart);
  const corners = cornerVertices(own.map((q) => quads.subarray(q * 4, q * 4 + 4)));
  for (const q of own) global.push(...splitQuad(mesh, quads.subarray(q * 4, q * 4 + 4), corners));
  const vertices = Uint32Array.from([...new Set(global)].sort((a, b) => a - b));
  const local = new Map(Array.from(vertices, (v, i) => [v, i]));
  return { vertices, triangles: Uint32Array.from(global, (v) => local.get(v)!) };
}

/** Vertices of one quad only: where the chart's border turns around that quad. */
function cornerVertices(quads: readonly Uint32Array[]): Set<number> {
  const uses = new Map<number, number>();
  for (const quad of quads) for (const v of quad) uses.set(v, (uses.get(v) ?? 0) + 1);
  return new Set([...uses].filter(([, count]) => count === 1).map(([v]) => v));
}

/**
 * Cuts a quad along its shorter diagonal; equal ones by a rule that mirror images share. At a border's corner
 * the cut goes through the corner, else a triangle would have all its vertices on the border.
 */
function splitQuad(mesh: SourceMesh, [a, b, c, d]: Uint32Array, corners: ReadonlySet<number>): number[] {
  const throughFirst = corners.has(a) || corners.has(c);
  if (throughFirst !== (corners.has(b) || corners.has(d)))
    return throughFirst ? [a, b, c, a, c, d] : [a, b, d, b, c, d];
  const square = (v: number, w: number): number =>
    Math.round(
      [0, 1, 2].reduce((sum, k) => sum + (mesh.positions[v * 3 + k] - mesh.positions[w * 3 + k]) ** 2, 0) *
        1e6,
    );
  const height = (v: number, w: number): number =>
    Math.max(mesh.positions[v * 3 + 1], mesh.positions[w * 3 + 1]);
  const first = square(a, c);
  const second = square(b, d);
  const useFirst = first < second || (first === second && height(a, c) >= height(b, d));
  return useFirst ? [a, b, c, a, c, d] : [a, b, d, b, c, d];
}

function embed(
  mesh: SourceMesh,
  { vertices, triangles }: { vertices: Uint32Array; triangles: Uint32Array },
  importance: Float64Array,
  place: { u: number; v: number; width: number; height: number },
  cornerShare: number,
): Chart {
  const positions = new Float64Array(vertices.length * 3);
  vertices.forEach((v, i) => positions.set(mesh.positions.subarray(v * 3, v * 3 + 3), i * 3));
  const [top, bottom] = borderPoles(positions, boundaryLoops(triangles)[0]);
  const { width, height } = place;
  const corner = cornerShare * Math.min(width, height);
  const uv = embedChart(
    { triangles, positions, importance: Float64Array.from(vertices, (v) => importance[v]) },
    { width, height, corner, top, bottom },
  );
  for (let i = 0; i < uv.length; i += 2) {
    uv[i] += place.u;
    uv[i + 1] += place.v;
  }
  symmetrise(mesh, vertices, uv, place.u + width / 2);
  return { vertices, triangles, uv };
}

/** The border's top and bottom: on the mid plane where the chart crosses it, else the highest and lowest. */
function borderPoles(positions: Float64Array, loop: readonly number[]): [number, number] {
  const middle = loop.filter((v) => Math.abs(positions[v * 3]) < 1e-6);
  const candidates = middle.length >= 2 ? middle : loop;
  // The neck's and the tongue's loops are flat at the ends: depth breaks the tie towards front and top.
  const height = (v: number): number => positions[v * 3 + 1];
  const sorted = [...candidates].sort((a, b) => height(b) - height(a));
  return [sorted[0], sorted[sorted.length - 1]];
}

/** Removes the last rounding from charts that are their own mirror image. */
function symmetrise(mesh: SourceMesh, vertices: Uint32Array, uv: Float64Array, middle: number): void {
  const local = new Map(Array.from(vertices, (v, i) => [v, i]));
  vertices.forEach((v, i) => {
    const j = local.get(mesh.mirror[v]);
    if (j === undefined || j < i) return;
    const du = (uv[i * 2] - middle - (uv[j * 2] - middle)) / 2;
    const v0 = (uv[i * 2 + 1] + uv[j * 2 + 1]) / 2;
    uv.set([middle + du, v0], i * 2);
    uv.set([middle - du, v0], j * 2);
  });
}

function mirrorChart(mesh: SourceMesh, chart: Chart): Chart {
  const mirrored = Array.from(chart.vertices, (v) => mesh.mirror[v]);
  const vertices = Uint32Array.from([...mirrored].sort((a, b) => a - b));
  const local = new Map(Array.from(vertices, (v, i) => [v, i]));
  const uv = new Float64Array(chart.uv.length);
  mirrored.forEach((v, i) => uv.set([1 - chart.uv[i * 2], chart.uv[i * 2 + 1]], local.get(v)! * 2));
  const triangles = new Uint32Array(chart.triangles.length);
  for (let t = 0; t < triangles.length; t += 3)
    [0, 2, 1].forEach((k, i) => (triangles[t + i] = local.get(mirrored[chart.triangles[t + k]])!));
  return { vertices, triangles, uv };
}

function joinCharts(
  mesh: SourceMesh,
  name: LayoutPart['name'],
  names: readonly SkinChart[],
  charts: ReadonlyMap<SkinChart, Chart>,
): SkinLayoutPart {
  const sources: number[] = [];
  const chartIds: number[] = [];
  const triangles: number[] = [];
  const uv: number[] = [];
  const index = new Map<string, number>();
  for (const chartName of names) {
    const chart = charts.get(chartName)!;
    const first = sources.length;
    chart.vertices.forEach((v, i) => {
      index.set(`${chartName} ${v}`, first + i);
      sources.push(v);
      chartIds.push(SKIN_CHARTS.indexOf(chartName));
    });
    for (const v of chart.triangles) triangles.push(first + v);
    for (const value of chart.uv) uv.push(value);
  }
  const sourceVertices = Uint32Array.from(sources);
  const mirror = sourceVertices.map((v, i) => {
    const chart = SKIN_CHARTS[chartIds[i]];
    return index.get(`${MIRRORED[chart] ?? chart} ${mesh.mirror[v]}`)!;
  });
  return {
    name,
    vertexCount: sourceVertices.length,
    triangles: Uint32Array.from(triangles),
    uv: Float64Array.from(uv),
    mirrorPart: name,
    mirror,
    weldKeys: sourceVertices,
    sourceVertices,
    charts: Uint8Array.from(chartIds),
    place(source, out, firstOut) {
      sourceVertices.forEach((v, i) => {
        for (let c = 0; c < 3; c++) out[(firstOut + i) * 3 + c] = source[v * 3 + c];
      });
    },
  };
}
