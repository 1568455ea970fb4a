import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkContext } from '#common/contract/progress';
import type { ConvertedFile, ConvertTask, NamedShapes } from '#common/models/modelTasks';
import type { OutputTensor } from '#engine/checkpoints/convert/writeSafetensors';
import { writeSafetensors } from '#engine/checkpoints/convert/writeSafetensors';
import { refused } from '#engine/checkpoints/checkpointErrors';
import { openCheckpoint } from '#engine/checkpoints/openCheckpoint';
import type { Checkpoint } from '#engine/checkpoints/openCheckpoint';
import { byteCount, elementCount } from '#engine/checkpoints/tensorEntry';
import type { Tensor } from '#engine/graph/tensor';
import type { NetworkFit } from '#engine/models/fitNetwork';
import { fitNetwork, reportFit, requireWholeFit } from '#engine/models/fitNetwork';
import { withScratch } from '#engine/models/scratchFiles';

/** File of `ConvertTask.folder` that gets the weights. */
const WEIGHTS_FILE = 'weights';
/** Views of shared storages may be written more than once, within reason. */
const LARGEST_GROWTH = 4;
const GROWTH_ALLOWANCE = 64e6;
const LISTED_NOTES = 200;

/**
 * Converts a file of weights to safetensors in the task's folder. With a config the tensors get the names and shapes
 * of a network; what is unexpected is left out and told. Killed at any time, the next call goes on from there.
 *
 * @throws AppError checkpoint.damaged, checkpoint.refused, checkpoint.mismatch, disk.full, job.cancelled
 */
export async function convertFile(task: ConvertTask, context: WorkContext): Promise<ConvertedFile> {
  context.onProgress?.({ stage: 'read', fraction: 0 });
  const checkpoint = openCheckpoint(task.path);
  try {
    const fit = task.config === undefined
      ? undefined
      : fitNetwork(checkpoint.tensors, { network: task.network, config: task.config, part: task.part });
    const report = fit === undefined ? undefined : reportFit(fit, task.config ?? '');
    if (report !== undefined && !task.isPartial) requireWholeFit(report);
    const outputs = fit?.match.matched ?? chosenTensors(checkpoint, task.part);
    refuseGrowth(outputs, checkpoint.bytes);
    const { mtimeMs } = await stat(task.path);
    const written = await withScratch(join(task.folder, 'unpacked'), (scratch) =>
      writeSafetensors(outputs, {
        path: join(task.folder, WEIGHTS_FILE),
        identity: `${checkpoint.bytes} ${mtimeMs}`,
        scratch,
        context,
      }),
    );
    return {
      ...written,
      format: checkpoint.format,
      sourceBytes: checkpoint.bytes,
      tensorCount: outputs.length,
      parameterCount: outputs.reduce((total, { shape }) => total + elementCount(shape), 0),
      skipped: checkpoint.skipped.slice(0, LISTED_NOTES),
      inertClasses: [...checkpoint.inertClasses].slice(0, LISTED_NOTES),
      ...(report === undefined ? {} : { fit: report }),
      ...(fit === undefined ? {} : { io: shapesOf(fit) }),
    };
  } finally {
    checkpoint.close();
  }
} // prettier-ignore

/** Everything under its own name, or under a part without the part's. */
function chosenTensors({ tensors }: Checkpoint, part: string | undefined): readonly OutputTensor[] {
  const prefix = part === undefined ? '' : `${part}.`;
  const chosen = tensors.filter(({ name }) => name.startsWith(prefix));
  if (chosen.length > 0) {
    return chosen.map((tensor) => ({ name: tensor.name.slice(prefix.length), shape: tensor.shape, tensor }));
  }
  throw refused(part === undefined ? 'it holds no tensors' : `it holds no tensors under "${part}"`);
}

function refuseGrowth(outputs: readonly OutputTensor[], sourceBytes: number): void {
  const total = outputs.reduce((sum, { tensor }) => sum + byteCount(tensor), 0);
  // Compressed sources unpack to more than they are, which is bounded where their archive is read.
  const isCompressible = outputs.some(({ tensor }) => tensor.storage.size > sourceBytes);
  if (!isCompressible && total > LARGEST_GROWTH * sourceBytes + GROWTH_ALLOWANCE) {
    throw refused(`its tensors are views that would grow ${sourceBytes} bytes to ${total}`);
  }
}

function shapesOf({ built }: NetworkFit): { inputs: NamedShapes; outputs: NamedShapes } {
  return { inputs: shapes(built.inputs), outputs: shapes(built.outputs) };
}

/** Shapes of named expressions. */
export function shapes(tensors: Readonly<Record<string, Tensor>>): NamedShapes {
  return Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
}
