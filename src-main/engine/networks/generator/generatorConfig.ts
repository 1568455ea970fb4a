import { z } from 'zod';
import type { ConfigName } from '#engine/networks/networkDefinition';
import type { TriplaneContract } from '#engine/networks/triplaneContract';
import { TRIPLANE_CONTRACTS } from '#engine/networks/triplaneContract';
import { SUPERRESOLUTION_CONFIGS, superresolutionSchema } from '#engine/networks/superresolution/superresolutionConfig'; // prettier-ignore
import { VOLUME_CONFIGS, volumeSchema } from '#engine/networks/volume/volumeConfig';

export const mappingSchema = z.strictObject({
  /** Of z and of w. */
  latentSize: z.int().min(1),
  /** Length of the camera label; 0: w follows from z alone. */
  labelSize: z.int().min(0),
  layers: z.int().min(1),
  /** Copies of w that come out: one for each layer that takes one. */
  latentCount: z.int().min(1),
  /** `amount` 1 leaves w as it is, 0 makes all the average one; only the first `layers` copies are moved. */
  truncation: z.strictObject({ amount: z.number().min(0).max(1), layers: z.int().min(0) }),
});

export type MappingConfig = z.output<typeof mappingSchema>;

export const synthesisSchema = z.strictObject({
  latentSize: z.int().min(1),
  /** Cells along each side that the network starts from, doubled until `size` is reached: 4 or 6. */
  baseSize: z.int().min(1),
  size: z.int().min(1),
  /** Of what comes out. */
  channels: z.int().min(1),
  /** A resolution has channelBase / resolution features, at most channelMax. */
  channelBase: z.int().min(1),
  channelMax: z.int().min(1),
});

export type SynthesisConfig = z.output<typeof synthesisSchema>;

export const encoderSchema = z.strictObject({
  /** Features and the mask, joined. */
  inputChannels: z.int().min(1),
  inputSize: z.int().min(1),
  blocks: z
    .array(
      z.strictObject({
        inputs: z.int().min(1),
        outputs: z.int().min(1),
        /** 2 halves the size, smoothed. */
        down: z.union([z.literal(1), z.literal(2)]),
        /** How often the picture that the block adds is smaller than the encoder's input. */
        pictureScale: z.int().min(1),
      }),
    )
    .min(2),
});

export type EncoderConfig = z.output<typeof encoderSchema>;

const cells = z.tuple([z.int().min(0), z.int().min(1)]);

export const blendSchema = z.strictObject({
  planeChannels: z.int().min(1),
  planeSize: z.int().min(1),
  latentSize: z.int().min(1),
  latentCount: z.int().min(1),
  /** Along each side of the raster of the neural texture. */
  uvSize: z.int().min(1),
  /** First row or column of plane 0 that the raster covers, and the one after the last. */
  faceRows: cells,
  faceColumns: cells,
  /** First row of the raster in which a hole of the mouth counts as covered for the conditions. */
  upperMouthRow: z.int().min(0),
  encoder: encoderSchema,
  face: synthesisSchema,
});

/** Posing the texture and blending it into plane 0: what is done for each frame before rendering. */
export type BlendConfig = z.output<typeof blendSchema>;

export const generatorSchema = z.strictObject({
  mapping: mappingSchema,
  /**
   * `shared`: there is one mapping network, `backbone.mapping`. `stored`: the texture and face branches keep one each
   * as well, which nothing uses; published files hold them.
   */
  mappings: z.enum(['shared', 'stored']),
  texture: synthesisSchema,
  static: synthesisSchema,
  blend: blendSchema,
  volume: volumeSchema,
  superresolution: superresolutionSchema,
});

export type GeneratorConfig = z.output<typeof generatorSchema>;

interface Widths {
  readonly baseSize: number;
  readonly channelBase: number;
  readonly channelMax: number;
  readonly truncation: MappingConfig['truncation'];
  readonly mappings: GeneratorConfig['mappings'];
  /** [inputs, outputs, down, pictureScale] */
  readonly encoder: readonly (readonly [number, number, 1 | 2, number])[];
}

const published: Widths = {
  baseSize: 4,
  channelBase: 32768,
  channelMax: 512,
  truncation: { amount: 0.7, layers: 14 },
  mappings: 'stored',
  encoder: [
    [64, 128, 1, 1],
    [128, 256, 2, 1],
    [256, 512, 2, 2],
    [512, 512, 2, 4],
    [512, 32, 1, 8],
  ],
};

