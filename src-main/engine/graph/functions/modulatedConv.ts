import { add, mul } from '#engine/graph/ops/arithmetic';
import { conv, convTranspose } from '#engine/graph/ops/convolution/convolution';
import { rsqrt, square } from '#engine/graph/ops/elementwise';
import { transpose } from '#engine/graph/ops/layout';
import { matmul } from '#engine/graph/ops/matmul';
import { sum } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import { upfirdn } from '#engine/graph/functions/upfirdn';
import type { Tensor } from '#engine/graph/tensor';
import { shapeError } from '#engine/graph/tensor';

export interface ModulatedConvOptions {
  /** Keeps the output's variance whatever the style; off for toRGB layers. */
  readonly demodulates?: boolean;
  /** 2 doubles the size: a transposed convolution followed by `filter`. */
  readonly up?: 1 | 2;
  /** From `setupFilter`; needed for up = 2. */
  readonly filter?: Tensor;
}

/**
 * Convolution whose input channels are scaled by a style per sample (StyleGAN2). Scaling the picture instead of
 * the weight needs no grouped convolution and gives the same sums.
 *
 * @param x [batch, channels, height, width]
 * @param weight [outputs, channels, k, k]
 * @param style [batch, channels]
 */
export function modulatedConv(
  x: Tensor,
  weight: Tensor,
  style: Tensor,
  options: ModulatedConvOptions = {},
): Tensor {
  const { demodulates = true, up = 1, filter } = options;
  const [batch, channels] = x.shape;
  const [outputs, , kernel] = weight.shape;
  if (style.shape[0] !== batch || style.shape[1] !== channels || weight.shape[1] !== channels) {
    throw shapeError(
      'modulatedConv',
      [x, weight, style],
      `the style and the weight must have ${channels} channels`,
    );
  }
  const scaled = mul(x, reshape(style, [batch, channels, 1, 1]));
  const filtered =
    up === 2 ? convUp(scaled, weight, filter) : conv(scaled, weight, { padding: (kernel - 1) / 2 });
  if (!demodulates) return filtered;
  // sum over (channel, tap) of (weight * style)² is a matrix product of the squares.
  const energy = matmul(square(style), transpose(sum(square(weight), [2, 3])));
  return mul(filtered, reshape(rsqrt(add(energy, 1e-8)), [batch, outputs, 1, 1]));
}

/**
 * Convolution to twice the size: a transposed one, then the filter (StyleGAN2's conv2d_resample).
 *
 * @param x [batch, channels, height, width]
 * @param weight [outputs, channels, k, k]
 * @param filter [taps, taps]
 */
export function convUp(x: Tensor, weight: Tensor, filter: Tensor | undefined): Tensor {
  if (filter === undefined)
    throw shapeError('convUp', [x, weight], 'doubling the size needs a filter from setupFilter');
  const kernel = weight.shape[2];
  const taps = filter.shape[0];
  const wide = convTranspose(x, transpose(weight, [1, 0, 2, 3]), { stride: 2 });
  // The filter sees (size - 1) * 2 + k pixels and must leave 2 * size.
  const before = Math.floor((taps + 1) / 2) - (kernel - 1) + Math.floor((kernel - 1) / 2);
  const after = 2 * x.shape[2] - wide.shape[2] + taps - 1 - before;
  return upfirdn(wide, filter, { padding: [before, after, before, after], gain: 4 });
}
