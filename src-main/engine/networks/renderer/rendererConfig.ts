import { z } from 'zod';
import type { ConfigName } from '#engine/networks/networkDefinition';
import { TRIPLANE_CONTRACTS } from '#engine/networks/triplaneContract';
import { blendSchema, GENERATOR_CONFIGS, mappingSchema } from '#engine/networks/generator/generatorConfig';
import { superresolutionSchema } from '#engine/networks/superresolution/superresolutionConfig';
import { volumeSchema } from '#engine/networks/volume/volumeConfig';

const size = z.int().min(1);

const globalEncoderSchema = z.strictObject({
  /** Channels behind the first convolution. */
  stem: size,
  /** Residual stages; what is left of the stride is taken by the first ones, the others see farther by dilation. */
  stages: z.array(z.strictObject({ channels: size, blocks: size })).min(1),
  /** Dilations of the pyramid's 3 x 3 convolutions (DeepLab v3's ASPP). */
  rates: z.array(size).min(1),
  /** Channels of each branch of the pyramid and of the result. */
  channels: size,
});

const canonicalSchema = z
  .strictObject({
    /** Of a token; its pixel shuffle has a quarter. */
    width: size,
    heads: size,
    neutralBlocks: z.int().min(0),
    motionBlocks: z.int().min(0),
    /** Whether blocks look at motion tokens; without, motion comes through the rasterised texture alone. */
    looksAtMotion: z.boolean(),
    /** Tokens made of a motion code. */
    motionTokens: size,
    /** Of the layers that map a motion code. */
    motionHidden: size,
    motionLayers: z.int().min(0),
    /** Of a feed-forward network, in token widths. */
    feedForward: z.number().positive(),
    /** Channels of the two inner convolutions over the encoded planes. */
    planeWidths: z.tuple([size, size]),
    /** Channels of the convolutions behind the tokens. */
    convWidth: size,
    /** Channels of the result. */
    channels: size,
  })
  .refine(({ width, heads }) => width % heads === 0, { path: ['heads'], message: 'must divide width' })
  .refine(({ width }) => width % 4 === 0, { path: ['width'], message: 'must be a multiple of 4' });

const decoderSchema = z
  .strictObject({
    /** Of a token. */
    width: size,
    heads: size,
    blocks: z.int().min(1),
    /** Keys and values are made of squares of so many tokens along each side. */
    reduction: size,
    feedForward: z.number().positive(),
    /** Channels of the first convolution of each group, and of the others. */
    convWidths: z.tuple([size, size]),
  })
  .refine(({ width, heads }) => width % heads === 0, { path: ['heads'], message: 'must divide width' })
  .refine(({ width }) => width % 4 === 0, { path: ['width'], message: 'must be a multiple of 4' });

export const rendererCoreSchema = z
  .strictObject({
    /** Of the portrait. */
    sourceSize: size,
    /** Cells along each side of a plane. */
    planeSize: z.int().multipleOf(8),
    /** Features of a plane. */
    planeChannels: size,
    /** Length of a motion code. */
    motionSize: size,
    global: globalEncoderSchema,
    /** Channels of the detail encoder's convolutions. */
    detail: z.array(size).min(1),
    planesEncoder: z.strictObject({
      /** Channels after the first convolution, doubled at each of two halvings. */
      hidden: size,
      /** Channels of a plane's code. */
      latentChannels: size,
      /** Of the group normalisations. */
      groups: size,
    }),
    canonical: canonicalSchema,
    decoder: decoderSchema,
    /**
     * Whether the blended planes are encoded and refined (AvatarArtist, spec 6.3), or everything comes from the portrait
     * (Portrait4D; Model A of the supplement's section C).
     */
    usesPlanes: z.boolean(),
    /**
     * Whether the canonical features are enlarged with the corners' centres kept: the published network was trained with
     * it. It shifts features by up to half a cell against the planes, so new networks do without.
     */
    enlargesByCorners: z.boolean(),
    /**
     * Whether the portrait is turned upside down first. Rows of planes run upwards with y, those of pictures down; the
     * published network learned to turn everything by attention. Turned before, what is near each other in the portrait
     * is so in the front plane, and convolutions can carry details over, which small networks depend on.
     */
    turnsPortrait: z.boolean(),
  })
  .refine(
    ({ sourceSize, planeSize }) =>
      Number.isInteger(Math.log2(sourceSize / planeSize)) && sourceSize >= planeSize,
    {
      path: ['sourceSize'],
      message: 'must be planeSize times 1, 2, 4 ...',
    },
  );

export type GlobalEncoderConfig = z.output<typeof globalEncoderSchema>;
export type CanonicalConfig = z.output<typeof canonicalSchema>;
export type DecoderConfig = z.output<typeof decoderSchema>;

/** The renderer from portrait and blended planes to its own planes: what is its own, without blending and volume. */
export type RendererCoreConfig = z.output<typeof rendererCoreSchema>;

type Widths = Omit<
  RendererCoreConfig,
  'sourceSize' | 'planeSize' | 'planeChannels' | 'motionSize' | 'usesPlanes'
>;

