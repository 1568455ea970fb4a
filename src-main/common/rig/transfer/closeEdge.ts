import { LID_RING } from '#common/head/lidRings';
import { smoothStep } from '#common/math/smoothStep';
import { fromPolar, lidShare, toPolar, type LidColumns } from '#common/rig/transfer/lidColumns';
import type { EyeballShape } from '#common/rig/transfer/eyeballShape';
import type { WeldedMesh } from '#common/rig/transfer/weldedMesh';
import { norm, squared } from '#common/math/portableMath';

/** How far above the edge the skin comes along, radians about the eye. */
const REACH = (26 * Math.PI) / 180;
/** How far closed lashes hang over the lower lid where they are longest, radians; and on which rings. */
const LASHES_HANG = (3.8 * Math.PI) / 180;
const HANGING: readonly number[] = [0, 0, 0.5, 1, 0.75];
/** Shares of the way from the inner to the outer corner over which lashes grow, and over which they end. */
const LASHES_GROW = [0.12, 0.4] as const;
const LASHES_END = [1, 0.85] as const;

/** An edge with more vertices is none. */
const LONGEST_LOOP = 500;

/** One eye's lid edge. */
interface EdgeScene {
  readonly mesh: WeldedMesh;
  readonly eye: EyeballShape;
  readonly neutral: Float32Array;
  /** `lidRings` of the model. */
  readonly rings: Float32Array;
  readonly lids: LidColumns;
  /** Which way the inner corner lies: -1 where azimuths grow from it (the subject's left eye), 1 else. */
  readonly inward: 1 | -1;
}

/** A line over azimuth: [azimuth, value] by rising azimuth. */
type Line = readonly (readonly [number, number])[];

/**
 * Brings the outer edge of the upper lid, where lashes grow, onto the lower lid's all the way into the corners, in
 * place. `closeBlink` closes the margin, the rim's inner edge, which ends before the outer edge does: without this the
 * edge stays up at the inner corner and the rim between the two shows as a dark wedge. In the middle the edge goes a
 * little further, over the lower lid, as closed lashes hang. Nothing happens where the edge is no plain loop.
 */
export function closeEdge(scene: EdgeScene, blink: Float32Array): void {
  const { lids, eye, neutral, rings } = scene;
  const edge = findEdge(scene);
  if (edge === undefined) return;
  const polar = new Float64Array(3);
  const shut = (v: number): readonly [number, number] => {
    toPolar(eye, displaced(neutral, blink, v), polar);
    return [polar[0], polar[1]];
  };
  const rest = (v: number): readonly [number, number] => {
    toPolar(eye, neutral.subarray(v * 3, v * 3 + 3), polar);
    return [polar[0], polar[1]];
  };
  const lower = line(edge.lower.map(shut));
  // Only down: where the edge is past the lower one already, it stays.
  const missing = line(
    edge.upper.map((v) => {
      const [azimuth, elevation] = shut(v);
      return [rest(v)[0], Math.min(0, valueOn(lower, azimuth) - elevation)] as const;
    }),
  );
  const [upperRest, lowerRest] = [line(edge.upper.map(rest)), line(edge.lower.map(rest))];
  const [first, last] = [upperRest[0][0], upperRest[upperRest.length - 1][0]];
  lids.vertices.forEach((v, i) => {
    const [azimuth, elevation, radius] = lids.polar.subarray(i * 3, i * 3 + 3);
    if (azimuth <= first || azimuth >= last) return;
    const [top, bottom] = [valueOn(upperRest, azimuth), valueOn(lowerRest, azimuth)];
    if (rings[v] > LID_RING.edge ? elevation < (top + bottom) / 2 : !edge.upperRim.has(v)) return;
    const over = Math.max(0, elevation - top) / REACH;
    const follows = rings[v] >= LID_RING.edge ? (over < 1 ? squared(1 - over * over) : 0) : HANGING[rings[v]];
    const share = (azimuth - first) / (last - first);
    const along = scene.inward < 0 ? share : 1 - share;
    const grown = smoothStep(...LASHES_GROW, along) * smoothStep(...LASHES_END, along);
    const hang = -LASHES_HANG * grown * (HANGING[rings[v]] ?? 0);
    const turn = lidShare(radius / lids.radius) * (follows * valueOn(missing, azimuth) + hang);
    if (turn === 0) return;
    const at = displaced(neutral, blink, v);
    toPolar(eye, at, polar);
    fromPolar(eye, polar[0], polar[1] + turn, polar[2], at);
    for (let c = 0; c < 3; c++) blink[v * 3 + c] = at[c] - neutral[v * 3 + c];
  });
}

