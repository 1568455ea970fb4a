import { AppError } from '#common/contract/errors';
import type { HostClient } from '#common/contract/hostClient';
import type { JobId, JobKind, JobOutcome, JobResults, StartedJob } from '#common/contract/jobs';
import type { Progress } from '#common/contract/progress';
import { fromWire } from '#common/contract/wire';

export interface FollowOptions {
  readonly onProgress?: (progress: Progress) => void;
  /** Called once with the job's id, for a caller that wants to cancel it. */
  readonly onStarted?: (jobId: JobId) => void;
}

/**
 * Starts a job and waits for its end.
 *
 * @throws AppError the job's own error, or `job.cancelled`.
 */
export async function followJob<Kind extends JobKind>(
  client: HostClient,
  start: () => Promise<StartedJob<Kind>>,
  options: FollowOptions = {},
): Promise<JobResults[Kind]> {
  // Subscribed before the start: a short job may end before its id has travelled back.
  const ended = new Map<JobId, JobOutcome>();
  let followed: JobId | undefined;
  let settle: (outcome: JobOutcome) => void = () => undefined;
  const removers = [
    client.subscribe('jobs.didFinish', ({ jobId, outcome }) => {
      if (jobId === followed) settle(outcome);
      else ended.set(jobId, outcome);
    }),
    client.subscribe('jobs.didProgress', ({ jobId, stage, fraction }) => {
      if (jobId === followed) options.onProgress?.({ stage, fraction });
    }),
  ];
  try {
    const { jobId } = await start();
    followed = jobId;
    options.onStarted?.(jobId);
    const outcome = ended.get(jobId) ?? (await new Promise<JobOutcome>((resolve) => (settle = resolve)));
    return resultOf(outcome) as JobResults[Kind];
  } finally {
    for (const remove of removers) remove();
  }
}

function resultOf(outcome: JobOutcome): JobResults[JobKind] {
  if (outcome.state === 'succeeded') return outcome.result;
  if (outcome.state === 'failed') throw fromWire(outcome.error);
  throw new AppError('job.cancelled', 'The job was cancelled.');
}
