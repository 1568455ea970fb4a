import { z } from 'zod';
import { hashText } from '#common/math/hashText';
import type { SeededRandom } from '#common/math/seededRandom';
import { createSeededRandom } from '#common/math/seededRandom';
import { libraryNameSchema } from '#common/synthetic/library/syntheticLibrary';

/** Raised whenever the same recipe would give other pictures or labels: two kinds are never mixed in one folder. */
export const GENERATOR_VERSION = 2;

export const PICTURE_SIZES = [128, 256, 512] as const;

/** Domain ids are kebab-case names of files in `assets/domains`. */
export const domainIdSchema = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is no domain id');

/**
 * Everything a set of synthetic heads follows from: the same recipe gives the same bytes, whatever machine and however
 * many workers, so a set is kept as its recipe.
 */
export const datasetRecipeSchema = z.strictObject({
  generator: z.literal(GENERATOR_VERSION, `was written by another version; this one is ${GENERATOR_VERSION}`),
  seed: z.int('must be a whole number').min(0, 'must be at least 0'),
  identities: z.int('must be a whole number').min(1, 'must be at least 1').max(1_000_000),
  /** Of each identity, in each domain. */
  expressions: z.int('must be a whole number').min(1, 'must be at least 1').max(1000),
  /** Cameras for each expression; light and background are drawn anew for each. */
  views: z.int('must be a whole number').min(1, 'must be at least 1').max(1000),
  /** Side of a picture. */
  size: z.literal(PICTURE_SIZES, { error: 'must be 128, 256 or 512' }),
  domains: z
    .array(domainIdSchema)
    .min(1, 'must name a domain')
    .refine((ids) => new Set(ids).size === ids.length, 'names a domain twice'),
  /** Third-party skins and hair people are mixed from. Recipes from before there was any had none. */
  library: libraryNameSchema.default('none'),
});

export type DatasetRecipe = z.output<typeof datasetRecipeSchema>;

/** Which picture of a set. */
export interface RecordPlace {
  readonly identity: number;
  readonly domain: string;
  readonly expression: number;
  readonly view: number;
}

/** Pictures of one identity. */
export function recordsPerIdentity({ expressions, views, domains }: DatasetRecipe): number {
  return expressions * views * domains.length;
}

/** Name of a record, also of its files in a shard; dots would end a WebDataset key. */
export function recordKey({ identity, domain, expression, view }: RecordPlace): string {
  const digits = (value: number, length: number): string => String(value).padStart(length, '0');
  return `${digits(identity, 6)}-${domain}-${digits(expression, 3)}-${digits(view, 3)}`;
}

/**
 * The random numbers of one purpose: a stream of its own for each, so no record depends on which were made before it.
 *
 * @param purpose such as `identity/12` or `view/12/pixar/3/0`
 */
export function purposeRandom({ seed }: DatasetRecipe, purpose: string): SeededRandom {
  return createSeededRandom(hashText(`${seed}/${purpose}`));
}

/** One file of the set: whole identities, so that each is built once. */
export interface ShardPlan {
  readonly index: number;
  /** `heads-00012`. */
  readonly name: string;
  readonly firstIdentity: number;
  readonly identityCount: number;
}

/** Records of a shard: about 50 MB at 128 pixels. */
const SHARD_RECORDS = 1024;
/** Small sets are cut too, so that several workers have something to do and an interrupted one loses little. */
const LEAST_SHARDS = 16;

/** The shards of a set; they follow from the recipe alone. */
export function shardPlans(recipe: DatasetRecipe): readonly ShardPlan[] {
  const bySize = Math.floor(SHARD_RECORDS / recordsPerIdentity(recipe));
  const byCount = Math.ceil(recipe.identities / LEAST_SHARDS);
  const perShard = Math.max(1, Math.min(bySize, byCount));
  return Array.from({ length: Math.ceil(recipe.identities / perShard) }, (_, index) => ({
    index,
    name: `heads-${String(index).padStart(5, '0')}`,
    firstIdentity: index * perShard,
    identityCount: Math.min(perShard, recipe.identities - index * perShard),
  }));
}