interface LidEdge {
  /** Vertices of the outer edge from corner to corner, corners in both. */
  readonly upper: readonly number[];
  readonly lower: readonly number[];
  /** Vertices of margin, rim and edge that are nearer to the upper edge. */
  readonly upperRim: ReadonlySet<number>;
}

/** Walks the loop of the outer edge and splits it at its corners; undefined where there is no such loop. */
function findEdge(scene: EdgeScene): LidEdge | undefined {
  const { mesh, rings, eye, neutral } = scene;
  const loop = walkLoop(mesh, (v) => rings[v] === LID_RING.edge, nearestEdgeVertex(scene));
  if (loop === undefined) return undefined;
  const polar = new Float64Array(3);
  const place = loop.map((v) => {
    toPolar(eye, neutral.subarray(v * 3, v * 3 + 3), polar);
    return [polar[0], polar[1]] as const;
  });
  const byAzimuth = [...place.keys()].sort((a, b) => place[a][0] - place[b][0]);
  const [from, to] = [byAzimuth[0], byAzimuth[byAzimuth.length - 1]];
  const chains = [chainOf(loop, from, to), chainOf(loop, to, from)].map((vertices) => ({
    vertices,
    height: vertices.reduce((sum, v) => sum + neutral[v * 3 + 1] / vertices.length, 0),
  }));
  if (chains.some(({ vertices }) => vertices.length < 4)) return undefined;
  chains.sort((a, b) => b.height - a.height);
  const [upper, lower] = chains.map(({ vertices }) => vertices);
  return { upper, lower, upperRim: rimOf(scene, upper, lower) };
}

/** -1 where none is near. Other eyes' edges may be near too, but not as near. */
function nearestEdgeVertex({ lids, rings, neutral, eye }: EdgeScene): number {
  const away = (v: number): number => norm([0, 1, 2].map((c) => neutral[v * 3 + c] - eye.centre[c]));
  return lids.vertices
    .filter((v) => rings[v] === LID_RING.edge)
    .reduce((best, v) => (best < 0 || away(v) < away(best) ? v : best), -1);
}

/** Vertices in the order of the loop that edges between those which are `isOn` form; undefined for other figures. */
function walkLoop(mesh: WeldedMesh, isOn: (vertex: number) => boolean, start: number): number[] | undefined {
  if (start < 0) return undefined;
  const loop: number[] = [];
  let before = -1;
  let at = start;
  do {
    loop.push(at);
    const next = [...mesh.neighbours.subarray(mesh.neighbourStart[at], mesh.neighbourStart[at + 1])];
    const [first, second, ...more] = next.filter(isOn);
    if (second === undefined || more.length > 0 || loop.length > LONGEST_LOOP) return undefined;
    [before, at] = [at, first === before ? second : first];
  } while (at !== start);
  return loop;
}

/** From one place of a loop on to another, both included. */
function chainOf(loop: readonly number[], from: number, to: number): number[] {
  const count = ((to - from + loop.length) % loop.length) + 1;
  return Array.from({ length: count }, (_, k) => loop[(from + k) % loop.length]);
}

/** Vertices from margin to edge that are nearer to the upper edge than to the lower. */
function rimOf(
  { rings, lids, neutral }: EdgeScene,
  upper: readonly number[],
  lower: readonly number[],
): Set<number> {
  const nearest = (v: number, edge: readonly number[]): number =>
    Math.min(...edge.map((other) => norm([0, 1, 2].map((c) => neutral[v * 3 + c] - neutral[other * 3 + c]))));
  const rim = lids.vertices.filter((v) => rings[v] <= LID_RING.edge && nearest(v, upper) < nearest(v, lower));
  return new Set(rim);
}

function displaced(neutral: Float32Array, delta: Float32Array, v: number): Float64Array {
  return Float64Array.from([0, 1, 2], (c) => neutral[v * 3 + c] + delta[v * 3 + c]);
}

function line(points: readonly (readonly [number, number])[]): Line {
  return [...points].sort((a, b) => a[0] - b[0]);
}

/** Linear between the points of a line, held beyond its ends. */
function valueOn(points: Line, azimuth: number): number {
  const next = points.findIndex((point) => point[0] > azimuth);
  if (next <= 0) return points[next === 0 ? 0 : points.length - 1][1];
  const [a, b] = [points[next - 1], points[next]];
  return a[1] + ((b[1] - a[1]) * (azimuth - a[0])) / (b[0] - a[0] || 1);
}
