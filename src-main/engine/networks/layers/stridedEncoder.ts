import { silu } from '#engine/graph/functions/activation';
import { concat } from '#engine/graph/ops/layout';
import { mean } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { convolution, groupNorm, linear } from '#engine/networks/layers/dense';

/** Rows and columns of the grid that the last layer sees. */
const GRID = 2;
const GROUPS = 4;

/**
 * From a picture to a vector: convolutions that halve the size, with group normalisation, and a linear layer over the
 * means of the quarters (where something is matters: eyes above, mouth below) and of the whole. Small enough to be
 * trained along. Keys `conv{k}.weight`, `norm{k}.*`, `out.*`.
 *
 * @param picture [batch, channels, size, size]
 * @param widths channels of the convolutions, multiples of 4
 * @returns [batch, outputs]
 */
export function stridedEncoder(
  scope: Scope,
  picture: Tensor,
  widths: readonly number[],
  outputs: number,
): Tensor {
  const x = widths.reduce((y, width, index) => {
    const layer = convolution(scope.child(`conv${index}`), y, width, {
      stride: 2,
      padding: 1,
      hasBias: false,
    });
    return silu(groupNorm(scope.child(`norm${index}`), layer, GROUPS));
  }, picture);
  const [batch, channels, rows, columns] = x.shape;
  const apart = reshape(x, [batch, channels, GRID, rows / GRID, GRID, columns / GRID]);
  const quarters = reshape(mean(apart, [3, 5]), [batch, channels * GRID * GRID]);
  return linear(scope.child('out'), concat([quarters, mean(x, [2, 3])], 1), outputs);
}
