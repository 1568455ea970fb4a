import { forEachIndex, offsetOf, requireSizes, resolveAxis, stridesOf } from '#engine/graph/shape';
import type { OpDefinition, Shape, Tensor } from '#engine/graph/tensor';
import { apply, shapeError, typeError } from '#engine/graph/tensor';
import { reshape } from '#engine/graph/ops/reshape';

const transposeOp: OpDefinition<{ readonly order: readonly number[] }> = {
  name: 'transpose',
  infer: ([x], { order }) => {
    const isPermutation = order.length === x.rank && x.shape.every((_, axis) => order.includes(axis));
    if (!isPermutation) throw shapeError('transpose', [x], `[${order.join(', ')}] is no order of its axes`);
    return { shape: order.map((axis) => x.shape[axis]), elementType: x.elementType };
  },
  evaluate: ([x], node) => {
    const own = stridesOf(node.inputs[0].shape);
    const strides = node.attributes.order.map((axis) => own[axis]);
    const result = new Float64Array(node.size);
    forEachIndex(node.shape, (flat, at) => (result[flat] = x[offsetOf(at, strides)]));
    return result;
  },
  gradient: (g, { attributes: { order } }) => [
    transpose(
      g,
      order.map((_, axis) => order.indexOf(axis)),
    ),
  ],
  lower: (context, inputs, { attributes: { order } }) =>
    context.node('Transpose', inputs, { perm: { ints: order } }),
};

/** Axis `i` of the result is axis `order[i]` of x; by default the last two are swapped. */
export function transpose(x: Tensor, order?: readonly number[]): Tensor {
  const { rank } = x;
  const full = order ?? x.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
  return full.every((axis, index) => axis === index) && full.length === rank
    ? x
    : apply(transposeOp, [x], { order: [...full] });
}

interface SliceAttributes {
  /** Per axis: first element, one past the last, step >= 1. */
  readonly ranges: readonly (readonly [start: number, end: number, step: number])[];
}

const sliceOp: OpDefinition<SliceAttributes> = {
  name: 'slice',
  infer: ([x], { ranges }) => {
    const shape = ranges.map(([start, end, step]) => Math.ceil((end - start) / step));
    requireSizes('slice', [x], shape);
    if (ranges.some(([start, end], axis) => start < 0 || end > x.shape[axis])) {
      throw shapeError('slice', [x], `the ranges ${JSON.stringify(ranges)} leave its shape`);
    }
    return { shape, elementType: x.elementType };
  },
  evaluate: ([x], node) => {
    const own = stridesOf(node.inputs[0].shape);
    const { ranges } = node.attributes;
    const base = offsetOf(
      ranges.map(([start]) => start),
      own,
    );
    const strides = own.map((stride, axis) => stride * ranges[axis][2]);
    const result = new Float64Array(node.size);
    forEachIndex(node.shape, (flat, at) => (result[flat] = x[base + offsetOf(at, strides)]));
    return result;
  },
  gradient: (g, { inputs: [x], attributes: { ranges }, shape }) => {
    const spread = shape.map((size, axis) => (size - 1) * ranges[axis][2] + 1);
    const spaced = interleaveZeros(
      g,
      ranges.map(([, , step]) => step),
    );
    return [
      pad(
        spaced,
        ranges.map(([start], axis) => [start, x.shape[axis] - start - spread[axis]] as const),
      ),
    ];
  },
  lower: (context, [x], { attributes: { ranges }, inputs }) => {
    const axes = ranges.flatMap(([start, end, step], axis) =>
      start === 0 && end === inputs[0].shape[axis] && step === 1 ? [] : [axis],
    );
    const pick = (part: 0 | 1 | 2): string => context.integers(axes.map((axis) => ranges[axis][part]));
    return context.node('Slice', [x, pick(0), pick(1), context.integers(axes), pick(2)]);
  },
};

