// Draws synthetic heads on its own thread; `runHeadTasks.ts` starts and feeds it.
import { parentPort, workerData } from 'node:worker_threads';
import sharp from 'sharp';
import { invariant } from '#common/contract/errors';
import { toWire } from '#common/contract/wire';
import { recordKey } from '#common/synthetic/dataset/datasetRecipe';
import { drawSheet } from '#host/synthetic/drawSheet';
import { encodeRecord } from '#host/synthetic/encodeRecord';
import type { HeadReply, HeadTask, HeadWorkerSetup } from '#host/synthetic/headTasks';
import { openHeadFactory } from '#host/synthetic/openHeadFactory';
import { ShardWriter } from '#host/synthetic/ShardWriter';

invariant(parentPort, 'synthetic heads are drawn in a worker thread');
const port = parentPort;
const { recipe, ...folders } = workerData as HeadWorkerSetup;
const factory = openHeadFactory(recipe, folders);
// Its failure is that of the first task.
factory.catch(() => undefined);
// The pictures are small and every core already has a worker.
sharp.concurrency(1);

port.on('message', (task: HeadTask) => void answer(task));

async function answer(task: HeadTask): Promise<void> {
  try {
    reply(await perform(task));
  } catch (error) {
    reply({ kind: 'failed', error: toWire(error) });
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
        didRecord();
      }
    }
    return { kind: 'finished', shard: await writer.finish() };
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

function didRecord(): void {
  reply({ kind: 'record' });
}

function reply(message: HeadReply): void {
  port.postMessage(message);
}
