import { topologicalOrder } from '#engine/graph/grad';
import type { Shape, Tensor } from '#engine/graph/tensor';
import { sizeOf } from '#engine/graph/tensor';

/**
 * Floating-point operations of the matrix products and convolutions that expressions need, an add and a multiply
 * counted as two; everything else is left out, so rates made with it are modest.
 */
export function countOperations(outputs: readonly Tensor[]): number {
  return topologicalOrder(outputs).reduce((total, node) => total + operationsOf(node), 0);
}

function operationsOf({ op, inputs, shape, size }: Tensor): number {
  switch (op.name) {
    case 'matmul':
      return 2 * size * (inputs[0].shape.at(-1) ?? 1);
    case 'conv':
      return ofConvolution(shape, inputs[1].shape);
    case 'convInput':
      return ofConvolution(inputs[0].shape, inputs[1].shape);
    case 'convWeight':
      return ofConvolution(inputs[1].shape, shape);
    default:
      return 0;
  }
}

/** Every element of y is a sum over one filter. */
function ofConvolution(y: Shape, weight: Shape): number {
  return (2 * sizeOf(y) * sizeOf(weight)) / weight[0];
}
