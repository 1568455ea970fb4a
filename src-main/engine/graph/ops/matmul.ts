import { broadcastShapes, broadcastStrides, forEachIndex, offsetOf } from '#engine/graph/shape';
import type { OpDefinition, Tensor } from '#engine/graph/tensor';
import { apply, requireFloats, shapeError } from '#engine/graph/tensor';
import { sumTo } from '#engine/graph/ops/broadcast';
import { transpose } from '#engine/graph/ops/layout';
import { reshape } from '#engine/graph/ops/reshape';

const matmulOp: OpDefinition<null> = {
  name: 'matmul',
  infer: (inputs) => {
    requireFloats('matmul', inputs);
    const [a, b] = inputs;
    if (a.rank < 2 || b.rank < 2) throw shapeError('matmul', inputs, 'takes matrices, or batches of them');
    if (a.shape.at(-1) !== b.shape.at(-2)) {
      throw shapeError('matmul', inputs, `the inner sizes ${a.shape.at(-1)} and ${b.shape.at(-2)} differ`);
    }
    const batch = broadcastShapes('matmul', inputs.map(({ shape }) => ({ shape: shape.slice(0, -2), elementType: 'float32' as const }))); // prettier-ignore
    return { shape: [...batch, a.shape[a.rank - 2], b.shape[b.rank - 1]], elementType: 'float32' };
  },
  evaluate: ([a, b], node) => {
    const [left, right] = node.inputs;
    const inner = left.shape[left.rank - 1];
    const batch = node.shape.slice(0, -2);
    const [rows, columns] = node.shape.slice(-2);
    const strideA = broadcastStrides(left.shape.slice(0, -2), batch);
    const strideB = broadcastStrides(right.shape.slice(0, -2), batch);
    const result = new Float64Array(node.size);
    forEachIndex(batch, (flat, at) => {
      const baseA = offsetOf(at, strideA) * rows * inner;
      const baseB = offsetOf(at, strideB) * inner * columns;
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          let total = 0;
          for (let k = 0; k < inner; k++)
            total += a[baseA + row * inner + k] * b[baseB + k * columns + column];
          result[(flat * rows + row) * columns + column] = total;
        }
      }
    });
    return result;
  },
  gradient: (g, { inputs: [a, b] }) => [sumTo(matmul(g, transpose(b)), a.shape), gradientOfRight(g, a, b)],
  lower: (context, inputs) => context.node('MatMul', inputs),
};

/** A right operand without a batch (a weight) is one product over all rows, not a sum of one per sample. */
function gradientOfRight(g: Tensor, a: Tensor, b: Tensor): Tensor {
  if (b.rank > 2 || a.rank === 2) return sumTo(matmul(transpose(a), g), b.shape);
  const [inner, columns] = b.shape;
  return matmul(transpose(reshape(a, [-1, inner])), reshape(g, [-1, columns]));
}

/** Matrix product over the last two axes; leading axes broadcast. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  return apply(matmulOp, [a, b], null);
}
