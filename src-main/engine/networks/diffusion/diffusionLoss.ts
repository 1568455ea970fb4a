import { add, clip, div, greater, equal, mul, select, sub } from '#engine/graph/ops/arithmetic';
import { stopGradient, toFloat } from '#engine/graph/ops/convert';
import { erf, exp, log, square } from '#engine/graph/ops/elementwise';
import { gatherRows } from '#engine/graph/ops/gather';
import { slice } from '#engine/graph/ops/layout';
import { mean } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import { constant } from '#engine/graph/ops/sources';
import type { Tensor } from '#engine/graph/tensor';
import type { NoiseSchedule } from '#engine/networks/diffusion/noiseSchedule';
import { posteriorStep } from '#engine/networks/diffusion/noiseSchedule';

/** What a training step of diffusion starts from. */
export interface DiffusionBatch {
  /** [batch, channels, rows, columns], scaled. */
  readonly latent: Tensor;
  /** Standard normal, of the latent's shape. */
  readonly noise: Tensor;
  /** int32 [batch], steps of the schedule. */
  readonly step: Tensor;
}

/** alpha * latent + sigma * noise: what the denoiser is asked about. */
export function addNoise(schedule: NoiseSchedule, { latent, noise, step }: DiffusionBatch): Tensor {
  const { alpha, sigma } = numbersOf(schedule, step);
  return add(mul(alpha, latent), mul(sigma, noise));
}

/** Means over the batch. */
export interface DiffusionLoss {
  /** `simple` + `bound`: what is minimised. */
  readonly loss: Tensor;
  /** Squared error of the noise. */
  readonly simple: Tensor;
  /** Variational bound in bits for each number, of the variance alone; where the variance is learned. */
  readonly bound?: Tensor;
}

/**
 * The loss of IDDPM (section 3.1): squared error of the noise, and for a learned variance the variational bound, whose
 * gradient does not reach the noise.
 */
export function diffusionLoss(
  schedule: NoiseSchedule,
  batch: DiffusionBatch,
  prediction: { readonly noise: Tensor; readonly variance?: Tensor },
): DiffusionLoss {
  const simple = mean(square(sub(prediction.noise, batch.noise)));
  if (prediction.variance === undefined) return { loss: simple, simple };
  const { noise, variance } = prediction;
  const bound = variationalBound(schedule, batch, { noise: stopGradient(noise), variance });
  return { loss: add(simple, bound), simple, bound };
}

function variationalBound(
  schedule: NoiseSchedule,
  { latent, noise, step }: DiffusionBatch,
  predicted: { readonly noise: Tensor; readonly variance: Tensor },
): Tensor {
  const { ofLatent, noiseToLatent, low, high } = numbersOf(schedule, step);
  const place = mul(add(predicted.variance, 1), 0.5);
  const logVariance = add(low, mul(sub(high, low), place));
  // Clean latents differ by the noises' difference, and posterior means by `ofLatent` of that.
  const apart = mul(noiseToLatent, sub(predicted.noise, noise));
  const ratio = sub(low, logVariance);
  const squared = mul(square(mul(ofLatent, apart)), exp(mul(logVariance, -1)));
  const divergence = mul(sub(add(exp(ratio), squared), add(ratio, 1)), 0.5);
  const isFirst = equal(reshape(toFloat(step), [step.size, 1, 1, 1]), 0);
  const nats = select(isFirst, firstStepLoss(latent, apart, logVariance), divergence);
  return mul(mean(nats), 1 / Math.LN2);
}

/**
 * - log of the probability of the latent's bin among 255 between -1 and 1, the outer ones open: IDDPM's first step. It is
 * about 8-bit pictures and says little of latents, but it is what the published weights were trained with, one time in
 * a thousand.
 *
 * @param apart the latent minus the mean of its prediction
 */
function firstStepLoss(latent: Tensor, apart: Tensor, logVariance: Tensor): Tensor {
  const scale = exp(mul(logVariance, -0.5));
  const upper = normalShare(mul(add(apart, 1 / 255), scale));
  const lower = normalShare(mul(sub(apart, 1 / 255), scale));
  const inside = sub(upper, lower);
  const share = select(greater(-0.999, latent), upper, select(greater(latent, 0.999), sub(1, lower), inside));
  return mul(log(clip(share, 1e-12, 1)), -1);
}

/** The normal distribution's share below x. */
function normalShare(x: Tensor): Tensor {
  return mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
}

/** Numbers of a schedule at the batch's steps, each [batch, 1, 1, 1]. */
interface StepNumbers {
  readonly alpha: Tensor;
  readonly sigma: Tensor;
  readonly ofLatent: Tensor;
  /** sigma / alpha. */
  readonly noiseToLatent: Tensor;
  /** Bounds of the logarithm of the variance. */
  readonly low: Tensor;
  readonly high: Tensor;
}

function numbersOf(schedule: NoiseSchedule, step: Tensor): StepNumbers {
  const columns = 5;
  const table = new Float32Array(schedule.steps * columns);
  for (let index = 0; index < schedule.steps; index++) {
    const bar = schedule.alphaBars[index];
    const { ofLatent, logVariance } = posteriorStep(schedule, index);
    const row = [Math.sqrt(bar), Math.sqrt(1 - bar), ofLatent, logVariance, Math.log(schedule.betas[index])];
    table.set(row, index * columns);
  }
  const rows = gatherRows(constant(table, [schedule.steps, columns]), step);
  const [alpha, sigma, ofLatent, low, high] = Array.from({ length: columns }, (_, column) =>
    reshape(slice(rows, { 1: [column, column + 1] }), [step.size, 1, 1, 1]),
  );
  return { alpha, sigma, ofLatent, noiseToLatent: div(sigma, alpha), low, high };
}
