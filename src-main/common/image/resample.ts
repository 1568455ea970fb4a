import type { ColorImage } from '#common/image/colorImage';
import { createColorImage } from '#common/image/colorImage';

/**
 * Halves a picture by 2x2 means (odd sizes round up, the last row and column repeat).
 * Averages light when given linear values.
 */
export function halveColor(image: ColorImage): ColorImage {
  const width = (image.width + 1) >> 1;
  const height = (image.height + 1) >> 1;
  const result = createColorImage(width, height);
  for (let y = 0; y < height; y++) {
    const top = 2 * y * image.width;
    const bottom = Math.min(2 * y + 1, image.height - 1) * image.width;
    for (let x = 0; x < width; x++) {
      const left = 2 * x;
      const right = Math.min(2 * x + 1, image.width - 1);
      for (let c = 0; c < 3; c++) {
        result.data[(y * width + x) * 3 + c] =
          0.25 *
          (image.data[(top + left) * 3 + c] +
            image.data[(top + right) * 3 + c] +
            image.data[(bottom + left) * 3 + c] +
            image.data[(bottom + right) * 3 + c]);
      }
    }
  }
  return result;
}

/** The picture and its halvings down to `smallest` pixels on the shorter side. */
export function colorPyramid(image: ColorImage, smallest = 1): ColorImage[] {
  const levels = [image];
  for (
    let last = image;
    Math.min(last.width, last.height) >= 2 * smallest;
    last = levels[levels.length - 1]
  ) {
    levels.push(halveColor(last));
  }
  return levels;
}

/** Bilinear sample at pixel coordinates (centres at .5), edges clamped; writes three floats to `out[at..]`. */
export function sampleBilinear(image: ColorImage, x: number, y: number, out: Float32Array, at: number): void {
  const { width, height, data } = image;
  const px = Math.min(Math.max(x - 0.5, 0), width - 1);
  const py = Math.min(Math.max(y - 0.5, 0), height - 1);
  const x0 = px | 0;
  const y0 = py | 0;
  const fx = px - x0;
  const fy = py - y0;
  const right = x0 + 1 < width ? 3 : 0;
  const a = (y0 * width + x0) * 3;
  const b = y0 + 1 < height ? a + width * 3 : a;
  for (let c = 0; c < 3; c++) {
    const top = data[a + c] + (data[a + right + c] - data[a + c]) * fx;
    const bottom = data[b + c] + (data[b + right + c] - data[b + c]) * fx;
    out[at + c] = top + (bottom - top) * fy;
  }
}

/**
 * Catmull-Rom sample at pixel coordinates (centres at .5), edges clamped; writes three floats to `out[at..]`.
 * Overshoot is limited to the range of the four nearest pixels, so that no halo darker or brighter than the
 * picture appears.
 */
export function sampleBicubic(image: ColorImage, x: number, y: number, out: Float32Array, at: number): void {
  const { width, height, data } = image;
  const px = x - 0.5;
  const py = y - 0.5;
  const x0 = Math.floor(px);
  const y0 = Math.floor(py);
  if (x0 < 1 || y0 < 1 || x0 + 2 >= width || y0 + 2 >= height) {
    sampleBilinear(image, x, y, out, at);
    return;
  }
  const fx = px - x0;
  const fy = py - y0;
  const wx0 = fx * (-0.5 + fx * (1 - 0.5 * fx));
  const wx1 = 1 + fx * fx * (-2.5 + 1.5 * fx);
  const wx2 = fx * (0.5 + fx * (2 - 1.5 * fx));
  const wx3 = fx * fx * (-0.5 + 0.5 * fx);
  const wy0 = fy * (-0.5 + fy * (1 - 0.5 * fy));
  const wy1 = 1 + fy * fy * (-2.5 + 1.5 * fy);
  const wy2 = fy * (0.5 + fy * (2 - 1.5 * fy));
  const wy3 = fy * fy * (-0.5 + 0.5 * fy);
  const stride = width * 3;
  const base = (y0 * width + x0) * 3;
  for (let c = 0; c < 3; c++) {
    const i = base + c;
    const row = (j: number) => wx0 * data[j - 3] + wx1 * data[j] + wx2 * data[j + 3] + wx3 * data[j + 6];
    const value = wy0 * row(i - stride) + wy1 * row(i) + wy2 * row(i + stride) + wy3 * row(i + 2 * stride);
    const p = data[i];
    const q = data[i + 3];
    const r = data[i + stride];
    const s = data[i + stride + 3];
    const low = Math.min(p, q, r, s);
    const high = Math.max(p, q, r, s);
    out[at + c] = value < low ? low : value > high ? high : value;
  }
}

