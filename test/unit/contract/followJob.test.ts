import { describe, expect, it } from 'vitest';
import { AppError } from '#common/contract/errors';
import type { HostEventName, HostEvents } from '#common/contract/events';
import type { JobClient } from '#common/contract/followJob';
import { followJob } from '#common/contract/followJob';
import type { JobId, JobOutcome, JobStatus, StartedJob } from '#common/contract/jobs';

const JOB = 'job-1' as JobId;
const OTHER = 'job-2' as JobId;
const CANCELLED: JobOutcome = { state: 'cancelled' };
const running: JobStatus = { jobId: JOB, kind: 'exportAvatar', state: 'running' };

/** A host that says what the test lets it say; `status` answers in turn. */
function aHost(status: readonly (() => JobStatus)[] = []) {
  const listeners = new Map<HostEventName, Set<(payload: never) => void>>();
  const answers = [...status];
  const client: JobClient = {
    subscribe(event, listener) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(listener));
      return () => set.delete(listener);
    },
    jobs: {
      cancel: () => Promise.resolve({ cancelling: true }),
      status: () => Promise.resolve().then(() => (answers.shift() ?? (() => running))()),
    },
  };
  const say = <Name extends HostEventName>(event: Name, payload: HostEvents[Name]): void => {
    for (const listener of listeners.get(event) ?? []) listener(payload as never);
  };
  const reconnects = new Set<() => void>();
  return {
    client,
    say,
    reconnect: () => reconnects.forEach((listener) => listener()),
    onReconnect: (listener: () => void) => {
      reconnects.add(listener);
      return () => reconnects.delete(listener);
    },
    listenerCount: () => reconnects.size + [...listeners.values()].reduce((sum, set) => sum + set.size, 0),
  };
}

const started: StartedJob<'exportAvatar'> = { jobId: JOB, kind: 'exportAvatar' };

/** Follows the job until its id has arrived; `ending` is the error's code, once it has ended. */
async function follow(host: ReturnType<typeof aHost>): Promise<{ readonly ending: Promise<string> }> {
  let hasStarted: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (hasStarted = resolve));
  const ended = followJob(host.client, () => Promise.resolve(started), {
    onStarted: () => hasStarted(),
    onReconnect: host.onReconnect,
  });
  const ending = ended.then(() => 'succeeded', (error: unknown) => (error as AppError).code); // prettier-ignore
  await ready;
  // Listening for the connection begins in the turn after the id was told.
  await new Promise((resolve) => setImmediate(resolve));
  return { ending };
}

describe('following a job', () => {
  it('tells what the job reported before its id was known, and nothing of other jobs', async () => {
    const host = aHost();
    const told: string[] = [];
    const start = () => {
      host.say('jobs.didProgress', { jobId: JOB, stage: 'open', fraction: 0 });
      host.say('jobs.didProgress', { jobId: OTHER, stage: 'fit', fraction: 0 });
      host.say('jobs.didProgress', { jobId: JOB, stage: 'render', fraction: 0.5 });
      host.say('jobs.didFinish', { jobId: OTHER, outcome: { state: 'cancelled' } });
      host.say('jobs.didFinish', { jobId: JOB, outcome: CANCELLED });
      return Promise.resolve(started);
    };
    const following = followJob(host.client, start, {
      onStarted: (jobId) => told.push(jobId),
      onProgress: ({ stage, fraction }) => told.push(`${stage} ${fraction}`),
    });
    await expect(following).rejects.toMatchObject({ code: 'job.cancelled' });
    expect(told).toEqual([JOB, 'open 0', 'render 0.5']);
    expect(host.listenerCount()).toBe(0);
  });

  it('ends by asking where the end was said while the connection was lost', async () => {
    const host = aHost([() => ({ ...running, state: 'cancelled', outcome: CANCELLED })]);
    const { ending } = await follow(host);
    host.reconnect();
    expect(await ending).toBe('job.cancelled');
    expect(host.listenerCount()).toBe(0);
  });

  it('goes on while the job runs, and asks again after the next loss', async () => {
    const lost = (): never => {
      throw new AppError('connection.lost', 'No host.');
    };
    const ended = (): JobStatus => ({ ...running, state: 'cancelled', outcome: CANCELLED });
    const host = aHost([() => running, lost, ended]);
    const { ending } = await follow(host);
    for (let loss = 0; loss < 3; loss++) host.reconnect();
    expect(await ending).toBe('job.cancelled');
  });

  it('fails where the host knows the job no more', async () => {
    const host = aHost([
      () => {
        throw new AppError('job.notFound', 'This host knows no job "job-1".');
      },
    ]);
    const { ending } = await follow(host);
    host.reconnect();
    expect(await ending).toBe('job.notFound');
  });
});
