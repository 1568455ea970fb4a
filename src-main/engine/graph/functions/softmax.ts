import { forEachIndex, offsetOf, resolveAxis, stridesOf } from '#engine/graph/shape';
import { mul, sub } from '#engine/graph/ops/arithmetic';
import { sum } from '#engine/graph/ops/reduce';
import type { OpDefinition, Tensor } from '#engine/graph/tensor';
import { apply, requireFloats } from '#engine/graph/tensor';

const softmaxOp: OpDefinition<{ readonly axis: number }> = {
  name: 'softmax',
  infer: ([x]) => {
    requireFloats('softmax', [x]);
    return x;
  },
  evaluate: ([x], { shape, attributes: { axis } }) => {
    const strides = stridesOf(shape).map((stride, at) => (at === axis ? 0 : stride));
    const largest = new Float64Array(x.length).fill(-Infinity);
    const total = new Float64Array(x.length);
    forEachIndex(shape, (flat, at) => {
      const line = offsetOf(at, strides);
      largest[line] = Math.max(largest[line], x[flat]);
    });
    forEachIndex(shape, (flat, at) => {
      const line = offsetOf(at, strides);
      total[line] += Math.exp(x[flat] - largest[line]);
    });
    const result = new Float64Array(x.length);
    forEachIndex(shape, (flat, at) => {
      const line = offsetOf(at, strides);
      result[flat] = Math.exp(x[flat] - largest[line]) / total[line];
    });
    return result;
  },
  gradient: (g, node) => {
    const y = node as Tensor;
    const { axis } = node.attributes;
    return [mul(y, sub(g, sum(mul(g, y), [axis], { keepAxes: true })))];
  },
  lower: (context, inputs, { attributes: { axis } }) =>
    context.node('Softmax', inputs, { axis: { int: axis } }),
};

/** exp(x) / sum(exp(x)) along an axis (the last by default), without overflow. */
export function softmax(x: Tensor, axis = -1): Tensor {
  return apply(softmaxOp, [x], { axis: resolveAxis('softmax', x, axis) });
}
