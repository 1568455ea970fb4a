import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * The one name of a file, links resolved: two names of one project file must not make two working copies, and
 * saving must not replace a link by a file. What does not exist yet gets that of its folder.
 */
export async function canonicalPath(path: string): Promise<string> {
  const absolute = resolve(path);
  try {
    return await realpath(absolute);
  } catch {
    // Missing or unreadable: whoever opens or writes it says so.
  }
  try {
    return join(await realpath(dirname(absolute)), basename(absolute));
  } catch {
    return absolute;
  }
}
