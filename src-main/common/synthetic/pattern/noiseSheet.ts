import { simplexNoise } from '#common/synthetic/pattern/latticeNoise';

/** Noise over the unit square, worked out on a grid a few times finer than its features and read linearly. */
export interface NoiseSheet {
  readonly columns: number;
  readonly rows: number;
  /** (columns + 1) * (rows + 1). */
  readonly values: Float32Array;
}

/** Cells for each feature: between them, reading linearly shows no corners. */
const CELLS_PER_FEATURE = 6;
/** Where the sheet cuts the three-dimensional noise. */
const DEPTH = 0.37;

/**
 * For blurred backgrounds: many pixels lie within one feature, and reading costs a tenth of the noise itself.
 */
export function createNoiseSheet(options: {
  /** Features along u and v; 0 does not change that way. */
  readonly across: number;
  readonly down: number;
  readonly seed: number;
}): NoiseSheet {
  const { across, down, seed } = options;
  const columns = Math.max(1, Math.ceil(across * CELLS_PER_FEATURE));
  const rows = Math.max(1, Math.ceil(down * CELLS_PER_FEATURE));
  const values = new Float32Array((columns + 1) * (rows + 1));
  const out = new Float64Array(4);
  for (let row = 0, at = 0; row <= rows; row++)
    for (let column = 0; column <= columns; column++, at++) {
      simplexNoise((column / columns) * across, (row / rows) * down, DEPTH, seed, out);
      values[at] = out[0];
    }
  return { columns, rows, values };
}

/** The noise at a place, u and v in [0, 1]: about [-1, 1], mean 0. */
export function readNoiseSheet({ columns, rows, values }: NoiseSheet, u: number, v: number): number {
  const x = u * columns;
  const y = v * rows;
  const column = Math.min(columns - 1, Math.max(0, Math.floor(x)));
  const row = Math.min(rows - 1, Math.max(0, Math.floor(y)));
  const fx = x - column;
  const fy = y - row;
  const at = row * (columns + 1) + column;
  const below = at + columns + 1;
  const upper = values[at] + (values[at + 1] - values[at]) * fx;
  const lower = values[below] + (values[below + 1] - values[below]) * fx;
  return upper + (lower - upper) * fy;
}
