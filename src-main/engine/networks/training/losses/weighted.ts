import { invariant } from '#common/contract/errors';
import { add, mul } from '#engine/graph/ops/arithmetic';
import type { Tensor } from '#engine/graph/tensor';

/** The sum of terms, each times its weight; what has the weight 0 is not computed, what has no weight is not meant. */
export function weighted(
  terms: Readonly<Record<string, Tensor>>,
  weights: Readonly<Record<string, number>>,
): Tensor {
  const parts = Object.entries(terms).flatMap(([name, term]) => {
    const weight = weights[name];
    invariant(Number.isFinite(weight), `the term "${name}" of a loss has a weight`);
    return weight === 0 ? [] : [mul(term, weight)];
  });
  return parts.reduce(add);
}
