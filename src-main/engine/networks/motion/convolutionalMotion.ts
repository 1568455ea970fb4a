import { silu } from '#engine/graph/functions/activation';
import { mean } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import { concat } from '#engine/graph/ops/layout';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { convolution, groupNorm, linear } from '#engine/networks/layers/dense';
import type { ConvolutionalMotionConfig } from '#engine/networks/motion/motionConfig';

/** Rows and columns of the grid that the head of the network sees. */
const GRID = 2;

/**
 * A small motion encoder of our own (spec 10.7): strided convolutions, and a linear layer over the means of the quarters
 * (eyes above, mouth below: their places say what moves) and of the whole.
 *
 * @param crop [batch, 3, cropSize, cropSize], -1 to 1
 * @returns [batch, motionSize]
 */
export function convolutionalMotion(
  scope: Scope,
  crop: Tensor,
  { widths, motionSize }: ConvolutionalMotionConfig,
): Tensor {
  const x = widths.reduce((y, width, index) => {
    const layer = convolution(scope.child(`conv${index}`), y, width, {
      stride: 2,
      padding: 1,
      hasBias: false,
    });
    return silu(groupNorm(scope.child(`norm${index}`), layer, 4));
  }, crop);
  const [batch, channels, rows, columns] = x.shape;
  const apart = reshape(x, [batch, channels, GRID, rows / GRID, GRID, columns / GRID]);
  const quarters = reshape(mean(apart, [3, 5]), [batch, channels * GRID * GRID]);
  return linear(scope.child('out'), concat([quarters, mean(x, [2, 3])], 1), motionSize);
}
