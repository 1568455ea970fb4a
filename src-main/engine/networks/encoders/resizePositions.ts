import { concat, slice } from '#engine/graph/ops/layout';
import { matmul } from '#engine/graph/ops/matmul';
import { reshape } from '#engine/graph/ops/reshape';
import { constant } from '#engine/graph/ops/sources';
import type { Tensor } from '#engine/graph/tensor';

/** Keys' cubic with PyTorch's parameter. */
const SHARPNESS = -0.75;

/**
 * Learned positions of a square grid for a grid of another size, by bicubic interpolation; the first row, the class
 * token's, stays.
 *
 * @param table [1, 1 + from², width]
 * @returns [1, 1 + to², width]
 */
export function resizePositions(
  table: Tensor,
  { from, to, offset }: { readonly from: number; readonly to: number; readonly offset: number },
): Tensor {
  if (from === to) return table;
  const width = table.shape[2];
  const one = constant(cubicMatrix(from, to, from / (to + offset)), [to, from]);
  const grid = reshape(slice(table, { 1: [1] }), [from, from, width]);
  // Rows, then columns: [to, from] x [from, from * width], and the same for each row.
  const tall = reshape(matmul(one, reshape(grid, [from, from * width])), [to, from, width]);
  const square = reshape(matmul(one, tall), [1, to * to, width]);
  return concat([slice(table, { 1: [0, 1] }), square], 1);
}

/** target x source weights; cells outside repeat the border. */
export function cubicMatrix(source: number, target: number, scale: number): Float32Array {
  const weights = new Float32Array(target * source);
  for (let row = 0; row < target; row++) {
    const centre = (row + 0.5) * scale - 0.5;
    const first = Math.floor(centre) - 1;
    for (let at = first; at < first + 4; at++) {
      const column = Math.min(source - 1, Math.max(0, at));
      weights[row * source + column] += cubic(centre - at, SHARPNESS);
    }
  }
  return weights;
}

/** Keys' family of cubics (1981): 1 at 0, 0 at other whole numbers and beyond 2. */
export function cubic(distance: number, sharpness: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((sharpness + 2) * x - (sharpness + 3)) * x * x + 1;
  return x < 2 ? sharpness * (((x - 5) * x + 8) * x - 4) : 0;
}
