import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DATASET_FILE, SHARD_FOLDER } from '#common/synthetic/dataset/datasetIndex';
import { DatasetReader } from '#common/synthetic/dataset/DatasetReader';
import type { DatasetRecipe } from '#common/synthetic/dataset/datasetRecipe';
import { GENERATOR_VERSION, recordKey, shardPlans } from '#common/synthetic/dataset/datasetRecipe';
import { RECORD_FILES } from '#common/synthetic/dataset/recordFiles';
import type { RenderedRecord } from '#common/synthetic/dataset/renderedRecord';
import { datasetFilesIn, decodePicture } from '#host/synthetic/datasetFilesIn';
import { encodeRecord } from '#host/synthetic/encodeRecord';
import { ShardWriter } from '#host/synthetic/ShardWriter';
import { verifyDataset } from '#host/synthetic/verifyDataset';
import { aSyntheticRecord } from '#test/helpers/aSyntheticRecord';
import { temporaryFolder } from '#test/helpers/temporaryFolder';

const RECIPE: DatasetRecipe = {
  generator: GENERATOR_VERSION,
  seed: 1,
  identities: 2,
  expressions: 1,
  views: 2,
  size: 128,
  domains: ['realistic'],
  library: 'none',
};

const temporary = temporaryFolder();
const context = { signal: new AbortController().signal, onProgress: () => undefined };

function recordsOf(identity: number): RenderedRecord[] {
  return [0, 1].map((view) => aSyntheticRecord({ identity, domain: 'realistic', expression: 0, view }));
}

/** A finished set of drawn discs. */
async function aDataset(
  change: (record: RenderedRecord) => RenderedRecord = (record) => record,
): Promise<string> {
  const folder = await mkdtemp(join(temporary.path, 'set-'));
  const shardFolder = join(folder, SHARD_FOLDER);
  await mkdir(shardFolder);
  const shards = [];
  for (const { name, firstIdentity } of shardPlans(RECIPE)) {
    const writer = await ShardWriter.open(shardFolder, name);
    for (const record of recordsOf(firstIdentity)) {
      await writer.add(recordKey(record.place), await encodeRecord(change(record)));
    }
    shards.push(await writer.finish());
  }
  await writeFile(join(folder, DATASET_FILE), JSON.stringify({ recipe: RECIPE, shards }));
  return folder;
}

describe('the files of a set', () => {
  it('come back as they went in', async () => {
    const reader = await DatasetReader.open(datasetFilesIn(await aDataset()), decodePicture);
    expect(reader.count).toBe(4);
    const given = recordsOf(1)[0];
    const { color, ...read } = await reader.read(2);
    expect(reader.keyOf(2)).toBe(given.labels.key);
    expect(read.labels).toEqual(JSON.parse(JSON.stringify(given.labels)));
    expect(read.alpha).toEqual(given.alpha);
    expect(read.parts).toEqual(given.parts);
    expect(read.landmarks).toEqual(given.landmarks);
    expect(worst(read.depth, given.depth)).toBeLessThan(3e-5);
    expect(worst(read.normals, given.normals)).toBeLessThan(0.005);
    expect(worst(read.driving, given.driving)).toBeLessThan(2e-5);
    // WebP at quality 95: close, not equal.
    expect(meanDifference(color, given.color)).toBeLessThan(4);
  });

  it('are read one at a time where only one is wanted', async () => {
    const reader = await DatasetReader.open(datasetFilesIn(await aDataset()), decodePicture);
    expect(Object.keys(await reader.read(0, ['labels']))).toEqual(['labels']);
  });

  it('are a tar that others open, the same bytes each time', async () => {
    const [one, two] = [await aDataset(), await aDataset()];
    const shard = join(SHARD_FOLDER, `${shardPlans(RECIPE)[0].name}.tar`);
    expect((await readFile(join(one, shard))).equals(await readFile(join(two, shard)))).toBe(true);
    const listed = execFileSync('tar', ['-tf', join(one, shard)], { encoding: 'utf8' });
    expect(listed.trim().split('\n')).toEqual(
      [0, 1].flatMap((view) =>
        Object.values(RECORD_FILES).map((ending) => `000000-realistic-000-00${view}.${ending}`),
      ),
    );
  });

  it('leave nothing behind when they are given up', async () => {
    const folder = temporary.path;
    const writer = await ShardWriter.open(folder, 'heads-00000');
    await writer.add('a', await encodeRecord(recordsOf(0)[0]));
    await writer.abandon();
    expect(await readdir(folder)).toEqual([]);
  });

  it('cannot be written where there is no folder', async () => {
    await expect(ShardWriter.open('/nowhere/at/all', 'heads-00000')).rejects.toMatchObject({
      code: 'disk.notFound',
    });
  });
});

describe('verifying a set', () => {
  it('finds nothing wrong with a sound one', async () => {
    const result = await verifyDataset(await aDataset(), context);
    expect(result).toMatchObject({ records: 4, shards: 2, faults: [], faultCount: 0 });
  });

  it('names the shard whose bytes changed, and the record', async () => {
    const folder = await aDataset();
    const path = join(folder, SHARD_FOLDER, 'heads-00001.tar');
    const bytes = await readFile(path);
    bytes.fill(0, 512, 700);
    await writeFile(path, bytes);
    const { faults } = await verifyDataset(folder, context);
    expect(faults.map(({ shard, key }) => [shard, key])).toEqual([
      ['heads-00001', undefined],
      ['heads-00001', '000001-realistic-000-000'],
    ]);
    expect(faults[0].problem).toContain('checksum');
  });

  it('tells a shard that ends early from one that is gone', async () => {
    const folder = await aDataset();
    await truncate(join(folder, SHARD_FOLDER, 'heads-00000.tar'), 5000);
    await writeFile(join(folder, SHARD_FOLDER, 'heads-00001.json'), '{}');
    const problems = (await verifyDataset(folder, context)).faults.map(({ problem }) => problem).join('\n');
    expect(problems).toContain('has 5000 bytes');
    expect(problems).toContain('heads-00001.json is not what a set of synthetic heads has');
  });

  it.each([
    ['a weight beyond 1', { weights: Array.from({ length: 52 }, () => 1.5) }, 'weight lies outside'],
    ['the labels of another record', { key: '000007-realistic-000-000' }, 'labels are those of 000007'],
    ['landmarks of another camera', { camera: recordsOf(5)[0].labels.camera }, 'landmarks lie'],
  ])('finds %s', async (_, labels, problem) => {
    const folder = await aDataset((record) => ({ ...record, labels: { ...record.labels, ...labels } }));
    expect((await verifyDataset(folder, context)).faults[0].problem).toContain(problem);
  });

  it('refuses a folder that is no set', async () => {
    await expect(verifyDataset(temporary.path, context)).rejects.toMatchObject({
      code: 'dataset.notADataset',
    });
  });
});

function worst(read: Float32Array, given: Float32Array): number {
  return given.reduce(
    (most, value, k) => (value === read[k] ? most : Math.max(most, Math.abs(value - read[k]))),
    0,
  );
}

function meanDifference(read: Uint8Array, given: Uint8Array): number {
  return given.reduce((sum, value, k) => sum + Math.abs(value - read[k]), 0) / given.length;
}
