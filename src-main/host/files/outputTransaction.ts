import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import * as nodeFiles from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '#common/contract/errors';
import { asWriteError, systemCode } from '#host/files/diskErrors';

/** The slice of `node:fs/promises` that writes; tests pass one that fails on purpose. */
export type OutputFileSystem = Pick<
  typeof nodeFiles,
  'open' | 'rename' | 'rm' | 'mkdir' | 'rmdir' | 'stat' | 'readdir'
>;

/**
 * The files and folders one job writes, all or nothing. Each output is written under a temporary name in its
 * destination's folder (so the rename cannot cross disks); `commit` flushes them all to the disk first, where
 * a full disk shows, and only then gives them their names. `rollback` removes every trace.
 */
export interface OutputTransaction {
  /** Creates the folder and its parents where they are missing; rollback removes what it created. */
  makeFolder(path: string): Promise<void>;
  /**
   * Reserves a file and returns the temporary path to write to, same extension. Reserving early finds an
   * unwritable place before the work is done.
   */
  reserveFile(path: string): Promise<string>;
  /**
   * Reserves a folder. An existing folder is replaced at commit if it is empty or holds the file `marker`
   * (an earlier output of ours); any other content is refused, never deleted.
   */
  reserveFolder(path: string, marker: string): Promise<string>;
  /** Safe to leave out only when `rollback` is called. */
  commit(): Promise<void>;
  /** Does nothing after a commit. Never throws. */
  rollback(): Promise<void>;
}

interface Reservation {
  readonly path: string;
  readonly temporaryPath: string;
  readonly isFolder: boolean;
}

/** Temporary paths of every open transaction, for a process that is about to be killed. */
const openPaths = new Set<string>();

/** Removes unfinished outputs at once, for exit paths that cannot wait. Never throws. */
export function removeUnfinishedOutputs(): void {
  for (const path of openPaths) rmSync(path, { recursive: true, force: true });
  openPaths.clear();
}

/** @throws AppError `disk.full`, `disk.notWritable`, `disk.notFound` from every method but `rollback`. */
export function beginOutputs(files: OutputFileSystem = nodeFiles): OutputTransaction {
  const reservations: Reservation[] = [];
  const madeFolders: string[] = [];
  let isCommitted = false;

  const reserve = (path: string, isFolder: boolean): Reservation => {
    const temporaryPath = join(dirname(path), `.${randomBytes(5).toString('hex')}~${basename(path)}`);
    const reservation = { path, temporaryPath, isFolder };
    reservations.push(reservation);
    openPaths.add(temporaryPath);
    return reservation;
  };

  return {
    async makeFolder(path) {
      await writing(path, async () => {
        const missing: string[] = [];
        let ancestor = resolve(path);
        while (!(await isExistingFolder(ancestor, files))) {
          missing.push(ancestor);
          ancestor = dirname(ancestor);
        }
        for (const folder of missing.reverse()) {
          await files.mkdir(folder);
          madeFolders.push(folder);
        }
      });
    },
    async reserveFile(path) {
      return await writing(path, async () => {
        if (await isExistingFolder(path, files)) {
          throw new AppError('disk.notWritable', `"${basename(path)}" is a folder; name a file instead.`);
        }
        const { temporaryPath } = reserve(path, false);
        await (await files.open(temporaryPath, 'wx')).close();
        return temporaryPath;
      });
    },
    async reserveFolder(path, marker) {
      return await writing(path, async () => {
        await refuseForeignFolder(files, path, marker);
        const { temporaryPath } = reserve(path, true);
        await files.mkdir(temporaryPath);
        return temporaryPath;
      });
    },
    async commit() {
      for (const { path, temporaryPath, isFolder } of reservations) {
        if (!isFolder) await writing(path, () => flush(files, temporaryPath));
      }
      for (const { path, temporaryPath, isFolder } of reservations) {
        await writing(path, async () => {
          if (isFolder) await files.rm(path, { recursive: true, force: true });
          await files.rename(temporaryPath, path);
        });
        openPaths.delete(temporaryPath);
      }
      isCommitted = true;
    },
    async rollback() {
      if (isCommitted) return;
      for (const { temporaryPath } of reservations) {
        // Best effort: the caller is already reporting the failure that matters.
        await files.rm(temporaryPath, { recursive: true, force: true }).catch(() => undefined);
        openPaths.delete(temporaryPath);
      }
      for (const folder of madeFolders.reverse()) await files.rmdir(folder).catch(() => undefined);
    },
  };
}

/** Runs `work` as one transaction: commits when it returns, rolls back when it throws. */
export async function withOutputs<Result>(
  work: (outputs: OutputTransaction) => Promise<Result>,
  files: OutputFileSystem = nodeFiles,
): Promise<Result> {
  const outputs = beginOutputs(files);
  try {
    const result = await work(outputs);
    await outputs.commit();
    return result;
  } finally {
    await outputs.rollback();
  }
}

async function writing<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw asWriteError(error, path);
  }
}

async function flush(files: OutputFileSystem, path: string): Promise<void> {
  const handle = await files.open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** False where there is nothing; other failures to look are thrown as they are. */
export async function isExistingFolder(
  path: string,
  files: Pick<OutputFileSystem, 'stat'> = nodeFiles,
): Promise<boolean> {
  try {
    return (await files.stat(path)).isDirectory();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function refuseForeignFolder(files: OutputFileSystem, path: string, marker: string): Promise<void> {
  let names: string[];
  try {
    names = await files.readdir(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  if (names.length > 0 && !names.includes(marker)) {
    throw new AppError(
      'disk.notWritable',
      `The folder "${basename(path)}" holds other files. Choose a new or an empty folder.`,
    );
  }
}
