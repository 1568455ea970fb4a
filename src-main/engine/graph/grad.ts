import { AppError } from '#common/contract/errors';
import { add } from '#engine/graph/ops/arithmetic';
import { constant } from '#engine/graph/ops/sources';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import type { Tensor } from '#engine/graph/tensor';
import { describeShape, sizeOf } from '#engine/graph/tensor';

/**
 * Gradients of a scalar with respect to tensors, as expressions: they can be used like any other, so a
 * gradient of a gradient (R1) needs nothing special. Reverse mode; each tensor of the graph is visited once.
 *
 * @param loss a tensor with one element
 * @returns one gradient per entry of `wrt`, of its shape; zeros where the loss does not depend on it
 * @throws AppError graph.badShape where the loss is no scalar
 */
export function grad(loss: Tensor, wrt: readonly Tensor[]): readonly Tensor[] {
  if (sizeOf(loss.shape) !== 1 || loss.elementType !== 'float32') {
    throw new AppError(
      'graph.badShape',
      `grad: the loss must be one float32 number, not ${loss.elementType}${describeShape(loss.shape)}. Take its mean or sum.`,
    );
  }
  return backpropagate([loss], [broadcastTo(constant([1], []), loss.shape)], wrt);
}

/** As `grad` for any outputs: sums of `outputGradients` times the derivatives (a vector-Jacobian product). */
export function backpropagate(
  outputs: readonly Tensor[],
  outputGradients: readonly Tensor[],
  wrt: readonly Tensor[],
): readonly Tensor[] {
  const order = topologicalOrder(outputs);
  const leads = reaching(order, wrt);
  const gradients = new Map<Tensor, Tensor>();
  const accumulate = (tensor: Tensor, gradient: Tensor): void => {
    const known = gradients.get(tensor);
    gradients.set(tensor, known === undefined ? gradient : add(known, gradient));
  };
  outputs.forEach((output, index) => accumulate(output, outputGradients[index]));
  for (let at = order.length - 1; at >= 0; at--) {
    const node = order[at];
    const gradient = gradients.get(node);
    if (gradient === undefined || !leads.has(node) || node.op.gradient === undefined) continue;
    const forInputs = node.op.gradient(gradient, node);
    node.inputs.forEach((input, index) => {
      const forInput = forInputs[index];
      if (forInput !== undefined && leads.has(input)) accumulate(input, forInput);
    });
  }
  return wrt.map((tensor) => gradients.get(tensor) ?? broadcastTo(constant([0], []), tensor.shape));
}

/** Inputs before what uses them, each once; depends on the expressions only, so equal graphs get equal orders. */
export function topologicalOrder(outputs: readonly Tensor[]): readonly Tensor[] {
  const order: Tensor[] = [];
  const done = new Set<Tensor>();
  // An explicit stack: training graphs are deeper than the call stack allows.
  const stack: { readonly node: Tensor; next: number }[] = [];
  const visit = (node: Tensor): void => {
    if (done.has(node)) return;
    done.add(node);
    stack.push({ node, next: 0 });
  };
  for (const output of outputs) {
    visit(output);
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      if (top.next < top.node.inputs.length) visit(top.node.inputs[top.next++]);
      else {
        order.push(top.node);
        stack.pop();
      }
    }
  }
  return order;
}

/** The tensors on a differentiable path from any of `wrt`; gradients of all others are not built. */
function reaching(order: readonly Tensor[], wrt: readonly Tensor[]): ReadonlySet<Tensor> {
  const leads = new Set<Tensor>(wrt);
  for (const node of order) {
    if (node.op.gradient !== undefined && node.inputs.some((input) => leads.has(input))) leads.add(node);
  }
  return leads;
}
