import type { WorkContext } from '#common/contract/progress';
import { impliedLatent } from '#engine/networks/diffusion/denoise';
import { levelAt } from '#engine/networks/diffusion/noiseSchedule';
import type { SampleRequest } from '#engine/networks/diffusion/samplers/sampleSteps';
import { reportStep, stepsFor } from '#engine/networks/diffusion/samplers/sampleSteps';

/** With fewer steps the last one is of first order: the second would overshoot. */
const FEW_STEPS = 10;

/**
 * DPM-Solver++ (2M): second order, from the implied clean latents of two steps; adds no noise (Lu et al. 2022, algorithm
 * 2). 20 steps are the published number.
 *
 * @returns the latent at step 0 of the schedule
 * @throws AppError job.cancelled
 */
export async function sampleDpmSolver(
  { denoise, start, schedule, steps, spacing }: SampleRequest,
  context: WorkContext = {},
): Promise<Float32Array> {
  const times = stepsFor(schedule, steps, spacing);
  let x: Float32Array = start;
  let last: { readonly clean: Float32Array; readonly lambda: number } | undefined;
  for (let k = 0; k < steps; k++) {
    reportStep(context, k, steps);
    const from = levelAt(schedule, times[k]);
    const to = levelAt(schedule, times[k + 1]);
    const { noise } = await denoise(x, times[k]);
    const clean = impliedLatent(x, noise, from);
    const width = to.lambda - from.lambda;
    const isFirstOrder = last === undefined || (k === steps - 1 && steps < FEW_STEPS);
    // Where the line through the two clean latents lies half a step ahead.
    const ahead = last === undefined || isFirstOrder ? 0 : width / (2 * (from.lambda - last.lambda));
    const before = last?.clean ?? clean;
    const keep = to.sigma / from.sigma;
    const take = -to.alpha * Math.expm1(-width);
    x = x.map((value, i) => keep * value + take * (clean[i] + ahead * (clean[i] - before[i])));
    last = { clean, lambda: from.lambda };
  }
  reportStep(context, steps, steps);
  return x;
}
