import { add } from '#engine/graph/ops/arithmetic';
import { reshape } from '#engine/graph/ops/reshape';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { batchSpread } from '#engine/networks/discriminator/batchSpread';
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
  x = equalizedConv(scope.child('b4.conv'), batchSpread(x, 4), channels, lrelu);
  const flat = equalizedLinear(scope.child('b4.fc'), reshape(x, [x.shape[0], -1]), channels, lrelu);
  return equalizedLinear(scope.child('b4.out'), flat, 1);
}
