import { add, sub } from '#engine/graph/ops/arithmetic';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { sqrt, square } from '#engine/graph/ops/elementwise';
import { concat } from '#engine/graph/ops/layout';
import { mean } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import type { Tensor } from '#engine/graph/tensor';

/**
 * Appends a channel that tells how much the pictures of a group differ: a generator that makes one picture only is
 * found out (minibatch standard deviation, Progressive GAN, section 3). Sample n belongs to group n mod (batch / group),
 * as in the published networks.
 *
 * @param x [batch, channels, height, width]
 * @param groupSize pictures of a group; where it does not divide the batch, the whole batch is one group
 * @returns [batch, channels + 1, height, width]
 */
export function batchSpread(x: Tensor, groupSize: number): Tensor {
  const [batch, channels, height, width] = x.shape;
  const group = batch % groupSize === 0 ? groupSize : batch;
  const groups = batch / group;
  const grouped = reshape(x, [group, groups, channels, height, width]);
  const centred = sub(grouped, mean(grouped, [0], { keepAxes: true }));
  const deviation = sqrt(add(mean(square(centred), [0]), 1e-8));
  const spread = reshape(mean(deviation, [1, 2, 3]), [1, groups, 1, 1, 1]);
  const channel = reshape(broadcastTo(spread, [group, groups, 1, height, width]), [batch, 1, height, width]);
  return concat([x, channel], 1);
}
