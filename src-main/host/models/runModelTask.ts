import type { EngineProcess } from '#common/contract/engineProcess';
import { AppError, throwIfCancelled } from '#common/contract/errors';
import { fromWire } from '#common/contract/wire';
import type { ModelTask, ModelTaskAnswer, ModelTaskResults } from '#common/models/modelTasks';
import type { JobContext } from '#host/jobs/jobRunner';

export interface ModelTaskOutcome<Kind extends ModelTask['kind']> {
  readonly result: ModelTaskResults[Kind];
  /** The most memory the task's process held. */
  readonly peakBytes: number;
}

/**
 * Runs one task in a fresh process and ends it. Cancelling ends it in the middle: what it writes is either taken up
 * again (imports) or lies under a temporary name that its caller removes.
 *
 * @throws AppError the task's own, `job.cancelled`, `engine.crashed`
 */
export async function runModelTask<Task extends ModelTask>(
  start: () => EngineProcess,
  task: Task,
  { signal, onProgress }: JobContext,
): Promise<ModelTaskOutcome<Task['kind']>> {
  throwIfCancelled(signal);
  const process = start();
  let abort = (): void => undefined;
  try {
    return await new Promise((resolve, reject) => {
      process.onExit((reason) => reject(new AppError('engine.crashed', `The work on weights ended early: ${reason}.`)));
      abort = () => reject(new AppError('job.cancelled', 'The job was cancelled.'));
      signal.addEventListener('abort', abort);
      process.port.onMessage((message) => {
        const answer = message as ModelTaskAnswer;
        if (answer.kind === 'progress') onProgress({ stage: answer.stage, fraction: answer.fraction });
        else if (answer.kind === 'failed') reject(fromWire(answer.error));
        else resolve({ result: answer.result as ModelTaskResults[Task['kind']], peakBytes: answer.peakBytes });
      });
      process.port.post(task);
    });
  } finally {
    signal.removeEventListener('abort', abort);
    await process.terminate();
  }
} // prettier-ignore
