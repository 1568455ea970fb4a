import { z } from 'zod';
import type { ConfigName } from '#engine/networks/networkDefinition';
import { TRIPLANE_CONTRACTS } from '#engine/networks/triplaneContract';

/** Features of an image encoder, and the tokens a resampler makes of them. */
const conditionSchema = z.strictObject({
  /** How many features the encoder gives. */
  features: z.int().min(1),
  /** Their length. */
  featureSize: z.int().min(1),
  /** What the resampler turns them into. */
  tokens: z.int().min(1),
});

export const ditSchema = z
  .strictObject({
    latentChannels: z.int().min(1),
    planes: z.int().min(1),
    /** Latent cells along each side of a plane, and of a token. */
    planeSize: z.int().min(1),
    patch: z.int().min(1),
    width: z.int().min(6),
    depth: z.int().min(1),
    heads: z.int().min(1),
    mlpRatio: z.number().positive(),
    /** Twice the channels come out: the second half says where the variance lies in its learned range (IDDPM). */
    learnsVariance: z.boolean(),
    /**
     * `published`: the checkpoint was trained with positions of a square raster, row 2i and column j / 2, although its
     * tokens form one four times as high as wide, so a token's numbers say little of its place. `planeRowColumn`: what
     * they should say, a third of the width for each of the three.
     */
    positions: z.enum(['published', 'planeRowColumn']),
    /**
     * What the second branch of guidance is told. `zeroPicture`: as the checkpoint was trained, the features CLIP gives
     * for a picture of zeros, while DINO's stay those of the portrait. `zeroFeatures`: zeros in place of both, so that
     * guidance acts on all that is known of the portrait.
     */
    unconditional: z.enum(['zeroPicture', 'zeroFeatures']),
    /** Joined to the latent's tokens in self-attention. */
    dino: conditionSchema,
    /** Attended to in cross-attention. */
    clip: conditionSchema,
    resampler: z.strictObject({
      depth: z.int().min(1),
      heads: z.int().min(1),
      headSize: z.int().min(1),
    }),
  })
  .refine(({ width, heads }) => width % heads === 0, { path: ['heads'], message: 'must divide width' })
  .refine(({ planeSize, patch }) => planeSize % patch === 0, {
    path: ['patch'],
    message: 'must divide planeSize',
  })
  .refine((config) => config.positions !== 'planeRowColumn' || config.width % 6 === 0, {
    path: ['width'],
    message: 'must be divisible by 6: a sine and a cosine of plane, row and column',
  })
  .refine((config) => config.positions !== 'published' || isSquareRaster(config), {
    path: ['positions'],
    message: 'published positions need a square number of tokens and a width divisible by 4',
  });

export type DitConfig = z.output<typeof ditSchema>;
export type ConditionConfig = DitConfig['clip'];

/** What says how a latent is cut into tokens. */
interface LatentCut {
  readonly planes: number;
  readonly planeSize: number;
  readonly patch: number;
}

/** Tokens of the latent: planes below one another, in rows and columns. */
export function tokenGrid({ planes, planeSize, patch }: LatentCut): {
  readonly rows: number;
  readonly columns: number;
} {
  const columns = planeSize / patch;
  return { rows: planes * columns, columns };
}

export function outputChannels({ latentChannels, learnsVariance }: DitConfig): number {
  return learnsVariance ? 2 * latentChannels : latentChannels;
}

function isSquareRaster(config: LatentCut & { readonly width: number }): boolean {
  const { rows, columns } = tokenGrid(config);
  return Number.isInteger(Math.sqrt(rows * columns)) && config.width % 4 === 0;
}

function fitted(
  name: ConfigName,
  rest: Omit<DitConfig, 'latentChannels' | 'planes' | 'planeSize' | 'patch' | 'mlpRatio'>,
): DitConfig {
  const { latentShape, patch } = TRIPLANE_CONTRACTS[name];
  const [latentChannels, planes, planeSize] = latentShape;
  return { latentChannels, planes, planeSize, patch, mlpRatio: 4, ...rest };
}

const large = {
  width: 1152,
  depth: 28,
  heads: 16,
  learnsVariance: true,
  dino: { features: 257, featureSize: 768, tokens: 256 },
  clip: { features: 257, featureSize: 1280, tokens: 16 },
  resampler: { depth: 4, heads: 12, headSize: 64 },
} as const;

/**
 * Widths of spec 5.1 and 10.5. The compact ones take both kinds of features from one network of ours (`encoders.compact`)
 * and predict the noise alone: a learned variance pays where sampling takes many steps, not 20.
 */
export const DIT_CONFIGS: Readonly<Record<ConfigName, DitConfig>> = {
  released: fitted('released', { ...large, positions: 'published', unconditional: 'zeroPicture' }),
  paper: fitted('paper', { ...large, positions: 'planeRowColumn', unconditional: 'zeroPicture' }),
  'compact-gpu': fitted('compact-gpu', {
    width: 384,
    depth: 8,
    heads: 6,
    learnsVariance: false,
    positions: 'planeRowColumn',
    unconditional: 'zeroFeatures',
    dino: { features: 257, featureSize: 384, tokens: 64 },
    clip: { features: 17, featureSize: 384, tokens: 8 },
    resampler: { depth: 2, heads: 6, headSize: 64 },
  }),
  'compact-cpu': fitted('compact-cpu', {
    width: 192,
    depth: 6,
    heads: 4,
    learnsVariance: false,
    positions: 'planeRowColumn',
    unconditional: 'zeroFeatures',
    dino: { features: 65, featureSize: 96, tokens: 16 },
    clip: { features: 17, featureSize: 96, tokens: 4 },
    resampler: { depth: 1, heads: 4, headSize: 48 },
  }),
};
