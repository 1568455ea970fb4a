import type { WireError } from '#common/contract/wire';
import type { ShardSummary } from '#common/synthetic/dataset/datasetIndex';
import type { DatasetRecipe, ShardPlan } from '#common/synthetic/dataset/datasetRecipe';

/** What a worker is started with. */
export interface HeadWorkerSetup {
  readonly recipe: DatasetRecipe;
  readonly assetsDirectory: string;
  /** What `prepareLibrary` returned for the recipe's library. */
  readonly libraryFolder: string | undefined;
}

export type HeadTask =
  /** One shard into a folder that exists. */
  | { readonly kind: 'shard'; readonly folder: string; readonly plan: ShardPlan }
  /** All records of a domain side by side, a row for each identity, as one PNG. */
  | { readonly kind: 'sheet'; readonly domain: string; readonly path: string };

export type HeadReply =
  | { readonly kind: 'record' }
  | { readonly kind: 'finished'; readonly shard?: ShardSummary }
  | { readonly kind: 'failed'; readonly error: WireError };
