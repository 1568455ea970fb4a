import { grad } from '#engine/graph/grad';
import { add, mul } from '#engine/graph/ops/arithmetic';
import { neg, softplus, square } from '#engine/graph/ops/elementwise';
import { mean, sum } from '#engine/graph/ops/reduce';
import type { Tensor } from '#engine/graph/tensor';

/** What a generator minimises: the non-saturating logistic loss (Goodfellow 2014, section 3). @param scores [batch, 1] */
export function deceptionLoss(scores: Tensor): Tensor {
  return mean(softplus(neg(scores)));
}

/** What a discriminator minimises. @param real, made [batch, 1] */
export function discernmentLoss(real: Tensor, made: Tensor): Tensor {
  return add(mean(softplus(made)), mean(softplus(neg(real))));
}

/**
 * R1 (Mescheder 2018, equation 9): half the squared length of the gradient of real scores, here by finished and raw
 * picture together, as a dual discriminator judges the pair (spec 3.4).
 *
 * @param scores [batch, 1] of `pictures`
 * @param weight gamma: 5 in the supplement (D.2)
 */
export function gradientPenalty(scores: Tensor, pictures: readonly Tensor[], weight: number): Tensor {
  const slopes = grad(sum(scores), pictures);
  const lengths = slopes.map((slope) => sum(square(slope))).reduce(add);
  return mul(lengths, weight / 2 / scores.shape[0]);
}
