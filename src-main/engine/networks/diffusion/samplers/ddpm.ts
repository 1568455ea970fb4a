import type { WorkContext } from '#common/contract/progress';
import { impliedLatent } from '#engine/networks/diffusion/denoise';
import type { NoiseSchedule } from '#engine/networks/diffusion/noiseSchedule';
import { levelAt, posteriorStep, respace } from '#engine/networks/diffusion/noiseSchedule';
import type { SampleRequest } from '#engine/networks/diffusion/samplers/sampleSteps';
import { reportStep } from '#engine/networks/diffusion/samplers/sampleSteps';

/**
 * Ancestral sampling: each step draws from the posterior of the step before (DDPM, algorithm 2), in a schedule of fewer
 * steps (IDDPM, 100 published). The variance is the learned one where the denoiser gives it, otherwise the posterior's.
 *
 * @throws AppError job.cancelled
 */
export async function sampleDdpm(
  { denoise, start, schedule, steps, random }: SampleRequest,
  context: WorkContext = {},
): Promise<Float32Array> {
  const { chosen, schedule: short } = respace(schedule, steps);
  let x: Float32Array = start;
  for (let k = steps - 1; k >= 0; k--) {
    reportStep(context, steps - 1 - k, steps);
    const { noise, variance } = await denoise(x, chosen[k]);
    const clean = impliedLatent(x, noise, levelAt(short, k));
    const { ofLatent, ofNoisy } = posteriorStep(short, k);
    const deviation = deviations(short, k, variance);
    x = x.map((value, i) => {
      const mean = ofLatent * clean[i] + ofNoisy * value;
      return k === 0 ? mean : mean + deviation(i) * random.normal();
    });
  }
  reportStep(context, steps, steps);
  return x;
}

/** Deviation of each element: between the posterior's variance (-1) and beta (1), interpolated in their logarithms. */
function deviations(
  schedule: NoiseSchedule,
  step: number,
  variance: Float32Array | undefined,
): (index: number) => number {
  const low = posteriorStep(schedule, step).logVariance;
  const high = Math.log(schedule.betas[step]);
  if (variance === undefined) return () => Math.exp(0.5 * low);
  return (index) => Math.exp(0.5 * (low + ((high - low) * (variance[index] + 1)) / 2));
}
