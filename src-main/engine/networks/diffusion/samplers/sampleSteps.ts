import { throwIfCancelled } from '#common/contract/errors';
import type { WorkContext } from '#common/contract/progress';
import type { SeededRandom } from '#common/math/seededRandom';
import type { Denoise } from '#engine/networks/diffusion/denoise';
import type { NoiseSchedule } from '#engine/networks/diffusion/noiseSchedule';
import { levelAt } from '#engine/networks/diffusion/noiseSchedule';

/**
 * How solvers of the differential equation divide the way. `time`: evenly, as published. `lambda`: evenly in the logarithm
 * of signal to noise, which spends its steps where the equation bends; for one distribution of deviation 0.4, 20 steps are
 * wrong by a fiftieth of what even times are.
 */
export type Spacing = 'time' | 'lambda';

/** What every sampler takes. */
export interface SampleRequest {
  readonly denoise: Denoise;
  /** Standard normal numbers, as many as the latent has; stays as it is. */
  readonly start: Float32Array;
  readonly schedule: NoiseSchedule;
  /** How often the denoiser is asked. */
  readonly steps: number;
  /** Where samplers that add noise take it from. */
  readonly random: SeededRandom;
  /** Default: time. */
  readonly spacing?: Spacing | undefined;
}

/** Steps of the schedule from the last to the first: `count` + 1 of them. */
export function stepsFor(
  schedule: NoiseSchedule,
  count: number,
  spacing: Spacing = 'time',
): readonly number[] {
  const final = schedule.steps - 1;
  const fractions = Array.from({ length: count + 1 }, (_, k) => k / count);
  if (spacing === 'time') return fractions.map((fraction) => final * (1 - fraction));
  const low = levelAt(schedule, final).lambda;
  const high = levelAt(schedule, 0).lambda;
  return fractions.map((fraction) => {
    if (fraction === 0 || fraction === 1) return final * (1 - fraction);
    return stepAt(schedule, low + (high - low) * fraction);
  });
}

/** Where lambda has a value; it falls from step to step, so halving the interval finds it. */
function stepAt(schedule: NoiseSchedule, lambda: number): number {
  let [early, late] = [0, schedule.steps - 1];
  for (let round = 0; round < 50; round++) {
    const middle = (early + late) / 2;
    if (levelAt(schedule, middle).lambda > lambda) early = middle;
    else late = middle;
  }
  return (early + late) / 2;
}

/** Called before each step: stops a cancelled job, tells how far it is. */
export function reportStep({ signal, onProgress }: WorkContext, done: number, all: number): void {
  throwIfCancelled(signal);
  onProgress?.({ stage: 'sample', fraction: done / all });
}
