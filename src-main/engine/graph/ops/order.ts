import type { OpDefinition, Tensor } from '#engine/graph/tensor';
import { apply, requireFloats, shapeError } from '#engine/graph/tensor';
import { resolveAxis, stridesOf } from '#engine/graph/shape';
import { flip } from '#engine/graph/ops/layout';
import { takeAlong } from '#engine/graph/ops/gather';

/** Calls `visit` with the first flat index of every line along an axis and the step inside it. */
function forEachLine(
  shape: readonly number[],
  axis: number,
  visit: (first: number, step: number, length: number) => void,
): void {
  const step = stridesOf(shape)[axis];
  const count = shape.reduce((product, size) => product * size, 1) / shape[axis];
  for (let line = 0; line < count; line++) {
    visit(Math.floor(line / step) * step * shape[axis] + (line % step), step, shape[axis]);
  }
}

const cumsumOp: OpDefinition<{ readonly axis: number; readonly isExclusive: boolean }> = {
  name: 'cumsum',
  infer: ([x]) => {
    requireFloats('cumsum', [x]);
    return x;
  },
  evaluate: ([x], { shape, attributes: { axis, isExclusive } }) => {
    const result = new Float64Array(x.length);
    forEachLine(shape, axis, (first, step, length) => {
      let total = 0;
      for (let at = 0, flat = first; at < length; at++, flat += step) {
        result[flat] = isExclusive ? total : total + x[flat];
        total += x[flat];
      }
    });
    return result;
  },
  gradient: (g, { attributes: { axis, isExclusive } }) => [
    flip(cumsum(flip(g, [axis]), axis, { isExclusive }), [axis]),
  ],
  lower: (context, [x], { attributes: { axis, isExclusive } }) =>
    context.node('CumSum', [x, context.integers([axis], [])], { exclusive: { int: isExclusive ? 1 : 0 } }),
};

/** Running sum along an axis; exclusive ones start with 0 and leave the last element out. */
export function cumsum(
  x: Tensor,
  axis: number,
  { isExclusive = false }: { readonly isExclusive?: boolean } = {},
): Tensor {
  return apply(cumsumOp, [x], { axis: resolveAxis('cumsum', x, axis), isExclusive });
}

const rankOp: OpDefinition<{ readonly axis: number; readonly count: number; readonly isLargest: boolean }> = {
  name: 'topIndices',
  infer: ([x], { axis, count }) => {
    requireFloats('topIndices', [x]);
    if (count < 1 || count > x.shape[axis])
      throw shapeError('topIndices', [x], `has no ${count} elements on axis ${axis}`);
    return { shape: x.shape.map((size, at) => (at === axis ? count : size)), elementType: 'int32' };
  },
  evaluate: ([x], node) => {
    const { axis, count, isLargest } = node.attributes;
    const result = new Float64Array(node.size);
    const starts: number[] = [];
    forEachLine(node.shape, axis, (first) => starts.push(first));
    let line = 0;
    forEachLine(node.inputs[0].shape, axis, (first, step, length) => {
      const order = Array.from({ length }, (_, at) => at).sort((a, b) => {
        const difference = x[first + a * step] - x[first + b * step];
        return (isLargest ? -difference : difference) || a - b;
      });
      for (let at = 0; at < count; at++) result[starts[line] + at * step] = order[at];
      line++;
    });
    return result;
  },
  lower: (context, [x], { attributes: { axis, count, isLargest } }) => {
    const [, indices] = context.nodes('TopK', [x, context.integers([count])], 2, {
      axis: { int: axis },
      largest: { int: isLargest ? 1 : 0 },
    });
    return context.markIndices(indices);
  },
};

/** Positions of the `count` largest elements along an axis, largest first; constant under differentiation. */
export function topIndices(x: Tensor, count: number, axis: number): Tensor {
  return apply(rankOp, [x], { axis: resolveAxis('topIndices', x, axis), count, isLargest: true });
}

/** Position of the largest element along an axis, which stays with size 1; the first of equal ones. */
export function argmax(x: Tensor, axis: number): Tensor {
  return topIndices(x, 1, axis);
}

/** Position of the smallest element along an axis, which stays with size 1; the first of equal ones. */
export function argmin(x: Tensor, axis: number): Tensor {
  const at = resolveAxis('argmin', x, axis);
  return apply(rankOp, [x], { axis: at, count: 1, isLargest: false });
}

/** Positions that sort x along an axis, smallest first; apply them with `takeAlong`. */
export function sortIndices(x: Tensor, axis: number): Tensor {
  const at = resolveAxis('sortIndices', x, axis);
  return apply(rankOp, [x], { axis: at, count: x.shape[at], isLargest: false });
}

/** x sorted along an axis, smallest first; gradients follow the elements. */
export function sort(x: Tensor, axis: number): Tensor {
  return takeAlong(x, sortIndices(x, axis), axis);
}
