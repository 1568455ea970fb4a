import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import type { ImportedFile, ImportModelsRequest, ImportModelsResult } from '#common/contract/api/modelsApi';
import type { EngineProcess } from '#common/contract/engineProcess';
import { AppError } from '#common/contract/errors';
import { toWire } from '#common/contract/wire';
import type { ModelManifest } from '#common/models/modelManifest';
import type { ConvertedFile } from '#common/models/modelTasks';
import type { Clock } from '#host/clock';
import { asWriteError, systemCode } from '#host/files/diskErrors';
import type { JobContext } from '#host/jobs/jobRunner';
import type { ModelStore } from '#host/models/modelStore';
import { idOfName } from '#host/models/modelStore';
import { runModelTask } from '#host/models/runModelTask';

export interface ImportSurroundings {
  readonly store: ModelStore;
  /** Gets a folder per unfinished import. */
  readonly importsFolder: string;
  readonly startProcess: () => EngineProcess;
  readonly clock: Clock;
}

const ENDINGS = new Set(['.safetensors', '.pth', '.pt', '.bin', '.pkl', '.npy', '.npz']);
const DEEPEST = 3;
const MOST_FILES = 200;
/** Unfinished imports that nobody went on with are removed. */
const KEPT_MILLISECONDS = 14 * 24 * 3600 * 1000;

/**
 * Imports a file, or the files of a folder. Weights are converted beside the store and moved in when they are whole;
 * an import that was cancelled or killed leaves its part in `importsFolder`, and the next import of the same file with
 * the same choices goes on with it. Of a folder, files that fail do not keep others from being imported.
 *
 * @throws AppError input.*, checkpoint.*, disk.*, job.cancelled
 */
export async function importModels(
  request: ImportModelsRequest,
  context: JobContext,
  surroundings: ImportSurroundings,
): Promise<ImportModelsResult> {
  const started = surroundings.clock.milliseconds();
  await removeOldImports(surroundings.importsFolder);
  const paths = await filesOf(request.path);
  const files: ImportedFile[] = [];
  for (const path of paths) {
    try {
      files.push(await importFile(path, request, context, surroundings));
    } catch (error) {
      const isCancelled = error instanceof AppError && error.family === 'cancelled';
      if (paths.length === 1 || isCancelled) throw error;
      files.push({ file: basename(path), state: 'failed', error: toWire(error) });
    }
  }
  return { files, milliseconds: surroundings.clock.milliseconds() - started };
}

async function importFile(
  path: string,
  request: ImportModelsRequest,
  context: JobContext,
  { store, importsFolder, startProcess, clock }: ImportSurroundings,
): Promise<ImportedFile> {
  const { as: config, network, part, partial } = request;
  const key = JSON.stringify([resolve(path), config, network, part, partial]);
  const folder = join(importsFolder, createHash('sha256').update(key).digest('hex').slice(0, 32));
  const release = await lockFolder(folder);
  try {
    const task = { kind: 'convert' as const, path, folder, config, network, part, isPartial: partial };
    const { result, peakBytes } = await runModelTask(startProcess, task, context);
    const manifest = manifestOf(path, request, result, clock.date());
    const { model } = await store.add(join(folder, 'weights'), manifest);
    await rm(folder, { recursive: true, force: true });
    return { file: basename(path), state: 'imported', model, conversion: result, peakBytes };
  } finally {
    await release();
  }
}

function manifestOf(
  path: string,
  request: ImportModelsRequest,
  { sha256, bytes, tensorCount, parameterCount, fit, io }: ConvertedFile,
  created: Date,
): ModelManifest {
  const name = request.name ?? basename(path);
  return {
    formatVersion: 1,
    id: idOfName(name),
    name,
    version: request.version ?? '1',
    sha256,
    bytes,
    ...(fit === undefined ? {} : { network: fit.network, config: fit.config }),
    source: request.source ?? basename(path),
    licence: request.licence ?? 'not stated',
    consent: request.consent ?? 'not stated',
    created: created.toISOString(),
    tensors: tensorCount,
    parameters: parameterCount,
    ...(io === undefined
      ? {}
      : { io: { inputs: mutable(io.inputs), outputs: mutable(io.outputs) } }),
  };
} // prettier-ignore

function mutable(shapes: Readonly<Record<string, readonly number[]>>): Record<string, number[]> {
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, [...shape]]));
}

/** The file itself, or the files of weights in a folder and in the folders inside it. */
async function filesOf(path: string): Promise<readonly string[]> {
  const facts = await stat(path).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') {
      throw new AppError(
        'input.fileNotFound',
        `There is no file "${basename(path)}"; weights were expected.`,
      );
    }
    throw new AppError('input.unreadable', `"${basename(path)}" cannot be read.`, { cause: error });
  });
  if (!facts.isDirectory()) return [path];
  const files: string[] = [];
  await collect(path, 1, files);
  if (files.length > 0) return files.sort();
  throw new AppError(
    'input.fileNotFound',
    `The folder "${basename(path)}" holds no weights; their names end in ${[...ENDINGS].join(', ')}.`,
  );
}

async function collect(folder: string, depth: number, files: string[]): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile() && ENDINGS.has(extname(entry.name).toLowerCase())) files.push(path);
    else if (entry.isDirectory() && depth < DEEPEST && !entry.name.startsWith('.')) {
      await collect(path, depth + 1, files);
    }
    if (files.length > MOST_FILES) {
      throw new AppError('input.badOption', `The folder holds more than ${MOST_FILES} files of weights; import them one by one.`); // prettier-ignore
    }
  }
}

/** Two imports into one folder would write over each other; a lock of a process that is gone does not count. */
async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'lock');
  try {
    await mkdir(folder, { recursive: true });
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        const handle = await open(path, 'wx');
        await handle.writeFile(String(process.pid));
        await handle.close();
        return async () => await rm(path, { force: true });
      } catch (error) {
        if (systemCode(error) !== 'EEXIST') throw error;
        if (attempt === 0 && !(await isHeld(path))) await rm(path, { force: true });
      }
    }
  } catch (error) {
    throw asWriteError(error, path);
  }
  throw new AppError('input.badOption', 'This file is being imported already; wait for that import to end.');
}

async function isHeld(path: string): Promise<boolean> {
  const id = Number(await readFile(path, 'utf8').catch(() => ''));
  if (!Number.isInteger(id) || id <= 0) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

async function removeOldImports(importsFolder: string): Promise<void> {
  for (const name of await readdir(importsFolder).catch(() => [])) {
    const path = join(importsFolder, name);
    const modified = await stat(join(path, 'weights')).then(({ mtimeMs }) => mtimeMs, () => Infinity); // prettier-ignore
    if (Date.now() - modified > KEPT_MILLISECONDS) await rm(path, { recursive: true, force: true });
  }
}
