import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ListedModel } from '#common/contract/api/modelsApi';
import { AppError, throwIfCancelled } from '#common/contract/errors';
import { describeIssue } from '#common/contract/dispatchCall';
import type { WorkContext } from '#common/contract/progress';
import type { ModelManifest } from '#common/models/modelManifest';
import { modelIdSchema, modelManifestSchema } from '#common/models/modelManifest';
import { asWriteError } from '#host/files/diskErrors';
import { writeFileAtomically } from '#host/files/writeFileAtomically';
import type { Log } from '#host/log';

export interface ModelStoreOptions {
  /** `models` of the data directory; made when first needed. */
  readonly folder: string;
  /** `native-models` of the installation: `<pack>/manifest.json` beside the weights; may be missing. */
  readonly packsFolder: string | undefined;
  readonly log: Log;
}

/** A model with where its weights lie. */
export interface FoundModel {
  readonly model: ListedModel;
  readonly weightsPath: string;
}

/**
 * Weights by their content: `objects/<sha256>.safetensors`, described by `manifests/<id>.json`; two models of the same
 * weights share them. Packs of the installation are read through the same interface.
 */
export interface ModelStore {
  list(): Promise<readonly FoundModel[]>;
  /** @throws AppError model.notFound */
  find(id: string): Promise<FoundModel>;
  /**
   * Moves finished weights into the store. The same weights under the same name replace their manifest; other weights
   * get an id with a number.
   */
  add(weightsPath: string, manifest: ModelManifest): Promise<FoundModel>;
  /** Bytes that became free. @throws AppError model.notFound, model.unsupported for a pack */
  remove(id: string): Promise<number>;
  /** Why the weights are not what the manifest says, or undefined. @throws AppError job.cancelled */
  verify(found: FoundModel, context: WorkContext): Promise<string | undefined>;
}

const LARGEST_MANIFEST = 1 << 20;
const PIECE_BYTES = 4 << 20;

export function createModelStore({ folder, packsFolder, log }: ModelStoreOptions): ModelStore {
  const manifests = join(folder, 'manifests');
  const objects = join(folder, 'objects');
  const objectOf = (sha256: string): string => join(objects, `${sha256}.safetensors`);

  const listStored = async (): Promise<FoundModel[]> => {
    const names = (await namesIn(manifests)).filter(
      (name) => name.endsWith('.json') && !name.startsWith('.'),
    );
    const found = await Promise.all(
      names.map(async (name) => {
        const manifest = await readManifest(join(manifests, name), log);
        if (manifest === undefined || `${manifest.id}.json` !== name) return undefined;
        return await withProblem({ ...manifest, origin: 'store' }, objectOf(manifest.sha256));
      }),
    );
    return found.filter((each) => each !== undefined);
  };

  const list = async (): Promise<readonly FoundModel[]> => {
    const [stored, packs] = await Promise.all([listStored(), listPacks(packsFolder, log)]);
    // A model of the user's own stands before a pack of the same id.
    const taken = new Set(stored.map(({ model }) => model.id));
    return [...stored, ...packs.filter(({ model }) => !taken.has(model.id))].sort((a, b) =>
      a.model.id < b.model.id ? -1 : 1,
    );
  };

  const find = async (id: string): Promise<FoundModel> => {
    const found = (await list()).find(({ model }) => model.id === id);
    if (found !== undefined) return found;
    throw new AppError('model.notFound', `There is no model "${id}"; "models list" shows those there are.`);
  };

  return {
    list,
    find,
    async add(weightsPath, manifest) {
      const path = objectOf(manifest.sha256);
      const id = freeId(manifest, await list());
      try {
        await mkdir(objects, { recursive: true });
        await rename(weightsPath, path);
      } catch (error) {
        throw asWriteError(error, path);
      }
      const stored = { ...manifest, id };
      await writeFileAtomically(join(manifests, `${id}.json`), `${JSON.stringify(stored, undefined, 2)}\n`);
      return { model: { ...stored, origin: 'store' }, weightsPath: path };
    },
    async remove(id) {
      const { model, weightsPath } = await find(id);
      if (model.origin === 'pack') {
        throw new AppError('model.unsupported', `"${id}" came with the program and cannot be removed.`);
      }
      await rm(join(manifests, `${id}.json`), { force: true });
      const isShared = (await listStored()).some((other) => other.weightsPath === weightsPath);
      if (isShared) return 0;
      await rm(weightsPath, { force: true });
      return model.bytes;
    },
    verify: verifyWeights,
  };
}

/** The id as it is, or with the first number that is free. */
function freeId({ id, sha256 }: ModelManifest, known: readonly FoundModel[]): string {
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? id : `${id.slice(0, 58)}-${count}`;
    const holder = known.find(({ model }) => model.id === candidate);
    if (holder === undefined || (holder.model.sha256 === sha256 && holder.model.origin === 'store')) return candidate;
  }
} // prettier-ignore

/** A valid id made of a name: `final_mean.pt` gives `final-mean`. */
export function idOfName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\.(safetensors|pth|pt|bin|pkl|npy|npz)$/, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return modelIdSchema.safeParse(plain).success ? plain : 'model';
}

async function listPacks(packsFolder: string | undefined, log: Log): Promise<FoundModel[]> {
  if (packsFolder === undefined) return [];
  const packs = await Promise.all(
    (await namesIn(packsFolder)).map(async (name) => {
      const manifest = await readManifest(join(packsFolder, name, 'manifest.json'), log);
      if (manifest?.file === undefined) return undefined;
      return await withProblem({ ...manifest, origin: 'pack' }, join(packsFolder, name, manifest.file));
    }),
  );
  return packs.filter((each) => each !== undefined);
}

async function readManifest(path: string, log: Log): Promise<ModelManifest | undefined> {
  try {
    const facts = await stat(path);
    if (!facts.isFile() || facts.size > LARGEST_MANIFEST) return undefined;
    const parsed = modelManifestSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    if (parsed.success) return parsed.data;
    const { field, reason } = describeIssue(parsed.error.issues[0]);
    log.write('warn', 'a model manifest is wrong', { file: basename(path), field, reason });
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
    if (!isAbsent) log.write('warn', 'a model manifest cannot be read', { file: basename(path) });
  }
  return undefined;
} // prettier-ignore

async function withProblem(model: ListedModel, weightsPath: string): Promise<FoundModel> {
  const size = await stat(weightsPath).then((facts) => facts.size, () => undefined); // prettier-ignore
  if (size === model.bytes) return { model, weightsPath };
  const problem =
    size === undefined
      ? 'its weights are missing'
      : `its weights have ${size} bytes instead of ${model.bytes}`;
  return { model: { ...model, problem }, weightsPath };
}

async function verifyWeights({ model, weightsPath }: FoundModel, context: WorkContext): Promise<string | undefined> {
  if (model.problem !== undefined) return model.problem;
  const hash = createHash('sha256');
  let done = 0;
  for await (const piece of createReadStream(weightsPath, { highWaterMark: PIECE_BYTES })) {
    throwIfCancelled(context.signal);
    hash.update(piece as Uint8Array);
    done += (piece as Uint8Array).length;
    context.onProgress?.({ stage: model.id, fraction: done / model.bytes });
  }
  return hash.digest('hex') === model.sha256 ? undefined : 'its weights are not those of its SHA-256';
} // prettier-ignore

async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}
