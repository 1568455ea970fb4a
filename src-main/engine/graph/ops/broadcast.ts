import { forEachIndex, broadcastStrides, offsetOf } from '#engine/graph/shape';
import type { OpDefinition, Shape, Tensor } from '#engine/graph/tensor';
import { apply, sameShape, shapeError } from '#engine/graph/tensor';
import { reshape } from '#engine/graph/ops/reshape';
import { sum } from '#engine/graph/ops/reduce';

const broadcastOp: OpDefinition<{ readonly shape: Shape }> = {
  name: 'broadcastTo',
  infer: ([x], { shape }) => {
    const fits =
      x.rank <= shape.length &&
      x.shape.every((size, axis) => size === 1 || size === shape[shape.length - x.rank + axis]);
    if (!fits) throw shapeError('broadcastTo', [x], `does not broadcast to [${shape.join(', ')}]`);
    return { shape, elementType: x.elementType };
  },
  evaluate: ([x], node) => {
    const result = new Float64Array(node.size);
    const strides = broadcastStrides(node.inputs[0].shape, node.shape);
    forEachIndex(node.shape, (flat, at) => (result[flat] = x[offsetOf(at, strides)]));
    return result;
  },
  gradient: (g, { inputs: [x] }) => [sumTo(g, x.shape)],
  lower: (context, [x], { shape }) => context.node('Expand', [x, context.integers(shape)]),
};

/** Stretches axes of size 1 (and adds leading ones) to the shape. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : apply(broadcastOp, [x], { shape: [...shape] });
}

/** The adjoint of `broadcastTo`: sums over what was stretched. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.rank - shape.length;
  const stretched = x.shape.flatMap((size, axis) =>
    axis < lead || (shape[axis - lead] === 1 && size !== 1) ? [axis] : [],
  );
  return reshape(sum(x, stretched, { keepAxes: true }), shape);
}

/** What `broadcastTo` made this tensor from, or undefined. */
export function stretchedFrom(tensor: Tensor): Tensor | undefined {
  return (tensor.op as unknown) === broadcastOp ? tensor.inputs[0] : undefined;
}
