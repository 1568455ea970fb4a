import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { InstanceClaim, LockSurroundings } from '#server/instanceLock';
import { claimInstance } from '#server/instanceLock';

let folder: string;
let lock: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
  lock = join(folder, 'studio.lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const URL_OF_FIRST = 'http://127.0.0.1:8000/?token=abc';

/** A machine where the processes of `alive` run and the addresses of `answering` answer. */
function machine(
  alive: number[],
  answering: string[] = [],
): Partial<LockSurroundings> & { processId: number } {
  return {
    processId: 100,
    isAlive: (id) => alive.includes(id),
    answers: (url) => Promise.resolve(answering.includes(url)),
    pause: () => Promise.reject(new Error('should not wait')),
    uptimeMilliseconds: () => 3_600_000,
  };
}

async function claimed(
  here: Partial<LockSurroundings>,
  shell: 'browser' | 'desktop' = 'browser',
): Promise<InstanceClaim> {
  const claim = await claimInstance(folder, shell, here);
  expect(claim.kind).toBe('claimed');
  return claim as InstanceClaim;
}

it('tells the second start where the first one is, and lets go at the end', async () => {
  const first = await claimed(machine([]));
  await first.announce({ url: URL_OF_FIRST });
  const second = { ...machine([100], [URL_OF_FIRST]), processId: 200 };
  expect(await claimInstance(folder, 'browser', second)).toEqual({
    kind: 'running',
    record: { processId: 100, shell: 'browser', url: URL_OF_FIRST },
  });
  await first.release();
  await first.release();
  await claimed(second);
});

it('keeps the token from other users', async () => {
  const claim = await claimed(machine([]));
  expect((await stat(lock)).mode & 0o077).toBe(0);
  await claim.announce({ url: URL_OF_FIRST });
  expect((await stat(lock)).mode & 0o077).toBe(0);
});

it.each([
  ['its process is gone', JSON.stringify({ processId: 7, shell: 'browser', url: URL_OF_FIRST }), []],
  [
    'another program has its number',
    JSON.stringify({ processId: 7, shell: 'browser', url: URL_OF_FIRST }),
    [7],
  ],
  ['a crash cut it short', '{"processId":7,', [7]],
  ['it is something else', '[]', [7]],
])('replaces a lock when %s', async (_, text, alive) => {
  await writeFile(lock, text);
  const claim = await claimed(machine(alive));
  expect(JSON.parse(await readFile(lock, 'utf8'))).toEqual({ processId: 100, shell: 'browser' });
  await claim.release();
  expect(await readdir(folder)).toEqual([]);
});

it('replaces the lock of a desktop window from before the machine was started', async () => {
  await writeFile(lock, JSON.stringify({ processId: 7, shell: 'desktop' }));
  expect(await claimInstance(folder, 'browser', machine([7]))).toMatchObject({ kind: 'running' });
  const longAgo = new Date(Date.now() - 7_200_000);
  await utimes(lock, longAgo, longAgo);
  await claimed(machine([7]));
});

it('waits for one that is still starting', async () => {
  const first = await claimed(machine([]));
  const here = {
    ...machine([100], [URL_OF_FIRST]),
    processId: 200,
    pause: () => first.announce({ url: URL_OF_FIRST }),
  };
  expect(await claimInstance(folder, 'browser', here)).toMatchObject({ kind: 'running' });
});

it('gives a stale lock to exactly one of many that start at a time', async () => {
  await writeFile(lock, JSON.stringify({ processId: 7, shell: 'browser', url: URL_OF_FIRST }));
  const alive: number[] = [];
  const starts = Array.from({ length: 8 }, async (_, index) => {
    const processId = 100 + index;
    const here = { ...machine(alive, [URL_OF_FIRST + processId]), processId };
    const waiting = {
      ...here,
      isAlive: (id: number) => id >= 100,
      pause: () => new Promise<void>(setImmediate),
    };
    const claim = await claimInstance(folder, 'desktop', waiting);
    return claim.kind;
  });
  const kinds = await Promise.all(starts);
  expect(kinds.filter((kind) => kind === 'claimed')).toHaveLength(1);
});

it('does not take away a lock that is no longer its own', async () => {
  const claim = await claimed(machine([]));
  await writeFile(lock, JSON.stringify({ processId: 300, shell: 'desktop' }));
  await claim.release();
  expect(await readdir(folder)).toEqual(['studio.lock']);
});
