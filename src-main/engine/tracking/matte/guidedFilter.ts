/** Picture and matte at one working size; `guide` is planar RGB in [0, 1], `matte` in [0, 1]. */
export interface GuidedFilterInput {
  readonly width: number;
  readonly height: number;
  readonly guide: Float32Array;
  readonly matte: Float32Array;
}

/** Four planes: matte(pixel) = plane 0 * red + plane 1 * green + plane 2 * blue + plane 3. */
export type LocalLinearModel = readonly [Float32Array, Float32Array, Float32Array, Float32Array];

/**
 * The colour guided filter (He, Sun, Tang 2013, equations 13-16) in its fast form (He, Sun 2015): the local
 * linear models are fitted and averaged at the working size, and applied to the full-size picture by the
 * caller, which is where the matte's edges become those of the picture.
 * @param radius of the window, working pixels. @param epsilon smallest variance that counts as an edge.
 */
export function fitLocalModels(input: GuidedFilterInput, radius: number, epsilon: number): LocalLinearModel {
  const { width, height, guide, matte } = input;
  const count = width * height;
  const [r, g, b] = [0, 1, 2].map((channel) => guide.subarray(channel * count, (channel + 1) * count));
  const mean = createBoxMean(width, height, radius);
  const product = new Float32Array(count);
  const meanOfProduct = (x: Float32Array, y: Float32Array): Float32Array => {
    for (let index = 0; index < count; index++) product[index] = x[index] * y[index];
    return mean(product);
  };
  const model = solveModels({
    means: [mean(r), mean(g), mean(b), mean(matte)],
    squares: [
      meanOfProduct(r, r),
      meanOfProduct(r, g),
      meanOfProduct(r, b),
      meanOfProduct(g, g),
      meanOfProduct(g, b),
      meanOfProduct(b, b),
    ],
    withMatte: [meanOfProduct(r, matte), meanOfProduct(g, matte), meanOfProduct(b, matte)],
    epsilon,
  });
  return [mean(model[0]), mean(model[1]), mean(model[2]), mean(model[3])];
}

interface WindowMeans {
  /** Of red, green, blue and the matte. */
  readonly means: readonly Float32Array[];
  /** Of rr, rg, rb, gg, gb, bb. */
  readonly squares: readonly Float32Array[];
  /** Of red, green and blue times the matte. */
  readonly withMatte: readonly Float32Array[];
  readonly epsilon: number;
}

/** Solves (covariance + epsilon) * a = covariance with the matte in every window, by the adjugate of the 3x3. */
function solveModels({ means, squares, withMatte, epsilon }: WindowMeans): LocalLinearModel {
  const count = means[0].length;
  const model = [0, 1, 2, 3].map(() => new Float32Array(count));
  for (let index = 0; index < count; index++) {
    const r = means[0][index];
    const g = means[1][index];
    const b = means[2][index];
    const m = means[3][index];
    const rr = squares[0][index] - r * r + epsilon;
    const rg = squares[1][index] - r * g;
    const rb = squares[2][index] - r * b;
    const gg = squares[3][index] - g * g + epsilon;
    const gb = squares[4][index] - g * b;
    const bb = squares[5][index] - b * b + epsilon;
    const rm = withMatte[0][index] - r * m;
    const gm = withMatte[1][index] - g * m;
    const bm = withMatte[2][index] - b * m;
    const a00 = gg * bb - gb * gb;
    const a01 = rb * gb - rg * bb;
    const a02 = rg * gb - rb * gg;
    const a11 = rr * bb - rb * rb;
    const a12 = rb * rg - rr * gb;
    const a22 = rr * gg - rg * rg;
    const determinant = rr * a00 + rg * a01 + rb * a02;
    const x = (a00 * rm + a01 * gm + a02 * bm) / determinant;
    const y = (a01 * rm + a11 * gm + a12 * bm) / determinant;
    const z = (a02 * rm + a12 * gm + a22 * bm) / determinant;
    // In float32 a flat window can lose its determinant; there the matte's mean is the whole answer.
    const isFlat = !(determinant > 0);
    model[0][index] = isFlat ? 0 : x;
    model[1][index] = isFlat ? 0 : y;
    model[2][index] = isFlat ? 0 : z;
    model[3][index] = isFlat ? m : m - x * r - y * g - z * b;
  }
  return [model[0], model[1], model[2], model[3]];
}

/**
 * Mean over (2 radius + 1)^2 windows, clamped at the edges, of one plane. Row by row, so that it stays in the
 * cache: an interleaved blur of all thirteen planes took six times as long.
 */
function createBoxMean(width: number, height: number, radius: number): (plane: Float32Array) => Float32Array {
  const rows = new Float32Array(width * height);
  const sums = new Float64Array(width);
  const weight = 1 / (2 * radius + 1) ** 2;
  return (plane) => {
    for (let y = 0; y < height; y++) sumRow(plane, rows, y * width, width, radius);
    const result = new Float32Array(width * height);
    const rowAt = (y: number): number => Math.min(Math.max(y, 0), height - 1) * width;
    sums.fill(0);
    for (let y = -radius; y <= radius; y++) {
      const at = rowAt(y);
      for (let x = 0; x < width; x++) sums[x] += rows[at + x];
    }
    for (let y = 0; y < height; y++) {
      const enters = rowAt(y + radius + 1);
      const leaves = rowAt(y - radius);
      const to = y * width;
      for (let x = 0; x < width; x++) {
        result[to + x] = sums[x] * weight;
        sums[x] += rows[enters + x] - rows[leaves + x];
      }
    }
    return result;
  };
}

function sumRow(plane: Float32Array, rows: Float32Array, start: number, width: number, radius: number): void {
  const last = width - 1;
  let sum = 0;
  for (let x = -radius; x <= radius; x++) sum += plane[start + Math.min(Math.max(x, 0), last)];
  for (let x = 0; x < width; x++) {
    rows[start + x] = sum;
    sum += plane[start + Math.min(x + radius + 1, last)] - plane[start + Math.max(x - radius, 0)];
  }
}
