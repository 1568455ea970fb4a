import type { Parameters } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { HostValues } from '#engine/runtime/Backend';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import { TrainStep } from '#engine/training/TrainStep';
import { newTrainState } from '#engine/training/trainState';

/** Adam on one fixed batch, on the CPU with one thread; the loss before each update. */
export async function trainBriefly(
  { loss, parameters }: { readonly loss: Tensor; readonly parameters: Parameters },
  batch: ReadonlyMap<string, HostValues>,
  { steps, rate }: { readonly steps: number; readonly rate: number },
): Promise<readonly number[]> {
  const backend = new OrtBackend('cpu', { threadCount: 1 });
  const { trained } = parameters;
  const step = await TrainStep.compile(backend, { name: 'brief', loss, trained });
  const state = newTrainState(parameters.all, 7);
  const losses: number[] = [];
  for (let k = 0; k < steps; k++) losses.push((await step.run(state, batch, rate)).loss);
  await step.dispose();
  await backend.dispose();
  return losses;
}
