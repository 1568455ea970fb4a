import { conv, convTranspose } from '#engine/graph/ops/convolution/convolution';
import { mul } from '#engine/graph/ops/arithmetic';
import { flip, pad, slice } from '#engine/graph/ops/layout';
import { reshape } from '#engine/graph/ops/reshape';
import { constant } from '#engine/graph/ops/sources';
import type { Tensor } from '#engine/graph/tensor';

export interface UpfirdnOptions {
  /** Zeros are put between pixels so that there are `up` times as many. */
  readonly up?: number;
  /** Every `down`-th pixel is kept. */
  readonly down?: number;
  /** [left, right, top, bottom], after the zeros went in; negative amounts cut. */
  readonly padding?: readonly [left: number, right: number, top: number, bottom: number];
  readonly gain?: number;
}

/** The separable binomial filter of StyleGAN2, normalised to sum 1: [1, 3, 3, 1] gives a 4 x 4 kernel. */
export function setupFilter(taps: readonly number[]): Tensor {
  const total = taps.reduce((sum, tap) => sum + tap, 0);
  const kernel = taps.flatMap((a) => taps.map((b) => (a * b) / (total * total)));
  return constant(kernel, [taps.length, taps.length]);
}

/**
 * Pads, upsamples with zeros, filters and downsamples [batch, channels, height, width] (StyleGAN's upfirdn2d,
 * a true convolution: the filter is flipped). Zeros are never computed: upsampling is a transposed convolution,
 * downsampling a strided one, both over single channels.
 *
 * @param filter [taps, taps]
 */
export function upfirdn(x: Tensor, filter: Tensor, options: UpfirdnOptions = {}): Tensor {
  const { up = 1, down = 1, padding = [0, 0, 0, 0], gain = 1 } = options;
  const [batch, channels, height, width] = x.shape;
  const taps = filter.shape[0];
  const kernel = reshape(mul(filter, gain), [1, 1, taps, taps]);
  const planes = reshape(x, [batch * channels, 1, height, width]);
  const [left, right, top, bottom] = padding;
  const filtered =
    up === 1
      ? conv(pad(planes, [[0, 0], [0, 0], [top, bottom], [left, right]]), flip(kernel, [2, 3]), { stride: down }) // prettier-ignore
      : everyOther(spread(planes, kernel, up, padding), down);
  return reshape(filtered, [batch, channels, filtered.shape[2], filtered.shape[3]]);
}

/** The valid part of the padded, zero-filled picture's convolution, cut from the full transposed one. */
function spread(
  planes: Tensor,
  kernel: Tensor,
  up: number,
  [left, right, top, bottom]: readonly [number, number, number, number],
): Tensor {
  const taps = kernel.shape[2];
  const full = convTranspose(planes, kernel, { stride: up });
  const cut = (axis: 2 | 3, before: number, after: number): readonly [number, number] => {
    const first = taps - 1 - before;
    const length = planes.shape[axis] * up + before + after - taps + 1;
    return [-first, first + length - full.shape[axis]];
  };
  return pad(full, [[0, 0], [0, 0], cut(2, top, bottom), cut(3, left, right)]); // prettier-ignore
}

function everyOther(x: Tensor, step: number): Tensor {
  return step === 1 ? x : slice(x, { 2: [0, undefined, step], 3: [0, undefined, step] });
}

/** Twice the size, smoothed: StyleGAN2's upsample2d. */
export function upsampleFir(x: Tensor, filter: Tensor, factor = 2): Tensor {
  const taps = filter.shape[0];
  const before = Math.floor((taps + factor - 1) / 2);
  const after = Math.floor((taps - factor) / 2);
  const padding = [before, after, before, after] as const;
  return upfirdn(x, filter, { up: factor, padding, gain: factor * factor });
}

/** Half the size, smoothed: StyleGAN2's downsample2d. */
export function downsampleFir(x: Tensor, filter: Tensor, factor = 2): Tensor {
  const taps = filter.shape[0];
  const before = Math.floor((taps - factor + 1) / 2);
  const after = Math.floor((taps - factor) / 2);
  return upfirdn(x, filter, { down: factor, padding: [before, after, before, after] });
}
