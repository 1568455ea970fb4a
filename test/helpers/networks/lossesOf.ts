import { createSeededRandom } from '#common/math/seededRandom';
import type { NoiseInputs } from '#engine/networks/training/noiseInputs';
import type { Backend, HostValues } from '#engine/runtime/Backend';
import type { LiveState } from '#engine/training/trainState';
import type { TrainStepOptions } from '#engine/training/TrainStep';
import { TrainStep } from '#engine/training/TrainStep';

export interface FixedRun {
  readonly backend: Backend;
  readonly state: LiveState;
  /** May hold more than the step takes. */
  readonly given: Readonly<Record<string, HostValues>>;
  readonly noise: NoiseInputs;
  readonly rate: number;
  readonly updates: number;
}

/** Losses of so many updates on one batch with one draw of noise: each should be below the one before. */
export async function lossesOf(options: TrainStepOptions, run: FixedRun): Promise<number[]> {
  const step = await TrainStep.compile(run.backend, options);
  const all: Record<string, HostValues> = {
    ...run.given,
    ...run.noise.draw(createSeededRandom(9), step.inputs),
  };
  const batch = new Map(Object.entries(all).filter(([name]) => step.inputs.includes(name)));
  const losses: number[] = [];
  for (let k = 0; k < run.updates; k++) losses.push((await step.run(run.state, batch, run.rate)).loss);
  await step.dispose();
  return losses;
}
