import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { DatasetFault, VerifyDatasetResult } from '#common/contract/api/syntheticApi';
import { AppError, throwIfCancelled } from '#common/contract/errors';
import type { ShardIndex, ShardSummary } from '#common/synthetic/dataset/datasetIndex';
import { SHARD_FOLDER } from '#common/synthetic/dataset/datasetIndex';
import type { DatasetFiles } from '#common/synthetic/dataset/DatasetReader';
import { readDataset, readIndex } from '#common/synthetic/dataset/DatasetReader';
import type { DatasetRecipe } from '#common/synthetic/dataset/datasetRecipe';
import { recordKey, recordsPerIdentity, shardPlans } from '#common/synthetic/dataset/datasetRecipe';
import { decodeRecord } from '#common/synthetic/dataset/decodeRecord';
import { recordFaults } from '#common/synthetic/dataset/recordFaults';
import type { RecordFile } from '#common/synthetic/dataset/recordFiles';
import type { JobContext } from '#host/jobs/jobRunner';
import { datasetFilesIn, decodePicture } from '#host/synthetic/datasetFilesIn';

/** Faults that are told; a set that was truncated has thousands of the same kind. */
const TOLD_FAULTS = 100;

/**
 * Reads a whole set: each shard's checksum, that the records are those of the recipe, and of each record that its files
 * decode and agree with each other (`recordFaults`).
 *
 * @throws AppError dataset.notADataset, dataset.damaged where the set's own file is unusable, job.cancelled
 */
export async function verifyDataset(
  folder: string,
  { signal, onProgress }: JobContext,
): Promise<VerifyDatasetResult> {
  const files = datasetFilesIn(folder);
  const set = await readDataset(files);
  const { recipe } = set;
  const faults: DatasetFault[] = [];
  let faultCount = 0;
  const tell = (fault: DatasetFault): void => {
    faultCount++;
    if (faults.length < TOLD_FAULTS) faults.push(fault);
  };
  const total = recipe.identities * recordsPerIdentity(recipe);
  let records = 0;
  const plans = shardPlans(recipe);
  for (const plan of plans) {
    const shard = plan.name;
    const index = await readIndex(files, shard).catch(asFault);
    if (typeof index === 'string') {
      tell({ shard, problem: index });
      continue;
    }
    const stated = set.shards?.find(({ name }) => name === shard);
    for (const problem of await shardProblems(folder, index, stated)) tell({ shard, problem });
    const keys = keysOf(recipe, plan);
    if (index.index.map(({ key }) => key).join() !== keys.join()) {
      tell({
        shard,
        problem: `holds ${index.index.length} records that are not the ${keys.length} of the recipe`,
      });
    }
    for (const record of index.index) {
      throwIfCancelled(signal);
      for (const problem of await problemsOf(files, shard, record, recipe))
        tell({ shard, key: record.key, problem });
      onProgress({ stage: 'Records', fraction: Math.min(1, ++records / total) });
    }
  }
  if (set.shards === undefined) tell({ shard: 'all', problem: 'the set was never finished' });
  return { folder, records, shards: plans.length, faults, faultCount };
}

/** Keys of a shard in the order in which they are made. */
function keysOf(
  recipe: DatasetRecipe,
  { firstIdentity, identityCount }: ReturnType<typeof shardPlans>[number],
): string[] {
  const keys: string[] = [];
  for (let identity = firstIdentity; identity < firstIdentity + identityCount; identity++)
    for (const domain of recipe.domains)
      for (let expression = 0; expression < recipe.expressions; expression++)
        for (let view = 0; view < recipe.views; view++)
          keys.push(recordKey({ identity, domain, expression, view }));
  return keys;
}

async function shardProblems(
  folder: string,
  index: ShardIndex,
  stated: ShardSummary | undefined,
): Promise<string[]> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(
      join(folder, SHARD_FOLDER, `${index.name}.tar`),
    ) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } catch (error) {
    return [`cannot be read: ${error instanceof Error ? error.message : String(error)}`];
  }
  const problems: string[] = [];
  if (bytes !== index.bytes) problems.push(`has ${bytes} bytes, not ${index.bytes}`);
  if (hash.digest('hex') !== index.sha256) problems.push('has another checksum than when it was made');
  if (stated !== undefined && stated.sha256 !== index.sha256)
    problems.push('is not the shard the set was finished with');
  return problems;
}

async function problemsOf(
  files: DatasetFiles,
  shard: string,
  { key, files: ranges }: ShardIndex['index'][number],
  { size }: DatasetRecipe,
): Promise<readonly string[]> {
  try {
    const contents: [RecordFile, Uint8Array][] = [];
    for (const [kind, [start, length]] of Object.entries(ranges) as [
      RecordFile,
      readonly [number, number],
    ][]) {
      contents.push([kind, await files.readRange(`${SHARD_FOLDER}/${shard}.tar`, start, length)]);
    }
    const encoded = Object.fromEntries(contents) as Record<RecordFile, Uint8Array>;
    return recordFaults(key, await decodeRecord(key, encoded, { decoder: decodePicture, size }), size);
  } catch (error) {
    return [asFault(error)];
  }
}

/** What is wrong with a file, in words; faults of our own are thrown on. */
function asFault(error: unknown): string {
  if (error instanceof AppError) return error.message;
  throw error;
}
