import type { HeadPartName } from '#common/head/headModel';
import { transformVec3 } from '#common/math/mat3';
import { fitSimilarity } from '#common/math/similarity';
import type { Vec3 } from '#common/math/vec3';

import type { HeadLayout } from './headLayout';

/** Passes and strength of the smoothing: enough to take out the creases of four-bone skinning. */
const PASSES = 6;
const STRENGTH = 0.5;

/**
 * Smooths a displacement field over the skin and the mouth's lining, seams welded. Linear skinning with few
 * bones leaves steps between neighbours that show as creases at the lips' corners.
 */
export function smoothField(layout: HeadLayout, field: Float64Array): void {
  const [skin, cavity] = layout.parts;
  const count = skin.vertexCount + cavity.vertexCount;
  const edges = weldedEdges(layout, count);
  const sum = new Float64Array(count * 3);
  const degree = new Float64Array(count);
  for (let pass = 0; pass < PASSES; pass++) {
    sum.fill(0);
    degree.fill(0);
    for (let e = 0; e < edges.length; e += 2) {
      const [a, b] = [edges[e], edges[e + 1]];
      degree[a]++;
      degree[b]++;
      for (let c = 0; c < 3; c++) {
        sum[a * 3 + c] += field[b * 3 + c];
        sum[b * 3 + c] += field[a * 3 + c];
      }
    }
    for (let v = 0; v < count; v++)
      if (degree[v] > 0)
        for (let c = 0; c < 3; c++)
          field[v * 3 + c] += STRENGTH * (sum[v * 3 + c] / degree[v] - field[v * 3 + c]);
    for (let v = 0; v < count; v++)
      for (let c = 0; c < 3; c++) field[v * 3 + c] = field[layout.weld[v] * 3 + c];
  }
}

const edgeCache = new WeakMap<HeadLayout, Uint32Array>();

function weldedEdges(layout: HeadLayout, count: number): Uint32Array {
  const cached = edgeCache.get(layout);
  if (cached !== undefined) return cached;
  const keys = new Set<number>();
  for (let i = 0; i < layout.indices.length; i++) {
    const a = layout.weld[layout.indices[i]];
    const b = layout.weld[layout.indices[i % 3 === 2 ? i - 2 : i + 1]];
    if (a < count && b < count && a !== b) keys.add(Math.min(a, b) * 65536 + Math.max(a, b));
  }
  const edges = Uint32Array.from([...keys].flatMap((key) => [Math.floor(key / 65536), key % 65536]));
  edgeCache.set(layout, edges);
  return edges;
}

/**
 * Makes the lower teeth move as the one piece they are and, unless the channel is the tongue's own, carries
 * the tongue along: left to the source's rig it stays up and fills the open mouth. `rest` and `field` in the
 * same unit.
 */
export function rigidJaw(
  layout: HeadLayout,
  rest: Float64Array,
  field: Float64Array,
  ownTongue: boolean,
): void {
  const part = (name: HeadPartName): { first: number; end: number } => {
    const { firstVertex, vertexCount } = layout.parts.find((candidate) => candidate.name === name)!;
    return { first: firstVertex * 3, end: (firstVertex + vertexCount) * 3 };
  };
  const teeth = part('teethLower');
  const from = rest.subarray(teeth.first, teeth.end);
  const to = from.map((value, i) => value + field[teeth.first + i]);
  if (from.every((value, i) => Math.abs(to[i] - value) < 1e-9)) return;
  const { rotation } = fitSimilarity(from, to);
  const [before, after] = [meanPoint(from), meanPoint(to)];
  for (const { first, end } of ownTongue ? [teeth] : [teeth, part('tongue')])
    for (let i = first; i < end; i += 3) {
      const arm: Vec3 = [rest[i] - before[0], rest[i + 1] - before[1], rest[i + 2] - before[2]];
      const turned = transformVec3(rotation, arm);
      for (let c = 0; c < 3; c++) field[i + c] = after[c] + turned[c] - rest[i + c];
    }
  if (!ownTongue) lowerTongue(field, part('tongue'), (before[1] - after[1]) / FULL_DROP);
}

/** Drop of the teeth's middle when the jaw is open at 1, decimetres, and how far the tongue sinks then. */
const FULL_DROP = 0.19;
const TONGUE_SINKS = 0.21;

/** The tongue sinks behind the lower teeth as the mouth opens. */
function lowerTongue(
  field: Float64Array,
  { first, end }: { first: number; end: number },
  open: number,
): void {
  for (let i = first; i < end; i += 3) field[i + 1] -= TONGUE_SINKS * Math.max(0, Math.min(1, open));
}

function meanPoint(points: Float64Array): Vec3 {
  const mean: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < points.length; i++) mean[i % 3] += points[i] / (points.length / 3);
  return mean;
}
