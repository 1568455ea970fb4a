import { rootMeanSquareNorm } from '#engine/graph/functions/normalization';
import { add, mul, sub } from '#engine/graph/ops/arithmetic';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { concat } from '#engine/graph/ops/layout';
import { mean } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import { constant } from '#engine/graph/ops/sources';
import type { Scope } from '#engine/graph/parameters';
import { zeros } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { equalizedLinear } from '#engine/networks/layers/equalized';
import type { MappingConfig } from '#engine/networks/generator/generatorConfig';

/** How much of the old average stays at each step of training (spec 2.1). */
const AVERAGE_DECAY = 0.998;

/**
 * From noise and camera to a style w (StyleGAN2's mapping network, spec 2.1). Keys `embed.*`, `fc{k}.*`.
 *
 * @param z [batch, latentSize], normal
 * @param label [batch, labelSize]; AvatarArtist always gives the frontal one, so that w says nothing of the camera
 * @returns [batch, latentSize], not truncated
 */
export function mapping(scope: Scope, z: Tensor, label: Tensor | undefined, config: MappingConfig): Tensor {
  const { latentSize, labelSize, layers } = config;
  let w = rootMeanSquareNorm(z);
  if (label !== undefined && labelSize > 0) {
    w = concat([w, rootMeanSquareNorm(equalizedLinear(scope.child('embed'), label, latentSize))], 1);
  }
  for (let layer = 0; layer < layers; layer++) {
    w = equalizedLinear(scope.child(`fc${layer}`), w, latentSize, { activation: 'lrelu', rateScale: 0.01 });
  }
  return w;
}

/** The running average of w, [latentSize]: a buffer that training moves to `movedAverage` after each step. */
export function averageStyle(scope: Scope, { latentSize }: MappingConfig): Tensor {
  return scope.buffer('w_avg', [latentSize], zeros);
}

/**
 * The average after a batch: 0.998 of the old and 0.002 of the batch's mean.
 *
 * @param w [batch, latentSize]
 * @returns [latentSize]
 */
export function movedAverage(scope: Scope, w: Tensor, config: MappingConfig): Tensor {
  const average = averageStyle(scope, config);
  return add(mul(average, AVERAGE_DECAY), mul(mean(w, [0]), 1 - AVERAGE_DECAY));
}

/**
 * One copy of w for each layer, the first ones moved towards the average ("truncation trick").
 *
 * @param w [batch, latentSize]
 * @returns [batch, latentCount, latentSize]
 */
export function spreadStyle(scope: Scope, w: Tensor, config: MappingConfig): Tensor {
  const { latentSize, latentCount, truncation } = config;
  const average = averageStyle(scope, config);
  const copies = broadcastTo(reshape(w, [w.shape[0], 1, latentSize]), [w.shape[0], latentCount, latentSize]);
  if (truncation.amount === 1 || truncation.layers === 0) return copies;
  const amounts = Array.from({ length: latentCount }, (_, k) =>
    k < truncation.layers ? truncation.amount : 1,
  );
  return add(average, mul(sub(copies, average), constant(amounts, [latentCount, 1])));
}
