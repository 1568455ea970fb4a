import type { StageTiming } from '#common/contract/avatarResults';
import { throwIfCancelled } from '#common/contract/errors';
import type { WorkContext } from '#common/contract/progress';
import type { Clock } from '#host/clock';

/** Names, times and reports the steps of one job. */
export interface StageTimer {
  /** Runs one step: reports it, measures it, and stops before and after it when the job was cancelled. */
  run<Result>(name: string, work: () => Result | Promise<Result>): Promise<Result>;
  /** Adds a step that was measured elsewhere (in a worker). */
  add(name: string, milliseconds: number): void;
  readonly stages: readonly StageTiming[];
  /** Milliseconds since the timer was made. */
  elapsed(): number;
}

export function createStageTimer(clock: Clock, context: WorkContext): StageTimer {
  const started = clock.milliseconds();
  const stages: StageTiming[] = [];
  const add = (name: string, milliseconds: number): void => {
    stages.push({ name, milliseconds: Math.round(milliseconds * 10) / 10 });
  };
  return {
    stages,
    add,
    elapsed: () => Math.round(clock.milliseconds() - started),
    async run(name, work) {
      throwIfCancelled(context.signal);
      context.onProgress?.({ stage: name, fraction: 0 });
      const start = clock.milliseconds();
      const result = await work();
      throwIfCancelled(context.signal);
      add(name, clock.milliseconds() - start);
      return result;
    },
  };
}
