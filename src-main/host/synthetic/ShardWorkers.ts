import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { AppError } from '#common/contract/errors';
import { fromWire } from '#common/contract/wire';
import type { ShardPlan } from '#common/synthetic/dataset/datasetRecipe';
import type { ShardSummary } from '#common/synthetic/dataset/datasetIndex';
import type { ShardReply, ShardRequest, ShardWorkerSetup } from '#host/synthetic/shardMessages';

export interface ShardRun {
  readonly setup: ShardWorkerSetup;
  readonly plans: readonly ShardPlan[];
  /** The bundled shard.worker.js. */
  readonly workerUrl: URL;
  readonly signal: AbortSignal;
  /** One more picture was made. */
  readonly onRecord: () => void;
  /** One thread for each core by default. */
  readonly workerCount?: number;
}

/**
 * Makes shards on all cores, each by one thread from start to end. The first failure stops the others; on
 * cancelling, threads remove what they had begun.
 *
 * @throws AppError job.cancelled; what a shard failed with; internal.invariant where a thread died
 */
export async function makeShards(run: ShardRun): Promise<readonly ShardSummary[]> {
  const { plans, workerUrl, setup, signal } = run;
  const count = Math.min(plans.length, run.workerCount ?? availableParallelism());
  const waiting = [...plans];
  const made: ShardSummary[] = [];
  const workers = Array.from({ length: count }, () => new Worker(workerUrl, { workerData: setup }));
  const stop = (): void => workers.forEach((worker) => post(worker, { kind: 'cancel' }));
  signal.addEventListener('abort', stop);
  let failure: Error | undefined;
  try {
    const ends = workers.map(async (worker) => {
      for (let plan = waiting.shift(); plan !== undefined; plan = waiting.shift()) {
        if (signal.aborted || failure !== undefined) return;
        try {
          const shard = await makeShard(worker, plan, run.onRecord);
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
  if (failure !== undefined) throw failure;
  if (signal.aborted) throw new AppError('job.cancelled', 'Making synthetic heads was cancelled.');
  return made;
}

/** @returns undefined where the worker was cancelled */
function makeShard(worker: Worker, plan: ShardPlan, onRecord: () => void): Promise<ShardSummary | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      worker.off('message', receive);
      worker.off('error', died);
      worker.off('exit', died);
      end();
    };
    const died = (reason: unknown): void =>
      settle(() => reject(new AppError('internal.invariant', `The thread that made ${plan.name} ended: ${String(reason)}.`))); // prettier-ignore
    const receive = (reply: ShardReply): void => {
      if (reply.kind === 'record') onRecord();
      else if (reply.kind === 'shard') settle(() => resolve(reply.shard));
      else if (reply.kind === 'cancelled') settle(() => resolve(undefined));
      else settle(() => reject(fromWire(reply.error)));
    };
    worker.on('message', receive);
    worker.on('error', died);
    worker.on('exit', died);
    post(worker, { kind: 'shard', plan });
  });
}

function post(worker: Worker, request: ShardRequest): void {
  worker.postMessage(request);
}
