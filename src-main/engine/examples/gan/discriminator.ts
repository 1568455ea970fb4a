import { add, sub } from '#engine/graph/ops/arithmetic';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { sqrt, square } from '#engine/graph/ops/elementwise';
import { concat } from '#engine/graph/ops/layout';
import { mean } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { equalizedConv, equalizedLinear } from '#engine/networks/layers/equalized';
import type { GanSettings } from '#engine/examples/gan/settings';

/**
 * StyleGAN2's residual discriminator.
 *
 * @param pictures [batch, 3, size, size]
 * @returns [batch, 1]: above 0 for what it takes for real
 */
export function discriminator(scope: Scope, pictures: Tensor, { size, channels }: GanSettings): Tensor {
  const lrelu = { activation: 'lrelu' } as const;
  const gain = Math.SQRT1_2;
  let x = equalizedConv(scope.child(`b${size}.fromrgb`), pictures, channels, { ...lrelu, kernel: 1 });
  for (let side = size; side > 4; side /= 2) {
    const block = scope.child(`b${side}`);
    const skip = { kernel: 1, down: 2, hasBias: false, gain } as const;
    const y = equalizedConv(block.child('conv0'), x, channels, lrelu);
    x = add(
      equalizedConv(block.child('skip'), x, channels, skip),
      equalizedConv(block.child('conv1'), y, channels, { ...lrelu, down: 2, gain }),
    );
  }
  x = equalizedConv(scope.child('b4.conv'), withSpread(x), channels, lrelu);
  const flat = equalizedLinear(scope.child('b4.fc'), reshape(x, [x.shape[0], -1]), channels, lrelu);
  return equalizedLinear(scope.child('b4.out'), flat, 1);
}

/**
 * Appends a channel that tells how much the pictures of a group differ: a generator that makes one picture only is
 * found out (minibatch standard deviation, Progressive GAN, section 3).
 */
function withSpread(x: Tensor, largestGroup = 4): Tensor {
  const [batch, channels, height, width] = x.shape;
  const group = batch % largestGroup === 0 ? largestGroup : batch;
  const groups = batch / group;
  const grouped = reshape(x, [group, groups, channels, height, width]);
  const centred = sub(grouped, mean(grouped, [0], { keepAxes: true }));
  const deviation = sqrt(add(mean(square(centred), [0]), 1e-8));
  const spread = reshape(mean(deviation, [1, 2, 3]), [1, groups, 1, 1, 1]);
  const channel = reshape(broadcastTo(spread, [group, groups, 1, height, width]), [batch, 1, height, width]);
  return concat([x, channel], 1);
}
