import type { HeadRegion } from '#common/head/headModel';

import { smoothStep } from './headJoints';
import type { HeadLayout } from './headLayout';
import { SKIN_CHARTS } from './skinCharts';
import { SOURCE_VERTICES } from './sourceMesh';
import type { SparseField, TargetReader } from './sourceTargets';

/** Sliders that move just the region: where they move a lot is the region. */
const REGION_TARGETS: Partial<Record<HeadRegion, readonly string[]>> = {
  lips: ['mouth/mouth-upperlip-volume-inflate', 'mouth/mouth-lowerlip-volume-inflate'],
  nose: [
    'nose/nose-scale-horiz-incr',
    'nose/nose-scale-depth-incr',
    'nose/nose-width1-max',
    'nose/nose-width2-max',
  ],
};

/** Rings over which the face's mask fades at its border. */
const FADE_RINGS = 4;

export interface RegionInput {
  /** Metres, model space. */
  readonly template: ArrayLike<number>;
  /** The source's y of each vertex. */
  readonly heights: ArrayLike<number>;
  /** The lid solver's shares, per vertex. */
  readonly lids: Float32Array;
  /** The brows' landmarks and points between, metres. */
  readonly browPoints: readonly (readonly number[])[];
}

/** Soft masks of the skin; other parts are zero everywhere. */
export function headRegions(
  layout: HeadLayout,
  targets: TargetReader,
  { template, heights, lids, browPoints }: RegionInput,
): Record<HeadRegion, Float32Array> {
  const chart = (name: (typeof SKIN_CHARTS)[number]): number => SKIN_CHARTS.indexOf(name);
  const mask = (value: (v: number) => number): Float32Array =>
    Float32Array.from({ length: layout.vertexCount }, (_, v) =>
      layout.chartOf[v] === 255 ? 0 : Math.round(value(v) * 255) / 255,
    );
  const chartMask = (...names: (typeof SKIN_CHARTS)[number][]): Float32Array => {
    const ids = names.map(chart);
    return mask((v) => (ids.includes(layout.chartOf[v]) ? 1 : 0));
  };
  const rings = ringsFromBorder(layout, chart('face'));
  const isNeck = [chart('neckFront'), chart('neckBack')];
  const shoulder = (v: number): number => 1 - smoothStep(heights[v], 5.35, 5.75);
  const fromTargets = (region: 'lips' | 'nose'): Float32Array => {
    const strength = regionStrength(layout, targets, region);
    return mask((v) => strength[v]);
  };
  return {
    face: mask((v) => (layout.chartOf[v] === chart('face') ? Math.min(1, (rings[v] + 1) / FADE_RINGS) : 0)),
    scalp: chartMask('scalp'),
    ears: chartMask('earLeft', 'earRight'),
    neck: mask((v) => (isNeck.includes(layout.chartOf[v]) ? 1 - shoulder(v) : 0)),
    shoulders: mask((v) => (isNeck.includes(layout.chartOf[v]) ? shoulder(v) : 0)),
    lips: fromTargets('lips'),
    eyelids: mask((v) => lids[v]),
    nose: fromTargets('nose'),
    brows: mask((v) => 1 - smoothStep(browDistance(template, browPoints, v), 0.004, 0.009)),
  };
}

/** How much each vertex belongs to a region that sliders of its own move. */
function regionStrength(layout: HeadLayout, targets: TargetReader, region: 'lips' | 'nose'): Float32Array {
  const strength = targetStrength(
    (REGION_TARGETS[region] ?? []).map((name) => targets.read(name)),
    region === 'lips' ? [0.03, 0.3] : [0.08, 0.55],
  );
  return Float32Array.from(layout.sourceOf, (source) => (source < 0 ? 0 : strength[source]));
}

/** Metres from a vertex to the nearest of the brows' landmarks. */
function browDistance(
  template: ArrayLike<number>,
  points: readonly (readonly number[])[],
  v: number,
): number {
  return Math.min(
    ...points.map(([x, y, z]) =>
      Math.hypot(template[v * 3] - x, template[v * 3 + 1] - y, template[v * 3 + 2] - z),
    ),
  );
}

function targetStrength(
  fields: readonly SparseField[],
  [from, full]: readonly [number, number],
): Float32Array {
  const out = new Float32Array(SOURCE_VERTICES);
  for (const { vertices, deltas } of fields) {
    const reach = Array.from(vertices, (_, i) =>
      Math.hypot(deltas[i * 3], deltas[i * 3 + 1], deltas[i * 3 + 2]),
    );
    const most = Math.max(...reach);
    vertices.forEach((v, i) => (out[v] = Math.max(out[v], smoothStep(reach[i] / most, from, full))));
  }
  return out;
}

/** Edges between a vertex and the nearest other chart, up to FADE_RINGS; holes (eyes, mouth) do not count. */
function ringsFromBorder(layout: HeadLayout, chart: number): Uint8Array {
  const rings = new Uint8Array(layout.vertexCount).fill(FADE_RINGS);
  for (let v = 0; v < layout.vertexCount; v++) {
    const first = layout.weld[v];
    if (layout.chartOf[v] !== 255 && layout.chartOf[v] !== layout.chartOf[first]) rings[v] = rings[first] = 0;
  }
  for (let pass = 1; pass < FADE_RINGS; pass++)
    for (let i = 0; i < layout.indices.length; i++) {
      const a = layout.indices[i];
      const b = layout.indices[i % 3 === 2 ? i - 2 : i + 1];
      if (layout.chartOf[a] !== chart || layout.chartOf[b] !== chart) continue;
      if (rings[a] === pass - 1) rings[b] = Math.min(rings[b], pass);
      if (rings[b] === pass - 1) rings[a] = Math.min(rings[a], pass);
    }
  return rings;
}
