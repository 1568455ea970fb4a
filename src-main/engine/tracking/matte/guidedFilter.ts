import { boxBlur } from '#common/image/boxBlur';

/** Picture and matte at one working size; `guide` is planar RGB in [0, 1], `matte` in [0, 1]. */
export interface GuidedFilterInput {
  readonly width: number;
  readonly height: number;
  readonly guide: Float32Array;
  readonly matte: Float32Array;
}

/** matte(pixel) = red * r + green * g + blue * b + offset, four floats per working pixel. */
export type LocalLinearModel = Float32Array;

/**
 * The colour guided filter (He, Sun, Tang 2013, equations 13-16) in its fast form (He, Sun 2015): the local
 * linear models are fitted and averaged at the working size, and applied to the full-size picture by the
 * caller, which is where the matte's edges become those of the picture.
 * @param radius of the window, working pixels. @param epsilon smallest variance that counts as an edge.
 */
export function fitLocalModels(input: GuidedFilterInput, radius: number, epsilon: number): LocalLinearModel {
  const { width, height, guide, matte } = input;
  const count = width * height;
  // r, g, b, matte, then their products: rr rg rb gg gb bb, and r, g, b times matte.
  const channels = 13;
  const sums = new Float32Array(count * channels);
  for (let index = 0; index < count; index++) {
    const r = guide[index];
    const g = guide[index + count];
    const b = guide[index + 2 * count];
    const m = matte[index];
    sums.set([r, g, b, m, r * r, r * g, r * b, g * g, g * b, b * b, r * m, g * m, b * m], index * channels);
  }
  boxBlur(sums, { width, height, channels }, radius);
  const models = new Float32Array(count * 4);
  for (let index = 0; index < count; index++) solveModel(sums, index * channels, epsilon, models, index * 4);
  boxBlur(models, { width, height, channels: 4 }, radius);
  return models;
}

/** Solves (covariance + epsilon) * a = covariance with the matte, by the adjugate of the 3x3. */
function solveModel(sums: Float32Array, at: number, epsilon: number, models: Float32Array, to: number): void {
  const r = sums[at];
  const g = sums[at + 1];
  const b = sums[at + 2];
  const m = sums[at + 3];
  const rr = sums[at + 4] - r * r + epsilon;
  const rg = sums[at + 5] - r * g;
  const rb = sums[at + 6] - r * b;
  const gg = sums[at + 7] - g * g + epsilon;
  const gb = sums[at + 8] - g * b;
  const bb = sums[at + 9] - b * b + epsilon;
  const rm = sums[at + 10] - r * m;
  const gm = sums[at + 11] - g * m;
  const bm = sums[at + 12] - b * m;
  const a00 = gg * bb - gb * gb;
  const a01 = rb * gb - rg * bb;
  const a02 = rg * gb - rb * gg;
  const determinant = rr * a00 + rg * a01 + rb * a02;
  if (!(determinant > 0)) {
    models.set([0, 0, 0, m], to);
    return;
  }
  const a11 = rr * bb - rb * rb;
  const a12 = rb * rg - rr * gb;
  const a22 = rr * gg - rg * rg;
  const x = (a00 * rm + a01 * gm + a02 * bm) / determinant;
  const y = (a01 * rm + a11 * gm + a12 * bm) / determinant;
  const z = (a02 * rm + a12 * gm + a22 * bm) / determinant;
  models[to] = x;
  models[to + 1] = y;
  models[to + 2] = z;
  models[to + 3] = m - x * r - y * g - z * b;
}
