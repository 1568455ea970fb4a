import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { AppError } from '#common/contract/errors';
import { fromWire } from '#common/contract/wire';
import type { ShardSummary } from '#common/synthetic/dataset/datasetIndex';
import type { HeadReply, HeadTask, HeadWorkerSetup } from '#host/synthetic/headTasks';

export interface HeadRun {
  readonly setup: HeadWorkerSetup;
  readonly tasks: readonly HeadTask[];
  /** The bundled syntheticHeads.worker.js. */
  readonly workerUrl: URL;
  readonly signal: AbortSignal;
  /** One more picture was made. */
  readonly onRecord: () => void;
  /** One thread for each core by default. */
  readonly workerCount?: number;
}

/**
 * Performs tasks on all cores, each by one thread from start to end. The first failure ends the others. Threads are ended
 * in the middle of what they do, because building one head may take seconds: what they had begun to write is theirs alone
 * by name (`unfinishedPath`) and the caller's to remove.
 *
 * @returns the shards that were made, in no order
 * @throws AppError job.cancelled; what a task failed with; internal.invariant where a thread died
 */
export async function runHeadTasks(run: HeadRun): Promise<readonly ShardSummary[]> {
  const { tasks, workerUrl, setup, signal } = run;
  const count = Math.min(tasks.length, run.workerCount ?? availableParallelism());
  const waiting = [...tasks];
  const made: ShardSummary[] = [];
  const workers = Array.from({ length: count }, () => new Worker(workerUrl, { workerData: setup }));
  const stop = (): void => workers.forEach((worker) => void worker.terminate());
  signal.addEventListener('abort', stop);
  let failure: Error | undefined;
  try {
    const ends = workers.map(async (worker) => {
      for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
        if (signal.aborted || failure !== undefined) return;
        try {
          const shard = await perform(worker, task, run.onRecord);
          if (shard !== undefined) made.push(shard);
        } catch (error) {
          failure ??= error instanceof Error ? error : new Error(String(error));
          stop();
        }
      }
    });
    await Promise.all(ends);
  } finally {
    signal.removeEventListener('abort', stop);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  if (signal.aborted) throw new AppError('job.cancelled', 'Making synthetic heads was cancelled.');
  if (failure !== undefined) throw failure;
  return made;
}

/** @returns the shard, where the task was one */
function perform(worker: Worker, task: HeadTask, onRecord: () => void): Promise<ShardSummary | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      worker.off('message', receive);
      worker.off('error', died);
      worker.off('exit', died);
      end();
    };
    const died = (reason: unknown): void =>
      settle(() =>
        reject(
          new AppError('internal.invariant', `A thread that draws heads ended: ${String(reason)}.`, {
            cause: reason,
          }),
        ),
      );
    const receive = (reply: HeadReply): void => {
      if (reply.kind === 'record') onRecord();
      else if (reply.kind === 'finished') settle(() => resolve(reply.shard));
      else settle(() => reject(fromWire(reply.error)));
    };
    worker.on('message', receive);
    worker.on('error', died);
    worker.on('exit', died);
    worker.postMessage(task);
  });
}
