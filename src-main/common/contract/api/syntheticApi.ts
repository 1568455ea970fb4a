import { z } from 'zod';
import type { StartedJob } from '#common/contract/jobs';
import { datasetRecipeSchema } from '#common/synthetic/dataset/datasetRecipe';
import { DEFAULT_LIBRARY, libraryNameSchema } from '#common/synthetic/library/syntheticLibrary';

export interface SynthesizeResult {
  readonly folder: string;
  /** Pictures in the finished set. */
  readonly records: number;
  readonly shards: number;
  readonly bytes: number;
  /** Pictures that an earlier run had made already. */
  readonly kept: number;
  readonly seconds: number;
  /** Of these until the first picture was made; 0 where none was missing. */
  readonly firstSeconds: number;
}

export interface PreviewDomainsResult {
  /** The contact sheets that were written. */
  readonly sheets: readonly string[];
}

/** One thing that is wrong with a set. */
export interface DatasetFault {
  readonly shard: string;
  readonly key?: string;
  readonly problem: string;
}

export interface VerifyDatasetResult {
  readonly folder: string;
  readonly records: number;
  readonly shards: number;
  /** Empty for a sound set; the first hundred otherwise. */
  readonly faults: readonly DatasetFault[];
  readonly faultCount: number;
}

/** What a set is drawn from; the generator's version is the host's own. `all` stands for every domain. */
const recipe = datasetRecipeSchema.omit({ generator: true, domains: true }).extend({
  domains: z.union([z.literal('all'), datasetRecipeSchema.shape.domains]),
  library: libraryNameSchema.default(DEFAULT_LIBRARY),
});

const path = z.string().min(1, 'must name a folder');

export interface SyntheticApi {
  /** Makes a set of synthetic heads, or goes on with one that was interrupted: the same recipe into the same folder. */
  'synthetic.generate': { params: SynthesizeParams; result: StartedJob<'synthesize'> };
  /** Contact sheets instead of a set: each domain's heads side by side. */
  'synthetic.preview': { params: SynthesizeParams; result: StartedJob<'previewDomains'> };
  /** Reads every record of a set and says what is wrong with it. */
  'synthetic.verify': { params: { folder: string }; result: StartedJob<'verifyDataset'> };
}

export const SYNTHETIC_PARAMS = {
  'synthetic.generate': recipe.extend({ out: path }),
  'synthetic.preview': recipe.extend({ out: path }),
  'synthetic.verify': z.strictObject({ folder: path }),
} as const satisfies { readonly [Method in keyof SyntheticApi]: z.ZodType };

export type SynthesizeParams = z.input<(typeof SYNTHETIC_PARAMS)['synthetic.generate']>;
export type SynthesizeRequest = z.output<(typeof SYNTHETIC_PARAMS)['synthetic.generate']>;
