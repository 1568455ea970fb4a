import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TRASH_DAYS } from '#common/contract/api/libraryApi';
import type { Clock } from '#host/clock';
import { systemCode } from '#host/files/diskErrors';
import type { Log } from '#host/log';

const DAY_MILLISECONDS = 86_400_000;

/**
 * Removes avatars that were moved to the trash more than `TRASH_DAYS` ago, for good. When a file was moved there is
 * its change time, which moving sets and which nobody sets by hand. Never fails: what cannot be removed stays.
 */
export async function emptyOldTrash(folder: string, clock: Clock, log: Log): Promise<void> {
  const oldest = clock.date().getTime() - TRASH_DAYS * DAY_MILLISECONDS;
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((entry) => entry.endsWith('.avatar'))) {
    const path = join(folder, name);
    try {
      const { ctimeMs } = await stat(path);
      if (ctimeMs < oldest) await rm(path);
    } catch (error) {
      // Restored, or removed by another host, meanwhile.
      if (systemCode(error) === 'ENOENT') continue;
      log.write('warn', 'An old avatar in the trash could not be removed', { path, error: String(error) });
    }
  }
}
