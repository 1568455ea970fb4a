import { AppError } from '#common/contract/errors';
import type { JobId, JobKind, JobOutcome, JobResults, JobStatus, StartedJob } from '#common/contract/jobs';
import type { Progress } from '#common/contract/progress';
import { toWire } from '#common/contract/wire';
import type { Clock } from '#host/clock';
import type { HostEventHub } from '#host/hostEventHub';
import type { Log } from '#host/log';

/** What the work of a job is given. */
export interface JobContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

export interface JobRunner {
  /** Returns at once; the work starts in a later turn, so that the caller has the id before the first event. */
  start<Kind extends JobKind>(
    kind: Kind,
    work: (context: JobContext) => Promise<JobResults[Kind]>,
  ): StartedJob<Kind>;
  /** False when the job had already ended. */
  cancel(jobId: JobId): boolean;
  status(jobId: JobId): JobStatus;
  /** Cancels what runs and waits until all work has let go of its files and workers. */
  dispose(): Promise<void>;
}

export interface JobRunnerOptions {
  readonly events: HostEventHub;
  readonly clock: Clock;
  readonly log: Log;
}

interface Job {
  readonly id: JobId;
  readonly kind: JobKind;
  readonly abort: AbortController;
  done: Promise<void>;
  progress?: Progress;
  lastSent: number;
  outcome?: JobOutcome;
}

/** Progress events closer together than this are dropped, except the first of each stage. */
const PROGRESS_INTERVAL_MILLISECONDS = 33;

/** Ended jobs whose status is kept. */
const KEPT_JOBS = 100;

/** Runs long work beside the calls: ids, progress events, cancelling, outcomes. */
export function createJobRunner({ events, clock, log }: JobRunnerOptions): JobRunner {
  const jobs = new Map<JobId, Job>();
  let count = 0;

  const report = (job: Job, progress: Progress): void => {
    if (job.outcome !== undefined) return;
    const isNewStage = job.progress?.stage !== progress.stage;
    job.progress = progress;
    const now = clock.milliseconds();
    if (!isNewStage && now - job.lastSent < PROGRESS_INTERVAL_MILLISECONDS) return;
    job.lastSent = now;
    events.emit('jobs.didProgress', { jobId: job.id, stage: progress.stage, fraction: progress.fraction });
  };

  const finish = (job: Job, outcome: JobOutcome): void => {
    job.outcome = outcome;
    if (outcome.state === 'failed') {
      log.write('warn', `${job.kind} failed`, { jobId: job.id, error: outcome.error });
    }
    forgetOldJobs(jobs);
    events.emit('jobs.didFinish', { jobId: job.id, outcome });
  };

  const find = (jobId: JobId): Job => {
    const job = jobs.get(jobId);
    if (job === undefined) {
      throw new AppError('job.notFound', `This host knows no job "${jobId}".`, { details: { jobId } });
    }
    return job;
  };

  return {
    start(kind, work) {
      const id = `job-${++count}` as JobId;
      const job: Job = {
        id,
        kind,
        abort: new AbortController(),
        done: Promise.resolve(),
        lastSent: -Infinity,
      };
      jobs.set(id, job);
      job.done = runWork(job, work, report, events).then((outcome) => finish(job, outcome));
      return { jobId: id, kind };
    },
    cancel(jobId) {
      const job = find(jobId);
      if (job.outcome !== undefined) return false;
      job.abort.abort();
      return true;
    },
    status(jobId) {
      const { id, kind, outcome, progress } = find(jobId);
      return {
        jobId: id,
        kind,
        state: outcome?.state ?? 'running',
        ...(progress === undefined ? {} : { stage: progress.stage, fraction: progress.fraction }),
        ...(outcome === undefined ? {} : { outcome }),
      };
    },
    async dispose() {
      for (const job of jobs.values()) job.abort.abort();
      await Promise.all([...jobs.values()].map((job) => job.done));
    },
  };
}

async function runWork(
  job: Job,
  work: (context: JobContext) => Promise<JobResults[JobKind]>,
  report: (job: Job, progress: Progress) => void,
  events: HostEventHub,
): Promise<JobOutcome> {
  await new Promise((resolve) => setImmediate(resolve));
  events.emit('jobs.didStart', { jobId: job.id, kind: job.kind });
  const { signal } = job.abort;
  try {
    if (signal.aborted) return { state: 'cancelled' };
    return {
      state: 'succeeded',
      result: await work({ signal, onProgress: (progress) => report(job, progress) }),
    };
  } catch (error) {
    if (error instanceof AppError && error.code === 'job.cancelled') return { state: 'cancelled' };
    return { state: 'failed', error: toWire(error) };
  }
}

function forgetOldJobs(jobs: Map<JobId, Job>): void {
  let excess = jobs.size - KEPT_JOBS;
  for (const [id, job] of jobs) {
    if (excess <= 0) return;
    if (job.outcome === undefined) continue;
    jobs.delete(id);
    excess--;
  }
}
