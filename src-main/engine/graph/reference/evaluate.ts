import { AppError } from '#common/contract/errors';
import { topologicalOrder } from '#engine/graph/grad';
import { isInput, isParameter } from '#engine/graph/ops/sources';
import type { ReferenceValues, Tensor } from '#engine/graph/tensor';

/**
 * Values of expressions in float64 by each operation's plain loops: slow, independent of every backend, and what
 * they are checked against.
 *
 * @param feeds values of inputs and parameters by name
 */
export function evaluate(
  outputs: readonly Tensor[],
  feeds: ReadonlyMap<string, ReferenceValues>,
): readonly ReferenceValues[] {
  const values = new Map<Tensor, ReferenceValues>();
  for (const node of topologicalOrder(outputs)) {
    if (isInput(node) || isParameter(node)) {
      const { name } = node.attributes;
      const given = feeds.get(name);
      if (given?.length !== node.size) {
        throw new AppError(
          'graph.badGraph',
          `"${name}" needs ${node.size} values, ${given === undefined ? 'none were' : `${given.length} were`} given.`,
        );
      }
      values.set(node, given);
      continue;
    }
    const inputs = node.inputs.map((input) => values.get(input)!);
    values.set(node, node.op.evaluate(inputs, node));
  }
  return outputs.map((output) => values.get(output)!);
}
