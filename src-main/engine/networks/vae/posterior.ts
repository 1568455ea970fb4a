import { add, clip, mul, sub } from '#engine/graph/ops/arithmetic';
import { exp, square } from '#engine/graph/ops/elementwise';
import { split } from '#engine/graph/ops/layout';
import { sum } from '#engine/graph/ops/reduce';
import type { Tensor } from '#engine/graph/tensor';

/** exp of it stays a float32 number that is not 0. */
const LOG_VARIANCE_RANGE = [-30, 20] as const;

/** A normal distribution for each element of a latent. */
export interface Posterior {
  readonly mean: Tensor;
  /** Within [-30, 20]. */
  readonly logVariance: Tensor;
}

/** The encoder's result, mean and logarithm of the variance one after the other on the channels' axis. */
export function splitPosterior(moments: Tensor): Posterior {
  const channels = moments.shape[1] / 2;
  const [mean, logVariance] = split(moments, [channels, channels], 1);
  return { mean, logVariance: clip(logVariance, ...LOG_VARIANCE_RANGE) };
}

/** @param noise standard normal, of the mean's shape; an input, so that evaluation is deterministic */
export function samplePosterior({ mean, logVariance }: Posterior, noise: Tensor): Tensor {
  return add(mean, mul(exp(mul(logVariance, 0.5)), noise));
}

/** Kullback-Leibler divergence from the standard normal distribution, summed over each sample: [batch]. */
export function posteriorDivergence({ mean, logVariance }: Posterior): Tensor {
  const excess = sub(add(square(mean), exp(logVariance)), add(logVariance, 1));
  return mul(sum(excess, [1, 2, 3, 4]), 0.5);
}
