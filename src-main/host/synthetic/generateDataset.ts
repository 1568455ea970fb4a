import { mkdir, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { SynthesizeRequest, SynthesizeResult } from '#common/contract/api/syntheticApi';
import { AppError } from '#common/contract/errors';
import {
  DATASET_FILE,
  datasetFileSchema,
  SHARD_FOLDER,
  shardIndexSchema,
} from '#common/synthetic/dataset/datasetIndex';
import { parseDatasetJson } from '#common/synthetic/dataset/DatasetReader';
import type { DatasetRecipe, ShardPlan } from '#common/synthetic/dataset/datasetRecipe';
import { GENERATOR_VERSION, recordsPerIdentity, shardPlans } from '#common/synthetic/dataset/datasetRecipe';
import { asWriteError } from '#host/files/diskErrors';
import { writeFileAtomically } from '#host/files/writeFileAtomically';
import type { JobContext } from '#host/jobs/jobRunner';
import { datasetFilesIn } from '#host/synthetic/datasetFilesIn';
import type { ShardSummary } from '#common/synthetic/dataset/datasetIndex';
import { removeUnfinishedShards, shardPaths, summaryOf } from '#host/synthetic/ShardWriter';
import { prepareLibrary } from '#host/synthetic/library/prepareLibrary';
import { runHeadTasks } from '#host/synthetic/runHeadTasks';

export interface GenerateOptions {
  readonly assetsDirectory: string;
  readonly workerUrl: URL;
  /** Where third-party libraries are kept once they were fetched. */
  readonly cacheFolder: string;
  /** Every domain there is, for `all`. */
  readonly allDomains: () => Promise<readonly string[]>;
  readonly milliseconds: () => number;
}

/**
 * Makes a set, or what is missing of one: shards that are there are kept. What is in the folder is one set, so another
 * recipe is refused instead of mixed in.
 *
 * @throws AppError model.missing where a library cannot be fetched, dataset.otherRecipe, dataset.damaged, disk.full, disk.notWritable, input.badOption, job.cancelled
 */
export async function generateDataset(
  request: SynthesizeRequest,
  { signal, onProgress }: JobContext,
  options: GenerateOptions,
): Promise<SynthesizeResult> {
  const start = options.milliseconds();
  const { out } = request;
  const recipe = await recipeOf(request, options.allDomains);
  const shardFolder = join(out, SHARD_FOLDER);
  // First, so that who is told to go without a library finds the folder free.
  const libraryFolder = await prepareLibrary(recipe.library, options.cacheFolder, { signal, onProgress });
  await claimFolder(out, recipe);
  const total = recipe.identities * recordsPerIdentity(recipe);
  const plans = shardPlans(recipe);
  const kept = await finishedShards(out, plans);
  let done = countRecords([...kept.values()]);
  const keptRecords = done;
  let firstSeconds = 0;
  const report = (): void => onProgress({ stage: 'Heads', fraction: done / total });
  report();
  const missing = plans.filter(({ name }) => !kept.has(name));
  const made = await runHeadTasks({
    setup: { recipe, assetsDirectory: options.assetsDirectory, libraryFolder },
    tasks: missing.map((plan) => ({ kind: 'shard', folder: shardFolder, plan })),
    workerUrl: options.workerUrl,
    signal,
    onRecord: () => {
      if (done === keptRecords) firstSeconds = (options.milliseconds() - start) / 1000;
      done++;
      report();
    },
  }).finally(() => removeUnfinishedShards(shardFolder));
  const shards = [...kept.values(), ...made].sort((a, b) => (a.name < b.name ? -1 : 1));
  await writeFileAtomically(join(out, DATASET_FILE), JSON.stringify({ recipe, shards }, undefined, 2));
  return {
    folder: out,
    records: countRecords(shards),
    shards: shards.length,
    bytes: shards.reduce((sum, { bytes }) => sum + bytes, 0),
    kept: keptRecords,
    seconds: (options.milliseconds() - start) / 1000,
    firstSeconds,
  };
}

/** @throws AppError input.badOption for a domain there is not */
export async function recipeOf(
  { seed, identities, expressions, views, size, domains, library }: Omit<SynthesizeRequest, 'out'>,
  allDomains: () => Promise<readonly string[]>,
): Promise<DatasetRecipe> {
  const known = await allDomains();
  const unknown = domains === 'all' ? undefined : domains.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw new AppError(
      'input.badOption',
      `There is no domain "${unknown}". Choose from: ${known.join(', ')}.`,
    );
  }
  return {
    generator: GENERATOR_VERSION,
    seed,
    identities,
    expressions,
    views,
    size,
    domains: domains === 'all' ? [...known] : domains,
    library,
  };
}

/** Makes the folder this recipe's, or finds that it is already. */
async function claimFolder(out: string, recipe: DatasetRecipe): Promise<void> {
  const text = await datasetFilesIn(out).readText(DATASET_FILE);
  if (text !== undefined) {
    const there = parseDatasetJson(DATASET_FILE, text, datasetFileSchema);
    if (JSON.stringify(there.recipe) === JSON.stringify(recipe)) return;
    throw new AppError(
      'dataset.otherRecipe',
      `"${basename(out)}" holds a set made from another recipe (${difference(there.recipe, recipe)}). Choose another folder, or the same recipe to go on with it.`,
    );
  }
  try {
    await mkdir(join(out, SHARD_FOLDER), { recursive: true });
    const strangers = (await readdir(out)).filter((name) => name !== SHARD_FOLDER);
    if (strangers.length > 0) {
      throw new AppError(
        'disk.notWritable',
        `"${basename(out)}" is not empty and holds no set of synthetic heads ("${strangers[0]}"). Choose a new folder.`,
      );
    }
  } catch (error) {
    throw asWriteError(error, out);
  }
  await writeFileAtomically(join(out, DATASET_FILE), JSON.stringify({ recipe }, undefined, 2));
}

function difference(there: DatasetRecipe, wanted: DatasetRecipe): string {
  const names = Object.keys(wanted) as (keyof DatasetRecipe)[];
  const other = names.filter((name) => JSON.stringify(there[name]) !== JSON.stringify(wanted[name]));
  return other
    .map((name) => `${name} ${JSON.stringify(there[name])}, not ${JSON.stringify(wanted[name])}`)
    .join('; ');
}

/** Shards an earlier run finished: with an index, and as long as it says. */
async function finishedShards(
  folder: string,
  plans: readonly ShardPlan[],
): Promise<ReadonlyMap<string, ShardSummary>> {
  const files = datasetFilesIn(folder);
  const finished = new Map<string, ShardSummary>();
  for (const { name } of plans) {
    const text = await files.readText(`${SHARD_FOLDER}/${name}.json`);
    if (text === undefined) continue;
    const index = parseDatasetJson(`${name}.json`, text, shardIndexSchema);
    const size = await stat(shardPaths(join(folder, SHARD_FOLDER), name).shard).then(
      (found) => found.size,
      () => undefined,
    );
    if (size !== index.bytes) continue;
    finished.set(name, summaryOf(index));
  }
  return finished;
}

function countRecords(shards: readonly ShardSummary[]): number {
  return shards.reduce((sum, { records }) => sum + records, 0);
}
