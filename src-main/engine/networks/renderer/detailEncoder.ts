import { leakyRelu } from '#engine/graph/ops/elementwise';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { convolution } from '#engine/networks/layers/dense';
import { withCoordinates } from '#engine/networks/renderer/coordinates';
import { heStart } from '#engine/networks/renderer/starts';

/** Slope of the renderer's convolution stacks where the input is negative. */
export const SLOPE = 0.01;

/**
 * What the portrait shows at full detail: a stack of convolutions, the first of 7 x 7 (spec 6.3, step 2).
 *
 * @param source [batch, 3, size, size], -1 to 1
 * @param cells along each side of the result: the size, or half of it
 * @returns [batch, last width, cells, cells]
 */
export function detailEncoder(
  scope: Scope,
  source: Tensor,
  cells: number,
  widths: readonly number[],
): Tensor {
  return widths.reduce((x, width, index) => {
    const first = { kernel: 7, stride: source.shape[2] / cells, padding: 3 };
    const options = index === 0 ? first : { kernel: 3, padding: 1 };
    const layer = convolution(scope.child(`encoder.${2 * index}`), x, width, { ...options, start: heStart });
    return leakyRelu(layer, SLOPE);
  }, withCoordinates(source));
}