/** Puts `steps[axis] - 1` zeros between neighbours along each axis (none after the last one). */
function interleaveZeros(x: Tensor, steps: readonly number[]): Tensor {
  let spaced = x;
  steps.forEach((step, axis) => {
    if (step === 1 || spaced.shape[axis] === 1) return;
    const { shape } = spaced;
    const size = shape[axis];
    const split = reshape(spaced, [...shape.slice(0, axis), size, 1, ...shape.slice(axis + 1)]);
    const widened = pad(
      split,
      split.shape.map((_, at) => (at === axis + 1 ? ([0, step - 1] as const) : ([0, 0] as const))),
    );
    const flat = reshape(widened, [...shape.slice(0, axis), size * step, ...shape.slice(axis + 1)]);
    spaced = slice(flat, { [axis]: [0, (size - 1) * step + 1] });
  });
  return spaced;
}

/** Axis -> [start, end, step]; `end` is exclusive, negative positions count from the back, axes left out stay whole. */
export type SliceRanges = Readonly<
  Record<number, readonly [start: number, end?: number | undefined, step?: number]>
>;

/** Part of a tensor: `slice(x, { 1: [0, 3], 2: [0, undefined, 2] })`. */
export function slice(x: Tensor, wanted: SliceRanges): Tensor {
  const ranges = x.shape.map((size) => [0, size, 1] as [number, number, number]);
  for (const [key, [start, end, step = 1]] of Object.entries(wanted)) {
    const axis = resolveAxis('slice', x, Number(key));
    const size = x.shape[axis];
    const position = (value: number): number => (value < 0 ? value + size : value);
    ranges[axis] = [position(start), end === undefined ? size : position(end), step];
  }
  const isWhole = ranges.every(
    ([start, end, step], axis) => start === 0 && end === x.shape[axis] && step === 1,
  );
  return isWhole ? x : apply(sliceOp, [x], { ranges });
}

/** Splits an axis into consecutive parts of the given sizes. */
export function split(x: Tensor, sizes: readonly number[], axis: number): readonly Tensor[] {
  const at = resolveAxis('split', x, axis);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total !== x.shape[at])
    throw shapeError('split', [x], `the parts ${sizes.join(' + ')} do not fill axis ${axis}`);
  let start = 0;
  return sizes.map((size) => slice(x, { [at]: [start, (start += size)] }));
}

const concatOp: OpDefinition<{ readonly axis: number }> = {
  name: 'concat',
  infer: (inputs, { axis }) => {
    const [first] = inputs;
    for (const { shape, elementType } of inputs) {
      if (elementType !== first.elementType) throw typeError('concat', inputs, 'takes tensors of one type');
      const fits =
        shape.length === first.rank && shape.every((size, at) => at === axis || size === first.shape[at]);
      if (!fits) throw shapeError('concat', inputs, `the shapes may differ on axis ${axis} only`);
    }
    const size = inputs.reduce((sum, { shape }) => sum + shape[axis], 0);
    return {
      shape: first.shape.map((own, at) => (at === axis ? size : own)),
      elementType: first.elementType,
    };
  },
  evaluate: (inputs, node) => {
    const { axis } = node.attributes;
    const result = new Float64Array(node.size);
    const strides = stridesOf(node.shape);
    let start = 0;
    inputs.forEach((values, index) => {
      const { shape } = node.inputs[index];
      forEachIndex(shape, (flat, at) => {
        result[offsetOf(at, strides) + start * strides[axis]] = values[flat];
      });
      start += shape[axis];
    });
    return result;
  },
  gradient: (g, { inputs, attributes: { axis } }) =>
    split(
      g,
      inputs.map(({ shape }) => shape[axis]),
      axis,
    ),
  lower: (context, inputs, { attributes: { axis } }) =>
    context.node('Concat', inputs, { axis: { int: axis } }),
};

/** Joins tensors along an axis. */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  if (tensors.length === 0) throw shapeError('concat', [], 'takes at least one tensor');
  return tensors.length === 1
    ? tensors[0]
    : apply(concatOp, tensors, { axis: resolveAxis('concat', tensors[0], axis) });
}

