import { open } from 'node:fs/promises';
import { throwIfCancelled } from '#common/contract/errors';
import type { WorkContext } from '#common/contract/progress';
import type { CreatedWeights, CreateTask } from '#common/models/modelTasks';
import { safetensorsHeader } from '#engine/checkpoints/convert/writeSafetensors';
import { buildNetwork, networkNamed } from '#engine/networks/catalogue';
import { initialValues } from '#engine/training/initialValues';

/**
 * Writes a new network's weights under the published key names, one parameter at a time; the same seed gives the same
 * bytes.
 *
 * @throws AppError input.badOption, input.badConfig, job.cancelled
 */
export async function createWeights(task: CreateTask, context: WorkContext): Promise<CreatedWeights> {
  const { parameters } = buildNetwork(networkNamed(task.network), task.config, 1);
  const parameterCount = parameters.reduce((total, { size }) => total + size, 0);
  const header = safetensorsHeader(
    parameters.map(({ attributes, shape }) => ({ name: attributes.name, shape, type: 'F32' as const })),
    { network: task.network, seed: String(task.seed) },
  );
  const file = await open(task.out, 'w');
  try {
    await file.write(header);
    let done = 0;
    for (const parameter of parameters) {
      throwIfCancelled(context.signal);
      for (const values of initialValues([parameter], task.seed).values()) {
        await file.writeFile(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      }
      done += parameter.size;
      context.onProgress?.({ stage: 'initialise', fraction: done / parameterCount });
    }
  } finally {
    await file.close();
  }
  return { bytes: header.length + 4 * parameterCount, tensorCount: parameters.length, parameterCount };
}
