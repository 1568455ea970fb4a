import { concat, slice } from '#engine/graph/ops/layout';
import { sum } from '#engine/graph/ops/reduce';
import { forEachIndex, offsetOf, stridesOf } from '#engine/graph/shape';
import type { OpDefinition, Tensor } from '#engine/graph/tensor';
import { apply, requireFloats, shapeError } from '#engine/graph/tensor';

/** For each axis. */
type Amounts = readonly (readonly [before: number, after: number])[];

/** An operation of its own: one Pad instead of a Concat for each axis, and a gradient in half the time (CPU, 64 channels of 4 x 64 x 64). */
const replicatePadOp: OpDefinition<{ readonly amounts: Amounts }> = {
  name: 'replicatePad',
  infer: ([x], { amounts }) => {
    requireFloats('replicatePad', [x]);
    if (amounts.length !== x.rank || amounts.some((pair) => pair.some((amount) => amount < 0))) {
      throw shapeError('replicatePad', [x], `takes ${x.rank} pairs of amounts, at least 0`);
    }
    const shape = x.shape.map((size, axis) => size + amounts[axis][0] + amounts[axis][1]);
    return { shape, elementType: 'float32' };
  },
  evaluate: ([x], { inputs: [source], shape, attributes: { amounts } }) => {
    const strides = stridesOf(source.shape);
    const result = new Float64Array(shape.reduce((product, size) => product * size, 1));
    forEachIndex(shape, (flat, at) => {
      const nearest = at.map((position, axis) =>
        Math.min(source.shape[axis] - 1, Math.max(0, position - amounts[axis][0])),
      );
      result[flat] = x[offsetOf(nearest, strides)];
    });
    return result;
  },
  gradient: (g, { attributes: { amounts } }) => [
    amounts.reduce((rest, [before, after], axis) => gatherBorder(rest, axis, before, after), g),
  ],
  lower: (context, [x], { attributes: { amounts } }) => {
    const pads = [...amounts.map(([before]) => before), ...amounts.map(([, after]) => after)];
    return context.node('Pad', [x, context.integers(pads)], { mode: { text: 'edge' } });
  },
};

/** What the repeated rows of an axis received goes to the rows they repeat. */
function gatherBorder(g: Tensor, axis: number, before: number, after: number): Tensor {
  if (before === 0 && after === 0) return g;
  const end = g.shape[axis];
  const part = (from: number, to: number): Tensor => slice(g, { [axis]: [from, to] });
  const total = (from: number, to: number): Tensor => sum(part(from, to), [axis], { keepAxes: true });
  const size = end - before - after;
  if (size === 1) return total(0, end);
  const middle = size > 2 ? [part(before + 1, end - after - 1)] : [];
  return concat([total(0, before + 1), ...middle, total(end - after - 1, end)], axis);
}

/** Repeats what lies at the border, corners into corners (PyTorch's padding mode 'replicate'). */
export function replicatePad(x: Tensor, amounts: Amounts): Tensor {
  return amounts.every(([before, after]) => before === 0 && after === 0)
    ? x
    : apply(replicatePadOp, [x], { amounts });
}
