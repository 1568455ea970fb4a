import { latticeHash } from '#common/synthetic/pattern/latticeHash';
import { simplexNoise } from '#common/synthetic/pattern/latticeNoise';
import { stripeCoverage } from '#common/synthetic/pattern/linePattern';
import type { PatternPoints } from '#common/synthetic/pattern/patternPoints';

export interface HatchLayer {
  /** Canonical direction across the strokes, unit. */
  readonly across: readonly [number, number, number];
  /** Darkness at which the layer's first strokes come, and at which they are all there; [0, 1]. */
  readonly from: number;
  readonly to: number;
}

export interface HatchOptions {
  /** Between strokes, metres. */
  readonly period: number;
  /** How far strokes wander from straight, as share of the period; 0.35 by default. */
  readonly wobble?: number;
  /** Most of a period that a stroke covers; 0.45 by default. */
  readonly thickness?: number;
  readonly layers: readonly HatchLayer[];
  readonly seed: number;
}

/** Diagonal strokes, crossed ones in the shade, a third direction in the dark. */
export const CROSS_HATCH: readonly HatchLayer[] = [
  { across: [0.66, 0.66, 0.36], from: 0.15, to: 0.5 },
  { across: [-0.7, 0.62, 0.35], from: 0.42, to: 0.75 },
  { across: [0.1, 0.97, 0.22], from: 0.68, to: 1 },
];

const wander = new Float64Array(4);

/**
 * Ink of hand-drawn strokes for a wanted darkness. Strokes are planes through canonical space, so they are fixed to the
 * head; they grow thicker and denser with darkness and break off at random lengths.
 *
 * @param darkness wanted, [0, 1], one a point
 * @param out ink, [0, 1], one a point
 */
export function hatching(
  points: PatternPoints,
  darkness: Float32Array,
  options: HatchOptions,
  out: Float32Array,
): void {
  const { canonical, footprint, count } = points;
  const { period, wobble = 0.35, thickness = 0.45, layers, seed } = options;
  const lattice = 1 / (period * 9);
  for (let point = 0; point < count; point++) {
    const x = canonical[point * 3];
    const y = canonical[point * 3 + 1];
    const z = canonical[point * 3 + 2];
    let paper = 1;
    for (let layer = 0; layer < layers.length; layer++) {
      const { across, from, to } = layers[layer];
      const strength = (darkness[point] - from) / (to - from);
      if (strength <= 0) continue;
      simplexNoise(x * lattice, y * lattice, z * lattice, seed + layer * 31, wander);
      const coordinate = x * across[0] + y * across[1] + z * across[2] + wander[0] * wobble * period;
      // Each stroke is missing until its own darkness is reached.
      const stroke = (latticeHash(Math.floor(coordinate / period), layer, 0, seed) >>> 0) / 4294967296;
      const presence = strength * 1.4 - stroke * 0.8;
      if (presence <= 0) continue;
      const duty = thickness * (presence < 1 ? presence : 1);
      paper *= 1 - stripeCoverage(coordinate, period, duty, footprint[point]);
    }
    out[point] = 1 - paper;
  }
}
