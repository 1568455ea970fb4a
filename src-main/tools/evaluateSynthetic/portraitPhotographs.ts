import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RgbaImage } from '#common/image/rasterImage';
import { decodePortrait } from '#host/images/decodePortrait';
import type { NpmArchive } from '#host/files/fetchNpmFiles';
import { fetchNpmFiles } from '#host/files/fetchNpmFiles';

/** Small portraits of many people that come with a page template. */
const TEMPLATE: NpmArchive = {
  specifier: '@tabler/preview@1.2.0',
  integrity:
    'sha512-RkIICf4bXA67hJoycZ7SzIPNQZXlNogNf0u78FdgjrqVdthKXoHV7zhl8e9NgNAF0ykfYd0/A7MEVoL1bBieMQ==',
};

/** About 150 photographs, fetched once into the cache; never committed, shipped or shown. */
export async function portraitPhotographs(cacheFolder: string): Promise<readonly RgbaImage[]> {
  const files = await fetchNpmFiles(TEMPLATE, join(cacheFolder, 'template'), (path) =>
    /^dist\/static\/avatars\/\d+[fm]\.jpg$/.test(path),
  );
  const paths = [...files.values()].sort();
  return Promise.all(
    paths.map(async (path) => (await decodePortrait(await readFile(path), basename(path))).image),
  );
}
