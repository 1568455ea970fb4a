import { add, div, mul, sub } from '#engine/graph/ops/arithmetic';
import { sqrt } from '#engine/graph/ops/elementwise';
import { reshape } from '#engine/graph/ops/reshape';
import type { Scope } from '#engine/graph/parameters';
import { zeros } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';

const ones = { kind: 'constant', value: 1 } as const;

/**
 * nn.BatchNorm1d and 2d in evaluation: scales and shifts each channel by stored statistics. For published networks that
 * are used as they are (motion, identity); whoever trains normalises otherwise, small batches have poor statistics.
 * Keys `weight`, `bias` and the buffers `running_mean`, `running_var`, [channels] each.
 *
 * @param x [batch, channels, ...spatial]
 */
export function frozenBatchNorm(scope: Scope, x: Tensor, epsilon = 1e-5): Tensor {
  const channels = x.shape[1];
  const weight = scope.parameter('weight', [channels], ones);
  const bias = scope.parameter('bias', [channels], zeros);
  const average = scope.buffer('running_mean', [channels], zeros);
  const variance = scope.buffer('running_var', [channels], ones);
  const factor = div(weight, sqrt(add(variance, epsilon)));
  const perChannel = (values: Tensor): Tensor =>
    reshape(values, [channels, ...x.shape.slice(2).map(() => 1)]);
  // One product and one sum over the picture; the rest is as large as the channels.
  return add(mul(x, perChannel(factor)), perChannel(sub(bias, mul(average, factor))));
}
