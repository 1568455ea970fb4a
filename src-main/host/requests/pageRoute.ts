import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { isInside } from '#host/files/isInside';
import type { FileContents, ServedContent } from '#host/requests/servedContent';
import { IMMUTABLE, REVALIDATED } from '#host/requests/servedContent';

/** A file of the built page; `/` is index.html. Undefined for anything outside of it. */
export async function findPageFile(
  pageDirectory: string,
  segments: readonly string[],
  files: FileContents,
): Promise<ServedContent | undefined> {
  const path = join(pageDirectory, ...(segments.length === 0 ? ['index.html'] : segments));
  // Names are safe already; this is for links inside the folder that lead out of it.
  const [real, root] = await Promise.all([realpath(path), realpath(pageDirectory)]).catch(() => []);
  if (real === undefined || root === undefined || !isInside(real, root)) {
    return undefined;
  }
  // Vite puts a hash of the content into the names there.
  return await files.find(real, segments[0] === 'assets' ? IMMUTABLE : REVALIDATED);
}
