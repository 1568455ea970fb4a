import { broadcastTo } from '#engine/graph/ops/broadcast';
import { matmul } from '#engine/graph/ops/matmul';
import { add, maximum, sub } from '#engine/graph/ops/arithmetic';
import { stopGradient } from '#engine/graph/ops/convert';
import { pad, slice, transpose } from '#engine/graph/ops/layout';
import { mean, min } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import { constant } from '#engine/graph/ops/sources';
import type { Tensor } from '#engine/graph/tensor';
import { shapeError } from '#engine/graph/tensor';

export interface ResizeOptions {
  /** Widens the filter when shrinking, as Pillow and PyTorch's antialias=True do. */
  readonly isAntialiased?: boolean;
  /** Corner pixels' centres stay where they are instead of the picture's edges. */
  readonly alignsCorners?: boolean;
}

/**
 * Bilinear resize of [batch, channels, height, width] as two matrix products: one rule for every size and
 * backend, whose gradient is two more products.
 */
export function resizeBilinear(
  x: Tensor,
  height: number,
  width: number,
  options: ResizeOptions = {},
): Tensor {
  if (x.rank !== 4) throw shapeError('resizeBilinear', [x], 'takes [batch, channels, height, width]');
  const rows = resizeMatrix(x.shape[2], height, options);
  const columns = resizeMatrix(x.shape[3], width, options);
  const tall = height === x.shape[2] ? x : matmul(constant(rows, [height, x.shape[2]]), x);
  return width === x.shape[3] ? tall : matmul(tall, transpose(constant(columns, [width, x.shape[3]])));
}

/** target x source weights of a linear filter; rows sum to 1. */
export function resizeMatrix(
  source: number,
  target: number,
  { isAntialiased = false, alignsCorners = false }: ResizeOptions,
): Float32Array {
  const scale = alignsCorners ? (source - 1) / Math.max(1, target - 1) : source / target;
  const reach = isAntialiased ? Math.max(1, scale) : 1;
  const weights = new Float32Array(target * source);
  for (let row = 0; row < target; row++) {
    const centre = alignsCorners ? row * scale : (row + 0.5) * scale - 0.5;
    const taps: { readonly at: number; readonly weight: number }[] = [];
    for (let at = Math.ceil(centre - reach); at <= Math.floor(centre + reach); at++) {
      const weight = 1 - Math.abs(at - centre) / reach;
      // Outside the picture: antialiased filters leave the tap out, plain ones repeat the border.
      if (weight <= 0 || (isAntialiased && (at < 0 || at >= source))) continue;
      taps.push({ at: Math.min(source - 1, Math.max(0, at)), weight });
    }
    const total = taps.reduce((sum, { weight }) => sum + weight, 0);
    for (const { at, weight } of taps) weights[row * source + at] += weight / total;
  }
  return weights;
}

/**
 * Nearest-neighbour resize of [batch, channels, height, width] to any size: pixel i of n comes from
 * floor(i * source / n), PyTorch's mode 'nearest'.
 */
export function resizeNearest(x: Tensor, height: number, width: number): Tensor {
  if (x.rank !== 4) throw shapeError('resizeNearest', [x], 'takes [batch, channels, height, width]');
  const factor = height / x.shape[2];
  // Repeating pixels moves memory only.
  if (Number.isInteger(factor) && factor === width / x.shape[3]) return upsampleNearest(x, factor);
  const rows = constant(selectionMatrix(x.shape[2], height), [height, x.shape[2]]);
  const columns = constant(selectionMatrix(x.shape[3], width), [width, x.shape[3]]);
  const tall = height === x.shape[2] ? x : matmul(rows, x);
  return width === x.shape[3] ? tall : matmul(tall, transpose(columns));
}

/** target x source: one 1 in each row. */
function selectionMatrix(source: number, target: number): Float32Array {
  const weights = new Float32Array(target * source);
  for (let row = 0; row < target; row++) weights[row * source + Math.floor((row * source) / target)] = 1;
  return weights;
}

/** Repeats every pixel `factor` times along both axes. */
export function upsampleNearest(x: Tensor, factor: number): Tensor {
  const [batch, channels, height, width] = x.shape;
  const apart = reshape(x, [batch, channels, height, 1, width, 1]);
  const repeated = broadcastTo(apart, [batch, channels, height, factor, width, factor]);
  return reshape(repeated, [batch, channels, height * factor, width * factor]);
}

/** [batch, channels * factor², h, w] -> [batch, channels, h * factor, w * factor] (PyTorch's PixelShuffle). */
export function pixelShuffle(x: Tensor, factor: number): Tensor {
  const [batch, channels, height, width] = x.shape;
  const outputs = channels / (factor * factor);
  if (!Number.isInteger(outputs))
    throw shapeError('pixelShuffle', [x], `its channels are no multiple of ${factor * factor}`);
  const apart = reshape(x, [batch, outputs, factor, factor, height, width]);
  return reshape(transpose(apart, [0, 1, 4, 2, 5, 3]), [batch, outputs, height * factor, width * factor]);
}

/** Mean over windows of `size` that do not overlap. */
export function averagePool(x: Tensor, size: number): Tensor {
  const [batch, channels, height, width] = x.shape;
  return mean(reshape(x, [batch, channels, height / size, size, width / size, size]), [3, 5]);
}

/** Largest element of each window; windows may overlap, what lies outside the picture never wins. */
export function maxPool(x: Tensor, size: number, stride: number, padding = 0): Tensor {
  const [, , height, width] = x.shape;
  // Zeros around x - lowest + 1 > 0 lose against every pixel; the shift is taken back at the end.
  const shift = padding === 0 ? undefined : sub(1, stopGradient(min(x)));
  const shifted = shift === undefined ? x : add(x, shift);
  const around = pad(shifted, [[0, 0], [0, 0], [padding, padding], [padding, padding]]); // prettier-ignore
  const rows = Math.floor((height + 2 * padding - size) / stride) + 1;
  const columns = Math.floor((width + 2 * padding - size) / stride) + 1;
  const windows: Tensor[] = [];
  for (let dy = 0; dy < size; dy++) {
    for (let dx = 0; dx < size; dx++) {
      const down = [dy, dy + (rows - 1) * stride + 1, stride] as const;
      const right = [dx, dx + (columns - 1) * stride + 1, stride] as const;
      windows.push(slice(around, { 2: down, 3: right }));
    }
  }
  const top = windows.reduce((a, b) => maximum(a, b));
  return shift === undefined ? top : sub(top, shift);
}
