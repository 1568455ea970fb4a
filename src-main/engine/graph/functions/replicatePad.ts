import { concat, slice } from '#engine/graph/ops/layout';
import type { Tensor } from '#engine/graph/tensor';
import { shapeError } from '#engine/graph/tensor';

/**
 * Repeats what lies at the border (PyTorch's padding_mode 'replicate'), one axis after the other, so a corner is
 * repeated into its corner.
 *
 * @param amounts for each axis of `x`
 */
export function replicatePad(
  x: Tensor,
  amounts: readonly (readonly [before: number, after: number])[],
): Tensor {
  if (amounts.length !== x.rank) {
    throw shapeError('replicatePad', [x], `takes ${x.rank} pairs of amounts, not ${amounts.length}`);
  }
  return amounts.reduce((padded, [before, after], axis) => padAxis(padded, axis, before, after), x);
}

function padAxis(x: Tensor, axis: number, before: number, after: number): Tensor {
  if (before === 0 && after === 0) return x;
  const first = slice(x, { [axis]: [0, 1] });
  const last = slice(x, { [axis]: [x.shape[axis] - 1, x.shape[axis]] });
  const parts = [...times(first, before), x, ...times(last, after)];
  return concat(parts, axis);
}

function times(part: Tensor, count: number): readonly Tensor[] {
  return Array.from({ length: count }, () => part);
}
