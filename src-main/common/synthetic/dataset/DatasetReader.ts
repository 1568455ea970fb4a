import { AppError } from '#common/contract/errors';
import type { DatasetFile, ShardIndex } from '#common/synthetic/dataset/datasetIndex';
import {
  DATASET_FILE,
  datasetFileSchema,
  SHARD_FOLDER,
  shardIndexSchema,
} from '#common/synthetic/dataset/datasetIndex';
import type { PictureDecoder, SyntheticRecord } from '#common/synthetic/dataset/decodeRecord';
import { decodeRecord } from '#common/synthetic/dataset/decodeRecord';
import type { DatasetRecipe } from '#common/synthetic/dataset/datasetRecipe';
import type { RecordFile } from '#common/synthetic/dataset/recordFiles';

/** What the reader needs of a file system; names are relative to the set's folder, with slashes. */
export interface DatasetFiles {
  /** @returns undefined where there is no such file */
  readText(name: string): Promise<string | undefined>;
  /** Exactly `length` bytes. @throws AppError dataset.damaged where the file ends before */
  readRange(name: string, start: number, length: number): Promise<Uint8Array>;
}

/**
 * Random access to a finished set: one short read for each file that is asked for, in any order, so that a trainer
 * shuffles all of it without reading any of it first. Has the shape of a training `DataSource`.
 */
export class DatasetReader {
  readonly recipe: DatasetRecipe;
  readonly count: number;
  readonly #files: DatasetFiles;
  readonly #decoder: PictureDecoder;
  readonly #records: readonly { readonly shard: string; readonly record: ShardIndex['index'][number] }[];

  private constructor(
    recipe: DatasetRecipe,
    shards: readonly ShardIndex[],
    files: DatasetFiles,
    decoder: PictureDecoder,
  ) {
    this.recipe = recipe;
    this.#files = files;
    this.#decoder = decoder;
    this.#records = shards.flatMap((shard) => shard.index.map((record) => ({ shard: shard.name, record })));
    this.count = this.#records.length;
  }

  /** @throws AppError dataset.notADataset, dataset.damaged */
  static async open(files: DatasetFiles, decoder: PictureDecoder): Promise<DatasetReader> {
    const { recipe, shards } = await readDataset(files);
    if (shards === undefined) {
      throw new AppError(
        'dataset.damaged',
        'The set is not finished: make it again into the same folder, and what is missing is added.',
      );
    }
    const indices = await Promise.all(shards.map(({ name }) => readIndex(files, name)));
    return new DatasetReader(recipe, indices, files, decoder);
  }

  /** `000012-pixar-003-000`. */
  keyOf(index: number): string {
    return this.#at(index).record.key;
  }

  /**
   * One record.
   *
   * @param wanted which of its files to read and decode; all by default
   * @throws AppError dataset.damaged naming record and file
   */
  async read<Wanted extends RecordFile = RecordFile>(
    index: number,
    wanted?: readonly Wanted[],
  ): Promise<Pick<SyntheticRecord, Wanted>> {
    const { shard, record } = this.#at(index);
    const kinds = wanted ?? (Object.keys(record.files) as Wanted[]);
    const contents = await Promise.all(
      kinds.map(async (kind) => {
        const [start, length] = record.files[kind];
        return [kind, await this.#files.readRange(`${SHARD_FOLDER}/${shard}.tar`, start, length)] as const;
      }),
    );
    return decodeRecord(record.key, Object.fromEntries(contents) as Record<Wanted, Uint8Array>, {
      decoder: this.#decoder,
      size: this.recipe.size,
    });
  }

  #at(index: number): { readonly shard: string; readonly record: ShardIndex['index'][number] } {
    const found = this.#records.at(index);
    if (found === undefined) throw new RangeError(`Record ${index} of a set of ${this.count}.`);
    return found;
  }
}

/** @throws AppError dataset.notADataset, dataset.damaged */
export async function readDataset(files: DatasetFiles): Promise<DatasetFile> {
  const text = await files.readText(DATASET_FILE);
  if (text === undefined) {
    throw new AppError(
      'dataset.notADataset',
      `The folder holds no ${DATASET_FILE}: it is no set of synthetic heads.`,
    );
  }
  return parseDatasetJson(DATASET_FILE, text, datasetFileSchema);
}

/** @throws AppError dataset.damaged, also where there is none */
export async function readIndex(files: DatasetFiles, shard: string): Promise<ShardIndex> {
  const name = `${SHARD_FOLDER}/${shard}.json`;
  const text = await files.readText(name);
  if (text === undefined) throw new AppError('dataset.damaged', `${name} is missing.`);
  return parseDatasetJson(name, text, shardIndexSchema);
}

/** The checked contents of one of a set's own files. @throws AppError dataset.damaged */
export function parseDatasetJson<Value>(
  name: string,
  text: string,
  schema: { safeParse(value: unknown): ParseResult<Value> },
): Value {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError(
    'dataset.damaged',
    `${name} is not what a set of synthetic heads has: ${issue.path.join('.') || 'it'} ${issue.message}.`,
  );
}

type ParseResult<Value> =
  | { readonly success: true; readonly data: Value }
  | {
      readonly success: false;
      readonly error: {
        readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
      };
    };

/** Undefined, which no schema takes, for text that is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
