import { AppError } from '#common/contract/errors';
import type { HostClient } from '#common/contract/hostClient';
import type { JobId, JobKind, JobOutcome, JobResults, StartedJob } from '#common/contract/jobs';
import type { Progress } from '#common/contract/progress';
import { fromWire } from '#common/contract/wire';

export interface FollowOptions {
  readonly onProgress?: (progress: Progress) => void;
  /** Called once with the job's id, for a caller that wants to cancel it. */
  readonly onStarted?: (jobId: JobId) => void;
  /**
   * Tells of a connection that was lost and is back; returns what ends the telling. What the host said meanwhile
   * never arrived, so the job is asked for its status then.
   */
  readonly onReconnect?: (listener: () => void) => () => void;
}

/** What a job has said before its id was known here. */
interface EarlyWord {
  readonly progress: Progress[];
  outcome?: JobOutcome;
}

/** The calls and events that following a job needs. */
export type JobClient = Pick<HostClient, 'jobs' | 'subscribe'>;

/**
 * Starts a job and waits for its end.
 *
 * @throws AppError the job's own error, `job.cancelled`, or `job.notFound` where a host of another run has taken
 * the place of the one that started it
 */
export async function followJob<Kind extends JobKind>(
  client: JobClient,
  start: () => Promise<StartedJob<Kind>>,
  options: FollowOptions = {},
): Promise<JobResults[Kind]> {
  const { onProgress, onStarted, onReconnect } = options;
  // Subscribed before the start: a short job may report and end before its id has travelled back.
  const early = new Map<JobId, EarlyWord>();
  const earlyOf = (jobId: JobId): EarlyWord => {
    const known: EarlyWord = early.get(jobId) ?? { progress: [] };
    early.set(jobId, known);
    return known;
  };
  let followed: JobId | undefined;
  let end: (outcome: JobOutcome) => void = () => undefined;
  const removers = [
    client.subscribe('jobs.didFinish', ({ jobId, outcome }) => {
      if (followed === undefined) earlyOf(jobId).outcome = outcome;
      else if (jobId === followed) end(outcome);
    }),
    client.subscribe('jobs.didProgress', ({ jobId, stage, fraction }) => {
      if (followed === undefined) earlyOf(jobId).progress.push({ stage, fraction });
      else if (jobId === followed) onProgress?.({ stage, fraction });
    }),
  ];
  try {
    const { jobId } = await start();
    const missed = early.get(jobId);
    followed = jobId;
    early.clear();
    onStarted?.(jobId);
    for (const progress of missed?.progress ?? []) onProgress?.(progress);
    if (missed?.outcome !== undefined) return resultOf(missed.outcome) as JobResults[Kind];
    const outcome = await new Promise<JobOutcome>((resolve, reject) => {
      end = resolve;
      const ask = (): void => void askForOutcome(client, jobId).then((met) => met && resolve(met), reject);
      if (onReconnect !== undefined) removers.push(onReconnect(ask));
    });
    return resultOf(outcome) as JobResults[Kind];
  } finally {
    for (const remove of removers) remove();
  }
}

/** How the job has ended, or undefined while it runs. */
async function askForOutcome(client: JobClient, jobId: JobId): Promise<JobOutcome | undefined> {
  try {
    return (await client.jobs.status({ jobId })).outcome;
  } catch (error) {
    // Lost again before the answer: asked again when the connection is back.
    if (error instanceof AppError && error.code === 'connection.lost') return undefined;
    throw error;
  }
}

function resultOf(outcome: JobOutcome): JobResults[JobKind] {
  if (outcome.state === 'succeeded') return outcome.result;
  if (outcome.state === 'failed') throw fromWire(outcome.error);
  throw new AppError('job.cancelled', 'The job was cancelled.');
}
