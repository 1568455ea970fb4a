import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asWriteError } from '#host/files/diskErrors';

/**
 * A file that appears under its own name only when it is complete: written beside the destination under a
 * hidden temporary name, renamed by `commit`, removed by `discard`. Exactly one of the two must be called.
 */
export interface PartialFile {
  /** Where to write meanwhile; exists and is empty. */
  readonly temporaryPath: string;
  /** Flushes to the disk and takes the destination's place, replacing a file of that name. */
  commit(): Promise<void>;
  /** Removes what was written; does nothing after a commit. Never throws. */
  discard(): Promise<void>;
}

/** Throws `disk.notWritable`, `disk.notFound` or `disk.full` as the destination's folder demands. */
export async function createPartialFile(path: string): Promise<PartialFile> {
  const name = `.${basename(path)}.${randomBytes(4).toString('hex')}.partial`;
  const temporaryPath = join(dirname(path), name);
  try {
    const handle = await open(temporaryPath, 'wx');
    await handle.close();
  } catch (error) {
    throw asWriteError(error, path);
  }
  let isDone = false;
  const discard = async (): Promise<void> => {
    if (isDone) return;
    isDone = true;
    // What stays behind is a hidden scrap; the failure that led here is the one to report.
    await rm(temporaryPath, { force: true }).catch(() => undefined);
  };
  return {
    temporaryPath,
    discard,
    async commit() {
      try {
        const handle = await open(temporaryPath, 'r+');
        await handle.sync().finally(() => handle.close());
        await rename(temporaryPath, path);
        isDone = true;
      } catch (error) {
        await discard();
        throw asWriteError(error, path);
      }
    },
  };
}
