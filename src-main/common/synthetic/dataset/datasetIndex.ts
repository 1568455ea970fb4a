import { z } from 'zod';
import { datasetRecipeSchema } from '#common/synthetic/dataset/datasetRecipe';
import type { RecordFile } from '#common/synthetic/dataset/recordFiles';
import { RECORD_FILES } from '#common/synthetic/dataset/recordFiles';

/** In the set's folder: the recipe, written first, then again with the shards when all are made. */
export const DATASET_FILE = 'dataset.json';
export const SHARD_FOLDER = 'shards';

const range = z.tuple([z.int().min(0), z.int().min(1)]).readonly();

const recordSchema = z.strictObject({
  key: z.string(),
  /** First byte and length in the shard, so that one record is one short read. */
  files: z.record(z.enum(Object.keys(RECORD_FILES) as [RecordFile, ...RecordFile[]]), range),
});

const shardSummary = {
  name: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(1),
  records: z.int().min(1),
};

/** Beside each shard, written after it: without it the shard is not there. */
export const shardIndexSchema = z.strictObject({ ...shardSummary, index: z.array(recordSchema) });

export const datasetFileSchema = z.strictObject({
  recipe: datasetRecipeSchema,
  /** Present once the set is complete. */
  shards: z.array(z.strictObject(shardSummary)).optional(),
});

export type ShardIndex = z.output<typeof shardIndexSchema>;
export type DatasetFile = z.output<typeof datasetFileSchema>;

/** What the set's own file says of a shard. */
export type ShardSummary = Omit<ShardIndex, 'index'>;
