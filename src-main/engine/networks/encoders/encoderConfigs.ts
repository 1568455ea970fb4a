import { z } from 'zod';
import type { ConfigName } from '#engine/networks/networkDefinition';

const transformer = {
  /** Pixels along each side of the picture. */
  pictureSize: z.int().min(1),
  /** Pixels along each side of a token. */
  patch: z.int().min(1),
  width: z.int().min(1),
  depth: z.int().min(1),
  heads: z.int().min(1),
  mlpRatio: z.number().positive(),
};

interface Transformer {
  readonly pictureSize: number;
  readonly patch: number;
  readonly width: number;
  readonly heads: number;
}

const patchFits = ({ pictureSize, patch }: Transformer): boolean => pictureSize % patch === 0;
const headsFit = ({ width, heads }: Transformer): boolean => width % heads === 0;
const badPatch = { path: ['patch'], message: 'must divide pictureSize' };
const badHeads = { path: ['heads'], message: 'must divide width' };

export const dinoSchema = z
  .strictObject({
    ...transformer,
    /** Tokens along each side of the pictures it was trained with: positions are stored for these, and resized. */
    trainedGrid: z.int().min(1),
    /**
     * Added to the wanted size when positions are resized, against rounding; the published versions of the time did, so
     * the grid is stretched by 0.6 % (0.1 of 16). 0: exactly.
     */
    gridOffset: z.number().min(0),
  })
  .refine(patchFits, badPatch)
  .refine(headsFit, badHeads);

export type DinoConfig = z.output<typeof dinoSchema>;

export const clipSchema = z
  .strictObject({
    ...transformer,
    /** Length of the embedding shared with texts. */
    embeddingSize: z.int().min(1),
  })
  .refine(patchFits, badPatch)
  .refine(headsFit, badHeads);

export type ClipConfig = z.output<typeof clipSchema>;

export const compactEncoderSchema = z
  .strictObject({
    pictureSize: z.int().min(1),
    /** Channels after each halving; the last is the length of features. */
    widths: z.array(z.int().min(1)).min(1),
    /** Of the group normalisations; divides all widths. */
    groups: z.int().min(1),
    /** Cells along each side of the coarse features. */
    coarseGrid: z.int().min(1),
  })
  .refine(({ pictureSize, widths }) => pictureSize % 2 ** widths.length === 0, {
    path: ['pictureSize'],
    message: 'must be divisible by 2 for each of widths',
  })
  .refine(({ widths, groups }) => widths.every((width) => width % groups === 0), {
    path: ['groups'],
    message: 'must divide all widths',
  })
  .refine((config) => fineGrid(config) % config.coarseGrid === 0, {
    path: ['coarseGrid'],
    message: 'must divide the size of the picture after all halvings',
  });

export type CompactEncoderConfig = z.output<typeof compactEncoderSchema>;

/** Cells along each side of the fine features. */
export function fineGrid({
  pictureSize,
  widths,
}: {
  readonly pictureSize: number;
  readonly widths: readonly number[];
}): number {
  return pictureSize / 2 ** widths.length;
}

const dinoBase = {
  pictureSize: 224, patch: 14, width: 768, depth: 12, heads: 12, mlpRatio: 4, trainedGrid: 37, gridOffset: 0.1,
} as const; // prettier-ignore

/** DINOv2-B; its small version (published too) for one card; one of our own size for two cores. */
export const DINO_CONFIGS: Readonly<Record<ConfigName, DinoConfig>> = {
  released: dinoBase,
  paper: dinoBase,
  'compact-gpu': { ...dinoBase, width: 384, heads: 6 },
  'compact-cpu': {
    pictureSize: 112, patch: 14, width: 96, depth: 4, heads: 4, mlpRatio: 4, trainedGrid: 8, gridOffset: 0,
  }, // prettier-ignore
};

const clipHuge = {
  pictureSize: 224, patch: 14, width: 1280, depth: 32, heads: 16, mlpRatio: 4, embeddingSize: 1024,
} as const; // prettier-ignore

/** CLIP ViT-H/14; the compact ones have the 4 x 4 cells that few cross tokens are made of. */
export const CLIP_CONFIGS: Readonly<Record<ConfigName, ClipConfig>> = {
  released: clipHuge,
  paper: clipHuge,
  'compact-gpu': {
    pictureSize: 224, patch: 56, width: 384, depth: 6, heads: 6, mlpRatio: 4, embeddingSize: 256,
  }, // prettier-ignore
  'compact-cpu': {
    pictureSize: 112, patch: 28, width: 96, depth: 3, heads: 4, mlpRatio: 4, embeddingSize: 64,
  }, // prettier-ignore
};

const compactGpu = { pictureSize: 256, widths: [48, 96, 192, 384], groups: 8, coarseGrid: 4 };

/** Where DINO and CLIP are used there is nothing for it to do; as large as on one card then. */
export const COMPACT_ENCODER_CONFIGS: Readonly<Record<ConfigName, CompactEncoderConfig>> = {
  released: compactGpu,
  paper: compactGpu,
  'compact-gpu': compactGpu,
  'compact-cpu': { pictureSize: 128, widths: [24, 48, 72, 96], groups: 8, coarseGrid: 4 },
};
