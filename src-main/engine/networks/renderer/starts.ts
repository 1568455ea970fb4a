import type { Initializer } from '#engine/graph/parameters';
import { normal } from '#engine/graph/parameters';
import type { WeightStart } from '#engine/networks/layers/dense';

/** He's start by what leaves a layer: convolutions of the renderer (spec 6.3). */
export const heStart: WeightStart = (_, fanOut) => normal(Math.sqrt(2 / fanOut));

/**
 * Linear layers of its transformers: 0.02, which is made for widths of 512 and more (spec 6.3). Narrower layers start as
 * loud as one of 512: motion passes five of them, and at 0.02 a compact frame would hardly know it (8e-5 of the picture).
 */
export const tokenStart: WeightStart = (fanIn) => normal(Math.max(0.02, 0.45 / Math.sqrt(fanIn)));

/** Convolutions with one filter for each channel: `heStart` for groups. */
export function depthwiseStart(taps: number): WeightStart {
  return () => normal(Math.sqrt(2 / taps));
}

/** The last convolution before the planes are refined: it starts loud, planes have deviations about 1 (spec 6.3). */
export const planesStart: WeightStart = (): Initializer => normal(0.15);