function fitted(name: ConfigName, sourceScale: number, widths: Widths): RendererCoreConfig {
  const { planeSize, planeChannels, motionSize } = TRIPLANE_CONTRACTS[name];
  return {
    sourceSize: sourceScale * planeSize,
    planeSize,
    planeChannels,
    motionSize,
    usesPlanes: true,
    ...widths,
  };
}

const published: Widths = {
  global: {
    stem: 64,
    stages: [{ channels: 64, blocks: 3 }, { channels: 128, blocks: 4 }, { channels: 256, blocks: 6 }, { channels: 512, blocks: 3 }],
    rates: [12, 24, 36],
    channels: 256,
  },
  detail: [64, 96, 96, 96, 96],
  planesEncoder: { hidden: 64, latentChannels: 128, groups: 32 },
  canonical: {
    width: 1024,
    heads: 4,
    neutralBlocks: 4,
    motionBlocks: 4,
    looksAtMotion: true,
    motionTokens: 64,
    motionHidden: 512,
    motionLayers: 2,
    feedForward: 2,
    planeWidths: [128, 96],
    convWidth: 128,
    channels: 96,
  },
  decoder: { width: 1024, heads: 2, blocks: 1, reduction: 2, feedForward: 2, convWidths: [256, 128] },
  enlargesByCorners: true,
  turnsPortrait: false,
}; // prettier-ignore

/**
 * Spec 6.3 and 10.6. The compact ones take a portrait of the planes' size (the pictures they are trained on have no
 * more), so the detail encoder does not halve. `compact-cpu` has planes of 96 cells instead of 64 and pays for them with a
 * narrower 3-D encoder (8 instead of 16 channels): what it gives is a hint of 24 x 24, the planes themselves come in
 * again at full size in the last step of the decoder.
 */
export const RENDERER_CORE_CONFIGS: Readonly<Record<ConfigName, RendererCoreConfig>> = {
  released: fitted('released', 2, published),
  paper: fitted('paper', 2, { ...published, enlargesByCorners: false, turnsPortrait: true }),
  'compact-gpu': fitted('compact-gpu', 1, {
    global: {
      stem: 32,
      stages: [32, 64, 96, 128].map((channels) => ({ channels, blocks: 2 })),
      rates: [6, 12, 18],
      channels: 96,
    },
    detail: [16, 24, 24, 24, 24],
    planesEncoder: { hidden: 24, latentChannels: 32, groups: 8 },
    canonical: {
      width: 256,
      heads: 4,
      neutralBlocks: 2,
      motionBlocks: 2,
      looksAtMotion: true,
      motionTokens: 16,
      motionHidden: 128,
      motionLayers: 2,
      feedForward: 2,
      planeWidths: [64, 64],
      convWidth: 48,
      channels: 24,
    },
    decoder: { width: 128, heads: 2, blocks: 1, reduction: 2, feedForward: 2, convWidths: [64, 48] },
    enlargesByCorners: false,
    turnsPortrait: true,
  }),
  'compact-cpu': fitted('compact-cpu', 1, {
    global: {
      stem: 16,
      stages: [16, 32, 48].map((channels) => ({ channels, blocks: 2 })),
      rates: [4, 8],
      channels: 32,
    },
    detail: [8, 12, 12, 12, 12],
    planesEncoder: { hidden: 8, latentChannels: 16, groups: 8 },
    canonical: {
      width: 128,
      heads: 4,
      neutralBlocks: 1,
      motionBlocks: 1,
      looksAtMotion: true,
      motionTokens: 8,
      motionHidden: 64,
      motionLayers: 2,
      feedForward: 2,
      planeWidths: [32, 32],
      convWidth: 24,
      channels: 12,
    },
    decoder: { width: 64, heads: 2, blocks: 1, reduction: 2, feedForward: 2, convWidths: [32, 24] },
    enlargesByCorners: false,
    turnsPortrait: true,
  }),
};

export const rendererSchema = z.strictObject({
  core: rendererCoreSchema,
  /** Posing and blending, with weights of the renderer's own: one set for all domains. */
  blend: blendSchema,
  volume: volumeSchema,
  superresolution: superresolutionSchema,
  /** The published file holds a mapping network of the face branch that nothing uses; left out: there is none. */
  storedMapping: mappingSchema.optional(),
});

/** The whole renderer, from portrait, parametric triplane and driver to a frame. */
export type RendererConfig = z.output<typeof rendererSchema>;

function assembled(name: ConfigName): RendererConfig {
  const { blend, volume, superresolution, mapping, mappings } = GENERATOR_CONFIGS[name];
  const stored = mappings === 'stored' ? { storedMapping: mapping } : {};
  return { core: RENDERER_CORE_CONFIGS[name], blend, volume, superresolution, ...stored };
}

/** The same blending, volume and super-resolution as the generator's, which the renderer's start from. */
export const RENDERER_CONFIGS: Readonly<Record<ConfigName, RendererConfig>> = {
  released: assembled('released'),
  paper: assembled('paper'),
  'compact-gpu': assembled('compact-gpu'),
  'compact-cpu': assembled('compact-cpu'),
};
