import type { Initializer } from '#engine/graph/parameters';
import { normal } from '#engine/graph/parameters';
import type { WeightStart } from '#engine/networks/layers/dense';

/** He's start by what leaves a layer: convolutions of the renderer (spec 6.3). */
export const heStart: WeightStart = (_, fanOut) => normal(Math.sqrt(2 / fanOut));

/** Linear layers of its transformers (spec 6.3). */
export const tokenStart: WeightStart = () => normal(0.02);

/** Convolutions with one filter for each channel: `heStart` for groups. */
export function depthwiseStart(taps: number): WeightStart {
  return () => normal(Math.sqrt(2 / taps));
}

/** The last convolution before the planes are refined: it starts loud, planes have deviations about 1 (spec 6.3). */
export const planesStart: WeightStart = (): Initializer => normal(0.15);
