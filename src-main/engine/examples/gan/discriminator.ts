import { add, mul, sub } from '#engine/graph/ops/arithmetic';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { conv } from '#engine/graph/ops/convolution/convolution';
import { sqrt, square } from '#engine/graph/ops/elementwise';
import { concat } from '#engine/graph/ops/layout';
import { mean } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import { lrelu } from '#engine/graph/functions/activation';
import { downsampleFir } from '#engine/graph/functions/upfirdn';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { addBias, convWeight, FILTER, linear, plainConv } from '#engine/examples/gan/layers';
import type { GanSettings } from '#engine/examples/gan/settings';

/**
 * StyleGAN2's residual discriminator.
 *
 * @param pictures [batch, 3, size, size]
 * @returns [batch, 1]: above 0 for what it takes for real
 */
export function discriminator(scope: Scope, pictures: Tensor, { size, channels }: GanSettings): Tensor {
  const entry = scope.child(`b${size}.fromrgb`);
  let x = lrelu(addBias(entry, conv(pictures, convWeight(entry, channels, 3, 1))));
  for (let side = size; side > 4; side /= 2) {
    const block = scope.child(`b${side}`);
    const skip = conv(downsampleFir(x, FILTER), convWeight(block.child('skip'), channels, channels, 1));
    const y = plainConv(block.child('conv0'), x, { channels });
    x = mul(add(plainConv(block.child('conv1'), y, { channels, down: 2 }), skip), Math.SQRT1_2);
  }
  x = plainConv(scope.child('b4.conv'), withSpread(x), { channels });
  const flat = reshape(x, [x.shape[0], -1]);
  return linear(scope.child('b4.out'), lrelu(linear(scope.child('b4.fc'), flat, channels)), 1);
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