/**
 * Resizes a picture: Catmull-Rom when enlarged (it overshoots a little at edges), halvings and a triangle filter
 * when reduced.
 */
export function resizeColor(image: ColorImage, width: number, height: number): ColorImage {
  if (image.width === width && image.height === height) {
    return { width, height, data: image.data.slice() };
  }
  let from = image;
  while (from.width >= 2 * width && from.height >= 2 * height) from = halveColor(from);
  return stretchRows(stretchColumns(from, width), height);
}

interface Taps {
  /** Four sources per target, clamped to the picture. */
  readonly index: Int32Array;
  readonly weight: Float32Array;
}

/** Catmull-Rom when enlarging; when reducing (by less than two) a triangle as wide as the step. */
function tapsFor(from: number, to: number): Taps {
  const index = new Int32Array(to * 4);
  const weight = new Float32Array(to * 4);
  const step = from / to;
  for (let target = 0; target < to; target++) {
    const position = (target + 0.5) * step - 0.5;
    const first = Math.floor(position) - 1;
    let sum = 0;
    for (let tap = 0; tap < 4; tap++) {
      const distance = Math.abs(first + tap - position);
      const value = step > 1 ? Math.max(0, 1 - distance / step) : catmullRom(distance);
      index[target * 4 + tap] = Math.min(from - 1, Math.max(0, first + tap));
      weight[target * 4 + tap] = value;
      sum += value;
    }
    for (let tap = 0; tap < 4; tap++) weight[target * 4 + tap] /= sum;
  }
  return { index, weight };
}

function catmullRom(distance: number): number {
  if (distance < 1) return 1 + distance * distance * (1.5 * distance - 2.5);
  return distance < 2 ? 2 + distance * (-4 + distance * (2.5 - 0.5 * distance)) : 0;
}

function stretchColumns(image: ColorImage, width: number): ColorImage {
  const result = createColorImage(width, image.height);
  const { index, weight } = tapsFor(image.width, width);
  const { data } = image;
  for (let y = 0, to = 0; y < image.height; y++) {
    const row = y * image.width;
    for (let x = 0; x < width; x++, to += 3) {
      const tap = x * 4;
      const a = (row + index[tap]) * 3;
      const b = (row + index[tap + 1]) * 3;
      const c = (row + index[tap + 2]) * 3;
      const d = (row + index[tap + 3]) * 3;
      for (let k = 0; k < 3; k++) {
        result.data[to + k] =
          weight[tap] * data[a + k] +
          weight[tap + 1] * data[b + k] +
          weight[tap + 2] * data[c + k] +
          weight[tap + 3] * data[d + k];
      }
    }
  }
  return result;
}

function stretchRows(image: ColorImage, height: number): ColorImage {
  const result = createColorImage(image.width, height);
  const { index, weight } = tapsFor(image.height, height);
  const { data } = image;
  const stride = image.width * 3;
  for (let y = 0, to = 0; y < height; y++) {
    const [a, b, c, d] = [0, 1, 2, 3].map((tap) => index[y * 4 + tap] * stride);
    const [wa, wb, wc, wd] = weight.subarray(y * 4, y * 4 + 4);
    for (let i = 0; i < stride; i++, to++) {
      result.data[to] = wa * data[a + i] + wb * data[b + i] + wc * data[c + i] + wd * data[d + i];
    }
  }
  return result;
}

/** Bilinear resize of one-channel floats; for smooth fields such as mattes. */
export function resizePlane(
  plane: { readonly width: number; readonly height: number; readonly data: Float32Array },
  width: number,
  height: number,
): Float32Array {
  const result = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      result[y * width + x] = samplePlane(
        plane,
        ((x + 0.5) * plane.width) / width,
        ((y + 0.5) * plane.height) / height,
      );
    }
  }
  return result;
}

/** Bilinear sample of one-channel floats at pixel coordinates (centres at .5), edges clamped. */
export function samplePlane(
  plane: { readonly width: number; readonly height: number; readonly data: Float32Array },
  x: number,
  y: number,
): number {
  const { width, height, data } = plane;
  const px = Math.min(Math.max(x - 0.5, 0), width - 1);
  const py = Math.min(Math.max(y - 0.5, 0), height - 1);
  const x0 = px | 0;
  const y0 = py | 0;
  const fx = px - x0;
  const fy = py - y0;
  const right = x0 + 1 < width ? 1 : 0;
  const a = y0 * width + x0;
  const b = y0 + 1 < height ? a + width : a;
  const top = data[a] + (data[a + right] - data[a]) * fx;
  const bottom = data[b] + (data[b + right] - data[b]) * fx;
  return top + (bottom - top) * fy;
}
