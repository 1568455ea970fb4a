// Draws synthetic heads on its own thread; `runHeadTasks.ts` starts and feeds it.
import { parentPort, workerData } from 'node:worker_threads';
import sharp from 'sharp';
import { AppError, invariant } from '#common/contract/errors';
import { toWire } from '#common/contract/wire';
import { recordKey } from '#common/synthetic/dataset/datasetRecipe';
import { drawSheet } from '#host/synthetic/drawSheet';
import { encodeRecord } from '#host/synthetic/encodeRecord';
import type { HeadReply, HeadRequest, HeadTask, HeadWorkerSetup } from '#host/synthetic/headTasks';
import { openHeadFactory } from '#host/synthetic/openHeadFactory';
import { ShardWriter } from '#host/synthetic/ShardWriter';

invariant(parentPort, 'synthetic heads are drawn in a worker thread');
const port = parentPort;
const { recipe, assetsDirectory } = workerData as HeadWorkerSetup;
const factory = openHeadFactory(recipe, assetsDirectory);
// Its failure is that of the first task.
factory.catch(() => undefined);
// The pictures are small and every core already has a worker.
sharp.concurrency(1);
let isCancelled = false;

port.on('message', (request: HeadRequest) => {
  if (request.kind === 'cancel') isCancelled = true;
  else void answer(request);
});

async function answer(task: HeadTask): Promise<void> {
  try {
    reply(await perform(task));
  } catch (error) {
    const isOurs = error instanceof AppError && error.code === 'job.cancelled';
    reply(isOurs ? { kind: 'cancelled' } : { kind: 'failed', error: toWire(error) });
  }
}

async function perform(task: HeadTask): Promise<HeadReply> {
  const heads = await factory;
  if (task.kind === 'shard') return await makeShard(task);
  await drawSheet(heads, recipe, task, didRecord);
  return { kind: 'finished' };
}

async function makeShard({ folder, plan }: HeadTask & { kind: 'shard' }): Promise<HeadReply> {
  const heads = await factory;
  const writer = await ShardWriter.open(folder, plan.name);
  try {
    for (let index = 0; index < plan.identityCount; index++) {
      for (const record of heads.recordsOf(plan.firstIdentity + index)) {
        await writer.add(recordKey(record.place), await encodeRecord(record));
        await didRecord();
      }
    }
    return { kind: 'finished', shard: await writer.finish() };
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

/** Tells of a record, and lets a request to cancel in: all else here may have been faster than a turn of the loop. */
async function didRecord(): Promise<void> {
  reply({ kind: 'record' });
  await new Promise(setImmediate);
  if (isCancelled) throw new AppError('job.cancelled', 'Drawing synthetic heads was cancelled.');
}

function reply(message: HeadReply): void {
  port.postMessage(message);
}
