import type { HeadModel } from '#common/head/headModel';
import { LID_RING, lidRings } from '#common/head/lidRings';
import { norm3 } from '#common/math/portableMath';

/** Vertices along the outer edge of a lid's rim, where lashes grow, by falling or rising distance from the mid plane. */
export interface LidEdges {
  /** Of the subject's left eye, then right. */
  readonly upper: readonly [readonly number[], readonly number[]];
  readonly lower: readonly [readonly number[], readonly number[]];
}

const cache = new WeakMap<HeadModel, LidEdges>();

/** The four lids' edges from the inner to the outer corner; once a model. */
export function lidEdges(model: HeadModel): LidEdges {
  let edges = cache.get(model);
  if (edges === undefined) {
    const left = edgesOf(model, 1);
    const right = edgesOf(model, -1);
    edges = { upper: [left.upper, right.upper], lower: [left.lower, right.lower] };
    cache.set(model, edges);
  }
  return edges;
}

function edgesOf(model: HeadModel, side: 1 | -1): { upper: number[]; lower: number[] } {
  const rings = lidRings(model);
  const { template, weld } = model;
  const across = (v: number): number => template[v * 3] * side;
  const ring: number[] = [];
  for (let v = 0; v < model.vertexCount; v++)
    if (weld[v] === v && rings[v] === LID_RING.edge && across(v) > 0) ring.push(v);
  ring.sort((a, b) => across(a) - across(b));
  const [inner, outer] = [ring[0], ring[ring.length - 1]];
  const span = across(outer) - across(inner);
  const chord = (v: number): number =>
    template[inner * 3 + 1] +
    ((across(v) - across(inner)) / span) * (template[outer * 3 + 1] - template[inner * 3 + 1]);
  const between = ring.filter((v) => v !== inner && v !== outer);
  return {
    upper: [inner, ...between.filter((v) => template[v * 3 + 1] > chord(v)), outer],
    lower: [inner, ...between.filter((v) => template[v * 3 + 1] <= chord(v)), outer],
  };
}

/** Place on an edge of `positions`, t from 0 at the inner to 1 at the outer corner, by the edge's own length on the mean head. */
export function pointOnEdge(
  model: HeadModel,
  edge: readonly number[],
  positions: ArrayLike<number>,
  t: number,
): [number, number, number] {
  let before = 0;
  const lengths = edge.slice(1).map((vertex, k) => distance(model.template, edge[k], vertex));
  const at = t * lengths.reduce((sum, length) => sum + length, 0);
  let k = 0;
  while (k < lengths.length - 1 && before + lengths[k] < at) before += lengths[k++];
  const f = Math.min(1, (at - before) / lengths[k]);
  const [a, b] = [edge[k] * 3, edge[k + 1] * 3];
  const axis = (c: number): number => positions[a + c] * (1 - f) + positions[b + c] * f;
  return [axis(0), axis(1), axis(2)];
}

function distance(points: ArrayLike<number>, a: number, b: number): number {
  return norm3(
    points[a * 3] - points[b * 3],
    points[a * 3 + 1] - points[b * 3 + 1],
    points[a * 3 + 2] - points[b * 3 + 2],
  );
}
