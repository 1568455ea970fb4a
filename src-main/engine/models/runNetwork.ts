import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '#common/contract/errors';
import type { WorkContext } from '#common/contract/progress';
import type { RanNetwork, RunTask } from '#common/models/modelTasks';
import { OpenStorages, readFloats } from '#engine/checkpoints/readTensor';
import type { Checkpoint } from '#engine/checkpoints/openCheckpoint';
import { openCheckpoint } from '#engine/checkpoints/openCheckpoint';
import type { StoredTensor } from '#engine/checkpoints/safetensors';
import { encodeSafetensors } from '#engine/checkpoints/safetensors';
import type { TensorEntry } from '#engine/checkpoints/tensorEntry';
import { lowerGraph } from '#engine/graph/lowering/lowerGraph';
import type { Tensor } from '#engine/graph/tensor';
import { describeShape, sameShape } from '#engine/graph/tensor';
import { shapes } from '#engine/models/convertFile';
import { fitNetwork, reportFit, requireWholeFit } from '#engine/models/fitNetwork';
import { withScratch } from '#engine/models/scratchFiles';
import type { BuiltNetwork } from '#engine/networks/catalogue';
import { buildNetwork, networkNamed, trainedCount } from '#engine/networks/catalogue';
import type { HostValues } from '#engine/runtime/Backend';
import { OrtBackend } from '#engine/runtime/OrtBackend';

/**
 * Runs a network, or one module of one, on given tensors with given weights: how it is compared with the original.
 * Inputs and outputs are safetensors; the batch is that of the first input.
 *
 * @throws AppError input.badOption, input.badConfig, checkpoint.*, graph.*, engine.*
 */
export async function runNetwork(task: RunTask, context: WorkContext): Promise<RanNetwork> {
  const started = performance.now();
  const inputs = await readInputs(task.inputs);
  const built = buildNetwork(networkNamed(task.network), task.config, batchOf(task, inputs));
  requireInputs(built, inputs);
  const feeds = new Map<string, HostValues>([...inputs].map(([name, { values }]) => [name, values]));
  await readWeights(task, built, feeds, context);
  context.onProgress?.({ stage: 'compile', fraction: 0 });
  const backend = new OrtBackend(task.backend);
  try {
    const program = await backend.compile(lowerGraph(task.network, built.outputs, backend.rules));
    const compiled = performance.now();
    context.onProgress?.({ stage: 'run', fraction: 0 });
    const { values } = await program.run(feeds);
    const ended = performance.now();
    await writeFile(task.out, encodeSafetensors(asStored(built.outputs, values)));
    await program.dispose();
    return {
      outputs: shapes(built.outputs),
      compileMilliseconds: compiled - started,
      runMilliseconds: ended - compiled,
      parameterCount: trainedCount(built),
    };
  } finally {
    await backend.dispose();
  }
}

async function readInputs(path: string): Promise<ReadonlyMap<string, StoredTensor>> {
  return await reading(path, async ({ tensors }, open) => {
    const read = new Map<string, StoredTensor>();
    for (const tensor of tensors) read.set(tensor.name, { shape: tensor.shape, values: await open(tensor) });
    return read;
  });
}

/** Loads what the network wants, one tensor after the other, to the feeds. */
async function readWeights(
  { weights, config }: RunTask,
  built: BuiltNetwork,
  feeds: Map<string, HostValues>,
  context: WorkContext,
): Promise<void> {
  if (built.parameters.length === 0) return;
  await reading(weights, async ({ tensors }, open) => {
    const fit = fitNetwork(tensors, { network: built.network.name, config });
    requireWholeFit(reportFit(fit, typeof config === 'string' ? config : 'the given config'));
    let done = 0;
    for (const { name, tensor } of fit.match.matched) {
      feeds.set(name, await open(tensor));
      context.onProgress?.({ stage: 'weights', fraction: ++done / fit.match.matched.length });
    }
  });
}

async function reading<Result>(
  path: string,
  work: (checkpoint: Checkpoint, open: (tensor: TensorEntry) => Promise<Float32Array>) => Promise<Result>,
): Promise<Result> {
  const checkpoint = openCheckpoint(path);
  try {
    return await withScratch(join(dirname(path), `.unpacked-${process.pid}`), async (scratch) => {
      const storages = new OpenStorages(scratch);
      const open = async (tensor: TensorEntry) => readFloats(tensor, await storages.open(tensor.storage));
      return await work(checkpoint, open).finally(() => storages.close());
    });
  } finally {
    checkpoint.close();
  }
}

/** How many times the first input's own first axis is what it would be for one. */
function batchOf({ network, config }: RunTask, inputs: ReadonlyMap<string, StoredTensor>): number {
  const [first] = Object.entries(buildNetwork(networkNamed(network), config, 1).inputs);
  if (first === undefined) return 1;
  const [name, { shape }] = first;
  const given = inputs.get(name)?.shape;
  if (given === undefined) throw missingInput(network, name, shape);
  const batch = given[0] / shape[0];
  return Number.isInteger(batch) && batch >= 1 ? batch : 1;
}

function requireInputs({ network, inputs }: BuiltNetwork, given: ReadonlyMap<string, StoredTensor>): void {
  for (const [name, { shape }] of Object.entries(inputs)) {
    const found = given.get(name);
    if (found === undefined) throw missingInput(network.name, name, shape);
    if (!sameShape(found.shape, shape)) {
      throw new AppError('input.badOption', `The input "${name}" of ${network.name} is ${describeShape(found.shape)}; ${describeShape(shape)} was expected.`); // prettier-ignore
    }
  }
}

function missingInput(network: string, name: string, shape: readonly number[]): AppError {
  return new AppError('input.badOption', `The inputs lack "${name}" ${describeShape(shape)}, which ${network} takes.`);
} // prettier-ignore

function asStored(
  outputs: Readonly<Record<string, Tensor>>,
  values: ReadonlyMap<string, HostValues>,
): ReadonlyMap<string, StoredTensor> {
  return new Map(
    Object.entries(outputs).map(([name, { shape }]) => {
      const found = values.get(name) ?? new Float32Array();
      return [name, { shape, values: found instanceof Float32Array ? found : Float32Array.from(found) }];
    }),
  );
}
