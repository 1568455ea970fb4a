import { backpropagate, topologicalOrder } from '#engine/graph/grad';
import { add, mul } from '#engine/graph/ops/arithmetic';
import { slice } from '#engine/graph/ops/layout';
import { reshape } from '#engine/graph/ops/reshape';
import { isParameter } from '#engine/graph/ops/sources';
import type { OpDefinition, Tensor } from '#engine/graph/tensor';
import { apply } from '#engine/graph/tensor';

interface RecomputeAttributes {
  readonly block: (inputs: readonly Tensor[]) => Tensor;
  readonly inputCount: number;
}

const recomputeOp: OpDefinition<RecomputeAttributes> = {
  name: 'recompute',
  infer: ([body]) => body,
  evaluate: ([body]) => body,
  gradient: (g, { inputs: [, ...rest], attributes: { block, inputCount } }) => {
    const inputs = rest.slice(0, inputCount);
    const parameters = rest.slice(inputCount);
    const again = inputs.map((tensor) => after(g, tensor));
    const gradients = backpropagate([block(again)], [g], [...again, ...parameters]);
    return [undefined, ...gradients];
  },
  lower: (_, [body]) => body,
};

/**
 * The same values, but the second computation can only start when the gradient is there. Without that, equal
 * nodes would be merged, and the runtime might run the copy early and keep it.
 */
function after(gradient: Tensor, tensor: Tensor): Tensor {
  const first = slice(reshape(gradient, [gradient.size]), { 0: [0, 1] });
  return add(tensor, mul(reshape(first, []), 0));
}

/**
 * A block whose activations are not kept for the backward pass but computed again in it: one more forward pass
 * of the block for the memory of everything inside (JAX's checkpoint).
 *
 * @param block a function of its inputs and of parameters alone
 */
export function recompute(block: (inputs: readonly Tensor[]) => Tensor, inputs: readonly Tensor[]): Tensor {
  const body = block(inputs);
  const parameters = topologicalOrder([body]).filter(isParameter) as readonly Tensor[];
  return apply(recomputeOp, [body, ...inputs, ...parameters], { block, inputCount: inputs.length });
}