/** Joins tensors of one shape along a new axis. */
export function stack(tensors: readonly Tensor[], axis = 0): Tensor {
  const widened = tensors.map((tensor) => {
    const at = axis < 0 ? axis + tensor.rank + 1 : axis;
    return reshape(tensor, [...tensor.shape.slice(0, at), 1, ...tensor.shape.slice(at)]);
  });
  return concat(widened, axis);
}

interface PadAttributes {
  /** Per axis; negative amounts cut. */
  readonly amounts: readonly (readonly [before: number, after: number])[];
}

const padOp: OpDefinition<PadAttributes> = {
  name: 'pad',
  infer: ([x], { amounts }) => {
    if (amounts.length !== x.rank) throw shapeError('pad', [x], 'takes one pair of amounts for each axis');
    const shape = x.shape.map((size, axis) => size + amounts[axis][0] + amounts[axis][1]);
    requireSizes('pad', [x], shape);
    return { shape, elementType: x.elementType };
  },
  evaluate: ([x], node) => {
    const result = new Float64Array(node.size);
    const strides = stridesOf(node.shape);
    const { amounts } = node.attributes;
    forEachIndex(node.inputs[0].shape, (flat, at) => {
      const target = at.map((position, axis) => position + amounts[axis][0]);
      if (target.every((position, axis) => position >= 0 && position < node.shape[axis])) {
        result[offsetOf(target, strides)] = x[flat];
      }
    });
    return result;
  },
  gradient: (g, { attributes: { amounts } }) => [
    pad(
      g,
      amounts.map(([before, after]) => [-before, -after] as const),
    ),
  ],
  lower: (context, [x], { attributes: { amounts } }) =>
    context.node('Pad', [x, context.integers([...amounts.map(([b]) => b), ...amounts.map(([, a]) => a)])]),
};

/** Adds zeros before and after each axis; negative amounts cut. */
export function pad(x: Tensor, amounts: readonly (readonly [before: number, after: number])[]): Tensor {
  const isNothing =
    amounts.length === x.rank && amounts.every(([before, after]) => before === 0 && after === 0);
  return isNothing ? x : apply(padOp, [x], { amounts });
}

/** Reverses the given axes. */
export function flip(x: Tensor, axes: readonly number[]): Tensor {
  return apply(flipOp, [x], { axes: axes.map((axis) => resolveAxis('flip', x, axis)) });
}

const flipOp: OpDefinition<{ readonly axes: readonly number[] }> = {
  name: 'flip',
  infer: ([x]) => x,
  evaluate: ([x], { shape, attributes: { axes } }) => {
    const result = new Float64Array(x.length);
    const strides = stridesOf(shape);
    forEachIndex(shape, (flat, at) => {
      const source = at.map((position, axis) =>
        axes.includes(axis) ? shape[axis] - 1 - position : position,
      );
      result[flat] = x[offsetOf(source, strides)];
    });
    return result;
  },
  gradient: (g, { attributes: { axes } }) => [flip(g, axes)],
  lower: (context, [x], { attributes: { axes } }) => {
    const every = (value: number): string => context.integers(axes.map(() => value));
    return context.node('Slice', [x, every(-1), every(-(2 ** 31)), context.integers(axes), every(-1)]);
  },
};

/** Removes axes of size 1. */
export function squeeze(x: Tensor, axes: readonly number[]): Tensor {
  const drop = axes.map((axis) => resolveAxis('squeeze', x, axis));
  if (drop.some((axis) => x.shape[axis] !== 1)) {
    throw shapeError('squeeze', [x], `the axes ${axes.join(', ')} are not all of size 1`);
  }
  return reshape(
    x,
    x.shape.filter((_, axis) => !drop.includes(axis)),
  );
}

/** Adds an axis of size 1 before position `axis`. */
export function unsqueeze(x: Tensor, axis: number): Tensor {
  const at = axis < 0 ? axis + x.rank + 1 : axis;
  const shape: Shape = [...x.shape.slice(0, at), 1, ...x.shape.slice(at)];
  return reshape(x, shape);
}
