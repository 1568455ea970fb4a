import { forEachIndex, offsetOf, resolveAxes, stridesOf } from '#engine/graph/shape';
import type { OpDefinition, Tensor } from '#engine/graph/tensor';
import { apply, requireFloats, sizeOf } from '#engine/graph/tensor';
import { div, equal, mul, select } from '#engine/graph/ops/arithmetic';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { reshape } from '#engine/graph/ops/reshape';
import { scalar } from '#engine/graph/ops/sources';

interface ReduceAttributes {
  /** From the front, rising. */
  readonly axes: readonly number[];
}

export interface ReduceOptions {
  /** Leaves reduced axes in the shape with size 1. */
  readonly keepAxes?: boolean;
}

/** The ops keep their axes; the public functions drop them with a reshape, which gradients see through. */
function reduceOp(
  name: 'sum' | 'max' | 'min',
  operator: string,
  start: number,
  combine: (a: number, b: number) => number,
): OpDefinition<ReduceAttributes> {
  return {
    name,
    infer: ([x], { axes }) => {
      requireFloats(name, [x]);
      return { shape: x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)), elementType: 'float32' };
    },
    evaluate: ([x], node) => {
      const result = new Float64Array(node.size).fill(start);
      const strides = stridesOf(node.shape).map((stride, axis) =>
        node.attributes.axes.includes(axis) ? 0 : stride,
      );
      forEachIndex(node.inputs[0].shape, (flat, at) => {
        const target = offsetOf(at, strides);
        result[target] = combine(result[target], x[flat]);
      });
      return result;
    },
    lower: (context, [x], { attributes: { axes } }) =>
      context.node(operator, [x, context.integers(axes)], { keepdims: { int: 1 } }),
  };
}

const sumOp: OpDefinition<ReduceAttributes> = {
  ...reduceOp('sum', 'ReduceSum', 0, (a, b) => a + b),
  gradient: (g, { inputs: [x] }) => [broadcastTo(g, x.shape)],
};

/** Elements that tie share the gradient, as in JAX. */
function extremeOp(
  name: 'max' | 'min',
  operator: string,
  start: number,
  combine: (a: number, b: number) => number,
): OpDefinition<ReduceAttributes> {
  const op: OpDefinition<ReduceAttributes> = {
    ...reduceOp(name, operator, start, combine),
    gradient: (g, { inputs: [x], attributes: { axes } }) => {
      const wins = select(equal(x, apply(op, [x], { axes })), scalar(1), scalar(0));
      return [mul(wins, div(g, apply(sumOp, [wins], { axes })))];
    },
  };
  return op;
}

const maxOp = extremeOp('max', 'ReduceMax', -Infinity, Math.max);
const minOp = extremeOp('min', 'ReduceMin', Infinity, Math.min);

function reduce(
  op: OpDefinition<ReduceAttributes>,
  x: Tensor,
  axes: readonly number[],
  keepAxes: boolean,
): Tensor {
  // Axes of size 1 reduce to themselves; the reshape below drops them all the same.
  const long = axes.filter((axis) => x.shape[axis] !== 1);
  const reduced = long.length === 0 ? x : apply(op, [x], { axes: long });
  if (keepAxes) return reduced;
  const kept = x.shape.filter((_, axis) => !axes.includes(axis));
  return reshape(reduced, kept);
}

/** Sum over axes (all by default). */
export function sum(x: Tensor, axes?: readonly number[], { keepAxes = false }: ReduceOptions = {}): Tensor {
  requireFloats('sum', [x]);
  return reduce(sumOp, x, resolveAxes('sum', x, axes), keepAxes);
}

/** Largest element over axes (all by default); ties share the gradient. */
export function max(x: Tensor, axes?: readonly number[], { keepAxes = false }: ReduceOptions = {}): Tensor {
  requireFloats('max', [x]);
  return reduce(maxOp, x, resolveAxes('max', x, axes), keepAxes);
}

/** Smallest element over axes (all by default); ties share the gradient. */
export function min(x: Tensor, axes?: readonly number[], { keepAxes = false }: ReduceOptions = {}): Tensor {
  requireFloats('min', [x]);
  return reduce(minOp, x, resolveAxes('min', x, axes), keepAxes);
}

/** Arithmetic mean over axes (all by default). */
export function mean(x: Tensor, axes?: readonly number[], options: ReduceOptions = {}): Tensor {
  const resolved = resolveAxes('mean', x, axes);
  return mul(sum(x, resolved, options), 1 / sizeOf(resolved.map((axis) => x.shape[axis])));
}
