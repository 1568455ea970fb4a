import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** What a running studio says of itself. */
const recordSchema = z.object({
  processId: z.int().min(1),
  /** Absent while it starts, and in a desktop window, which answers no browser. */
  url: z.url().optional(),
  shell: z.enum(['browser', 'desktop']),
  /** Secret with which a second start may hand files over; pages never learn it. */
  handoverKey: z.string().optional(),
});

export type InstanceRecord = z.output<typeof recordSchema>;

export interface InstanceClaim {
  readonly kind: 'claimed';
  /** Tells later starts where this one is. */
  announce(where: Pick<InstanceRecord, 'url' | 'handoverKey'>): Promise<void>;
  /** Takes the file away, unless it is another's by now. Safe to call twice. */
  release(): Promise<void>;
}

export interface LockSurroundings {
  readonly processId: number;
  readonly isAlive: (processId: number) => boolean;
  /** Whether a studio answers at that address; the token in it makes a stranger on the same port say no. */
  readonly answers: (url: string) => Promise<boolean>;
  readonly pause: () => Promise<void>;
  /** How long this machine has been running. */
  readonly uptimeMilliseconds: () => number;
}

/** A start that has not announced its address for this long is not believed in any more. */
const MAXIMUM_START_MILLISECONDS = 60_000;

/**
 * One studio per data folder: two would write the same library and journals. The lock is the file `studio.lock`
 * (readable by its owner only, for it holds the token of the run). One that a crash has left behind is recognised
 * (its process is gone, or nothing answers at its address) and replaced.
 *
 * @returns the claim, or what the running studio says of itself
 */
export async function claimInstance(
  dataDirectory: string,
  shell: InstanceRecord['shell'],
  surroundings: Partial<LockSurroundings> = {},
): Promise<InstanceClaim | { readonly kind: 'running'; readonly record: InstanceRecord }> {
  const here: LockSurroundings = { ...realSurroundings, ...surroundings };
  const path = join(dataDirectory, 'studio.lock');
  const own: InstanceRecord = { processId: here.processId, shell };
  await mkdir(dataDirectory, { recursive: true });
  for (;;) {
    if (await createExclusively(path, own)) return claimOf(path, own);
    const text = await readIfThere(path);
    if (text === undefined) continue;
    const state = await judge(path, text, here);
    if (state.kind === 'running') return state;
    if (state.kind === 'starting') await here.pause();
    else await removeStale(path, text);
  }
}

/** What the file at `path` with that text is worth. */
async function judge(
  path: string,
  text: string,
  here: LockSurroundings,
): Promise<{ kind: 'running'; record: InstanceRecord } | { kind: 'starting' | 'stale' }> {
  const record = parse(text);
  const age = await ageOf(path);
  // Before the machine last started, the process number belonged to somebody else.
  if (record === undefined || age > here.uptimeMilliseconds()) return { kind: 'stale' };
  if (!here.isAlive(record.processId)) return { kind: 'stale' };
  if (record.shell === 'desktop') return { kind: 'running', record };
  if (record.url === undefined) return { kind: age < MAXIMUM_START_MILLISECONDS ? 'starting' : 'stale' };
  return (await here.answers(record.url)) ? { kind: 'running', record } : { kind: 'stale' };
}

function claimOf(path: string, own: InstanceRecord): InstanceClaim {
  let text = JSON.stringify(own);
  return {
    kind: 'claimed',
    async announce(where) {
      text = JSON.stringify({ ...own, ...where });
      const aside = `${path}.${randomUUID()}`;
      await writeFile(aside, text, { mode: 0o600 });
      await rename(aside, path);
    },
    async release() {
      if ((await readIfThere(path)) === text) await rm(path, { force: true });
    },
  };
}

/** Whole or not at all: a reader never meets an empty file. False where there is one already. */
async function createExclusively(path: string, record: InstanceRecord): Promise<boolean> {
  const aside = `${path}.${randomUUID()}`;
  await writeFile(aside, JSON.stringify(record), { mode: 0o600 });
  try {
    await link(aside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    // A file system without links: the next best is a copy that refuses to overwrite.
    return await copyFile(aside, path, constants.COPYFILE_EXCL).then(
      () => true,
      (copyError: NodeJS.ErrnoException) => {
        if (copyError.code === 'EEXIST') return false;
        throw copyError;
      },
    );
  } finally {
    await rm(aside, { force: true });
  }
}

/** Moved aside before it is removed: if another start was quicker, the moved file is the other's and goes back. */
async function removeStale(path: string, text: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await readIfThere(aside)) === text) await rm(aside, { force: true });
  else await rename(aside, path);
}

async function ageOf(path: string): Promise<number> {
  const modified = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  return Date.now() - modified;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text: string): InstanceRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    // A crash in the middle of writing it, or not ours: stale either way.
    return undefined;
  }
}

const realSurroundings: LockSurroundings = {
  processId: process.pid,
  isAlive(processId) {
    try {
      process.kill(processId, 0);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  },
  async answers(url) {
    try {
      const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(3000) });
      return answer.status === 303;
    } catch {
      // Nobody there: that is the answer.
      return false;
    }
  },
  uptimeMilliseconds: () => uptime() * 1000,
  pause: () => new Promise((resolve) => setTimeout(resolve, 100)),
};
