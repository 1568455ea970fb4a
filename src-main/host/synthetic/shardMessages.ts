import type { WireError } from '#common/contract/wire';
import type { DatasetRecipe, ShardPlan } from '#common/synthetic/dataset/datasetRecipe';
import type { ShardSummary } from '#common/synthetic/dataset/datasetIndex';

/** What a worker is started with. */
export interface ShardWorkerSetup {
  readonly recipe: DatasetRecipe;
  /** Where shards go; exists. */
  readonly folder: string;
  readonly assetsDirectory: string;
}

/** `cancel` ends the shard in work between two records, and the worker. */
export type ShardRequest = { readonly kind: 'shard'; readonly plan: ShardPlan } | { readonly kind: 'cancel' };

export type ShardReply =
  | { readonly kind: 'record' }
  | { readonly kind: 'shard'; readonly shard: ShardSummary }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: WireError };
