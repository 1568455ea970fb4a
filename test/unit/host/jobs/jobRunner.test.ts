import { describe, expect, it } from 'vitest';
import { AppError } from '#common/contract/errors';
import type { MakeAvatarResult } from '#common/contract/avatarResults';
import type { HostEvents } from '#common/contract/events';
import type { JobId } from '#common/contract/jobs';
import { createHostEventHub } from '#host/hostEventHub';
import { createJobRunner } from '#host/jobs/jobRunner';
import { silentLog } from '#host/log';

const RESULT = { name: 'Ada' } as MakeAvatarResult;

function aRunner() {
  let now = 0;
  const events = createHostEventHub(silentLog);
  const clock = { milliseconds: () => now, date: () => new Date(0) };
  const runner = createJobRunner({ events, clock, log: silentLog });
  const progress: HostEvents['jobs.didProgress'][] = [];
  events.subscribe('jobs.didProgress', (event) => progress.push(event));
  const ended = (jobId: JobId) =>
    new Promise<HostEvents['jobs.didFinish']>((resolve) => {
      events.subscribe('jobs.didFinish', (event) => {
        if (event.jobId === jobId) resolve(event);
      });
    });
  return { runner, events, progress, ended, wait: (milliseconds: number) => (now += milliseconds) };
}

describe('job runner', () => {
  it('gives the id before the first event', async () => {
    const { runner, events, ended } = aRunner();
    const order: string[] = [];
    events.subscribe('jobs.didStart', () => order.push('didStart'));
    const { jobId } = runner.start('makeAvatar', () => Promise.resolve(RESULT));
    order.push('id');
    await ended(jobId);
    expect(order).toEqual(['id', 'didStart']);
  });

  it('thins out progress but shows the start of every stage', async () => {
    const { runner, progress, ended, wait } = aRunner();
    const { jobId } = runner.start('makeAvatar', ({ onProgress }) => {
      for (const fraction of [0, 0.1, 0.2]) onProgress({ stage: 'fit', fraction });
      wait(40);
      onProgress({ stage: 'fit', fraction: 0.3 });
      onProgress({ stage: 'rig', fraction: 0 });
      return Promise.resolve(RESULT);
    });
    await ended(jobId);
    expect(progress.map(({ stage, fraction }) => [stage, fraction])).toEqual([
      ['fit', 0],
      ['fit', 0.3],
      ['rig', 0],
    ]);
  });

  it('never starts the work of a job that was cancelled at once', async () => {
    const { runner, ended } = aRunner();
    let hasRun = false;
    const { jobId } = runner.start('makeAvatar', () => {
      hasRun = true;
      return Promise.resolve(RESULT);
    });
    expect(runner.cancel(jobId)).toBe(true);
    expect(await ended(jobId)).toMatchObject({ outcome: { state: 'cancelled' } });
    expect(hasRun).toBe(false);
  });

  it('counts a job that ended well in spite of a late cancel as done', async () => {
    const { runner, ended } = aRunner();
    const { jobId } = runner.start('makeAvatar', async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return RESULT;
    });
    setImmediate(() => runner.cancel(jobId));
    expect(await ended(jobId)).toMatchObject({ outcome: { state: 'succeeded' } });
  });

  it('lets running work let go before it is disposed', async () => {
    const { runner, ended } = aRunner();
    let isClean = false;
    const { jobId } = runner.start('makeAvatar', async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await new Promise((resolve) => setImmediate(resolve));
      isClean = true;
      throw new AppError('job.cancelled', 'Cancelled.');
    });
    const end = ended(jobId);
    await new Promise((resolve) => setImmediate(resolve));
    await runner.dispose();
    expect(isClean).toBe(true);
    expect((await end).outcome.state).toBe('cancelled');
  });

  it('forgets the oldest ended jobs', async () => {
    const { runner, ended } = aRunner();
    const ids: JobId[] = [];
    for (let count = 0; count < 102; count++) {
      const { jobId } = runner.start('makeAvatar', () => Promise.resolve(RESULT));
      ids.push(jobId);
      await ended(jobId);
    }
    expect(() => runner.status(ids[0])).toThrow(AppError);
    expect(runner.status(ids[101]).state).toBe('succeeded');
  });

  it('goes on when a listener fails', async () => {
    const { runner, events, ended } = aRunner();
    events.subscribe('jobs.didStart', () => {
      throw new Error('a listener of no use');
    });
    const { jobId } = runner.start('makeAvatar', () => Promise.resolve(RESULT));
    expect(await ended(jobId)).toMatchObject({ outcome: { state: 'succeeded', result: RESULT } });
  });
});
