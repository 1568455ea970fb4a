import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes what a killed process left of unfinished outputs in a folder: files named as `outputTransaction` names
 * its temporary ones. Best effort, never throws.
 *
 * @param name only those of this output; without it those of every output
 */
export async function removeLeftovers(folder: string, name?: string): Promise<void> {
  try {
    for (const entry of await readdir(folder)) {
      const [, target] = /^\.[0-9a-f]{10}~(.+)$/s.exec(entry) ?? [];
      if (target === undefined || (name !== undefined && target !== name)) continue;
      await rm(join(folder, entry), { force: true });
    }
  } catch {
    // The write that comes next meets the same folder and says what is wrong with it.
  }
}
