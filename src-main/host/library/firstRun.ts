import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asWriteError, systemCode } from '#host/files/diskErrors';
import { isExistingFolder } from '#host/files/outputTransaction';
import type { Log } from '#host/log';

/**
 * Makes the library's folder where there is none, with the avatars that ship in it: the first run shows
 * finished ones. Afterwards the folder is the user's; samples thrown away stay away. The folder appears at once
 * with all its contents, so that a first run that broke off is still a first run.
 *
 * @throws AppError `disk.*`
 */
export async function prepareLibraryFolder(
  folder: string,
  samplesDirectory: string | undefined,
  log: Log,
): Promise<void> {
  try {
    if (await isExistingFolder(folder)) return;
    const fresh = join(dirname(folder), `.${randomUUID()}~avatars`);
    await mkdir(fresh, { recursive: true });
    try {
      await copySamples(samplesDirectory, fresh, log);
      await rename(fresh, folder);
    } catch (error) {
      await rm(fresh, { recursive: true, force: true });
      // Another host was faster.
      if (!['EEXIST', 'ENOTEMPTY'].includes(systemCode(error) ?? '')) throw error;
    }
  } catch (error) {
    throw asWriteError(error, folder);
  }
}

async function copySamples(from: string | undefined, to: string, log: Log): Promise<void> {
  if (from === undefined) return;
  const names = await readdir(from).catch(() => []);
  for (const name of names.filter((entry) => entry.endsWith('.avatar'))) {
    try {
      await copyFile(join(from, name), join(to, `${randomUUID()}.avatar`));
    } catch (error) {
      // The studio is useful without samples; a full disk shows where the user's own work is written.
      log.write('warn', 'A sample avatar could not be copied', { name, error: String(error) });
    }
  }
}
