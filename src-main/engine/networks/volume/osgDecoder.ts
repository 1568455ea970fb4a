import { add, mul } from '#engine/graph/ops/arithmetic';
import { sigmoid, softplus } from '#engine/graph/ops/elementwise';
import { slice } from '#engine/graph/ops/layout';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { equalizedLinear } from '#engine/networks/layers/equalized';

/** What fills space at given points. */
export interface FieldValues {
  /** [batch, count, 1], before the softplus of the ray marcher. */
  readonly density: Tensor;
  /** [batch, count, channels], -0.001 to 1.001; the first three are red, green and blue. */
  readonly colour: Tensor;
}

/** Sigmoids reach 0 and 1 a little more easily when stretched (mip-NeRF). */
const STRETCH = 0.001;

/**
 * EG3D's decoder of plane features: two layers of an MLP (spec 2.6). Keys `net.0.*` [width, channels] and `net.2.*`
 * [1 + channels, width].
 *
 * @param features [batch, count, channels]
 */
export function osgDecoder(scope: Scope, features: Tensor, width: number): FieldValues {
  const channels = features.shape[2];
  const hidden = softplus(equalizedLinear(scope.child('net.0'), features, width));
  const values = equalizedLinear(scope.child('net.2'), hidden, 1 + channels);
  const colour = sigmoid(slice(values, { 2: [1, undefined] }));
  return {
    density: slice(values, { 2: [0, 1] }),
    colour: add(mul(colour, 1 + 2 * STRETCH), -STRETCH),
  };
}