/**
 * The compact encoders are wider than in spec 10.3: where conditions replace features of the face branch they must
 * have as many channels as it has there, and the spec's have fewer.
 */
const WIDTHS: Readonly<Record<ConfigName, Widths>> = {
  released: published,
  paper: { ...published, mappings: 'shared' },
  'compact-gpu': {
    baseSize: 4,
    channelBase: 8192,
    channelMax: 192,
    truncation: { amount: 0.7, layers: 12 },
    mappings: 'shared',
    encoder: [
      [32, 48, 1, 1],
      [48, 128, 2, 1],
      [128, 192, 2, 2],
      [192, 16, 1, 4],
    ],
  },
  // From 6 x 6 to planes of 96; 32 features at 96 and 64 below, as spec 10.3 has at 64.
  'compact-cpu': {
    baseSize: 6,
    channelBase: 3072,
    channelMax: 64,
    truncation: { amount: 0.7, layers: 10 },
    mappings: 'shared',
    encoder: [
      [16, 24, 1, 1],
      [24, 64, 2, 1],
      [64, 8, 1, 2],
    ],
  },
};

function fitSynthesis(
  contract: TriplaneContract,
  widths: Widths,
  size: number,
  planes: number,
): SynthesisConfig {
  const { latentSize, planeChannels } = contract;
  const { baseSize, channelBase, channelMax } = widths;
  return { latentSize, baseSize, size, channels: planes * planeChannels, channelBase, channelMax };
}

function fitEncoder({ uvSize, planeChannels }: TriplaneContract, { encoder }: Widths): EncoderConfig {
  const blocks = encoder.map(([inputs, outputs, down, pictureScale]) => ({
    inputs,
    outputs,
    down,
    pictureScale,
  }));
  return { inputChannels: planeChannels + 1, inputSize: uvSize, blocks };
}

function fitBlend(contract: TriplaneContract, widths: Widths): BlendConfig {
  const { planeChannels, planeSize, latentSize, latentCount, uvSize, upperMouthRow } = contract;
  const [faceRows, faceColumns] = [contract.faceRows, contract.faceColumns].map(([first, end]): [number, number] => [first, end]); // prettier-ignore
  const sizes = { planeChannels, planeSize, latentSize, latentCount, uvSize, upperMouthRow };
  const face = fitSynthesis(contract, widths, uvSize, 1);
  return { ...sizes, faceRows, faceColumns, encoder: fitEncoder(contract, widths), face };
}

function fitted(name: ConfigName): GeneratorConfig {
  const [contract, widths] = [TRIPLANE_CONTRACTS[name], WIDTHS[name]];
  const { latentSize, latentCount, planeSize } = contract;
  return {
    mapping: { latentSize, labelSize: 25, layers: 2, latentCount, truncation: widths.truncation },
    mappings: widths.mappings,
    texture: fitSynthesis(contract, widths, planeSize, 1),
    static: fitSynthesis(contract, widths, planeSize, 3),
    blend: fitBlend(contract, widths),
    volume: VOLUME_CONFIGS[name],
    superresolution: SUPERRESOLUTION_CONFIGS[name],
  };
}

/** Spec 2 and 10.3. */
export const GENERATOR_CONFIGS: Readonly<Record<ConfigName, GeneratorConfig>> = {
  released: fitted('released'),
  paper: fitted('paper'),
  'compact-gpu': fitted('compact-gpu'),
  'compact-cpu': fitted('compact-cpu'),
};

/** The config a generator is trained with: truncation is for whoever looks at it afterwards. */
export function untruncated(config: GeneratorConfig): GeneratorConfig {
  return { ...config, mapping: { ...config.mapping, truncation: { amount: 1, layers: 0 } } };
}

/** Of one family of sub-configs: `configsOf((config) => config.mapping)`. */
export function configsOf<Part>(part: (config: GeneratorConfig) => Part): Readonly<Record<ConfigName, Part>> {
  const { released, paper, 'compact-gpu': gpu, 'compact-cpu': cpu } = GENERATOR_CONFIGS;
  return { released: part(released), paper: part(paper), 'compact-gpu': part(gpu), 'compact-cpu': part(cpu) };
}
