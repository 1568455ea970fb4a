import type { CheckpointContents } from '#engine/checkpoints/openCheckpoint';
import { OpenStorages, readFloats } from '#engine/checkpoints/readTensor';
import type { ScratchFolder } from '#engine/checkpoints/tensorEntry';

/** Refuses to unpack: for files that hold nothing compressed. */
export const NO_SCRATCH: ScratchFolder = {
  newFile: () => Promise.reject(new Error('nothing should be unpacked')),
};

/** Every tensor of a checkpoint as `{shape, values}`, by name. */
export async function allTensors(
  { tensors }: Pick<CheckpointContents, 'tensors'>,
  scratch: ScratchFolder = NO_SCRATCH,
): Promise<Record<string, { shape: readonly number[]; values: number[] }>> {
  const storages = new OpenStorages(scratch);
  const read: Record<string, { shape: readonly number[]; values: number[] }> = {};
  for (const tensor of tensors) {
    const source = await storages.open(tensor.storage);
    read[tensor.name] = { shape: tensor.shape, values: [...readFloats(tensor, source)] };
  }
  await storages.close();
  return read;
}
