import type { JobClient } from '#common/contract/followJob';
import { followJob } from '#common/contract/followJob';
import type { JobId, JobKind, JobResults, StartedJob } from '#common/contract/jobs';
import type { ConnectionService } from '$services/connection.svelte';

/** One stage of a job, done or under way. */
export interface JobStage {
  /** The host's name of it, such as `fit`. */
  readonly name: string;
  /** So far; final once the next stage began. */
  readonly milliseconds: number;
}

/** A job the page follows. */
export interface RunningJob {
  readonly jobId: JobId;
  /** What it does, for people: "Making Ada". */
  readonly label: string;
  readonly stage: string;
  /** Inside the stage, [0, 1]. */
  readonly fraction: number;
  /** Oldest first; the last is under way. */
  readonly stages: readonly JobStage[];
  readonly isCancelling: boolean;
}

interface Stopwatch {
  readonly names: string[];
  readonly starts: number[];
}

/** Long work of the host, as the page sees it. */
export class JobService {
  readonly #client: JobClient;
  readonly #connection: Pick<ConnectionService, 'onReconnect'>;
  #running = $state.raw<readonly RunningJob[]>([]);

  constructor(client: JobClient, connection: Pick<ConnectionService, 'onReconnect'>) {
    this.#client = client;
    this.#connection = connection;
  }

  get running(): readonly RunningJob[] {
    return this.#running;
  }

  /** The running job of this label; undefined before the host has begun it, and without a label. */
  labelled(label: string | undefined): RunningJob | undefined {
    return this.#running.find((job) => job.label === label);
  }

  /**
   * Starts a job and waits for its end, listed in `running` meanwhile.
   *
   * @throws AppError the job's own error, or `job.cancelled`
   */
  async follow<Kind extends JobKind>(
    label: string,
    start: () => Promise<StartedJob<Kind>>,
  ): Promise<JobResults[Kind]> {
    const watch: Stopwatch = { names: [], starts: [] };
    let jobId: JobId | undefined;
    try {
      return await followJob(this.#client, start, {
        onReconnect: (listener) => this.#connection.onReconnect(listener),
        onStarted: (started) => {
          jobId = started;
          const job = { jobId, label, stage: '', fraction: 0, stages: [], isCancelling: false };
          this.#running = [...this.#running, job];
        },
        onProgress: ({ stage, fraction }) => {
          const now = performance.now();
          if (watch.names.at(-1) !== stage) {
            watch.names.push(stage);
            watch.starts.push(now);
          }
          this.#patch(jobId, { stage, fraction, stages: stagesOf(watch, now) });
        },
      });
    } finally {
      this.#running = this.#running.filter((job) => job.jobId !== jobId);
    }
  }

  /** Asks the host to stop; the job ends with `job.cancelled` a moment later. */
  async cancel(jobId: JobId): Promise<void> {
    this.#patch(jobId, { isCancelling: true });
    await this.#client.jobs.cancel({ jobId });
  }

  #patch(jobId: JobId | undefined, changes: Partial<RunningJob>): void {
    this.#running = this.#running.map((job) => (job.jobId === jobId ? { ...job, ...changes } : job));
  }
}

function stagesOf({ names, starts }: Stopwatch, now: number): readonly JobStage[] {
  return names.map((name, index) => ({ name, milliseconds: (starts[index + 1] ?? now) - starts[index] }));
}
