import { z } from 'zod';
import type { ConfigName } from '#engine/networks/networkDefinition';
import { CONFIG_NAMES } from '#engine/networks/networkDefinition';
import type { SynthesisConfig } from '#engine/networks/generator/generatorConfig';
import {
  GENERATOR_CONFIGS,
  mappingSchema,
  synthesisSchema,
} from '#engine/networks/generator/generatorConfig';
import { superresolutionSchema } from '#engine/networks/superresolution/superresolutionConfig';
import { volumeSchema } from '#engine/networks/volume/volumeConfig';

export const pictureUnetSchema = z.strictObject({
  inputChannels: z.int().min(1),
  /** Cells along each side of what comes in, and of the smallest that it is encoded to. */
  inputSize: z.int().min(1),
  bottomSize: z.int().min(1),
  synthesis: synthesisSchema,
});

export type PictureUnetConfig = z.output<typeof pictureUnetSchema>;

export const next3dSchema = z.strictObject({
  /** Gives styles for both branches: the first half for the static planes, the other for the texture. */
  mapping: mappingSchema,
  texture: synthesisSchema,
  static: synthesisSchema,
  /** Paints the inside of the mouth. */
  mouth: pictureUnetSchema,
  /** Refines the posed front. */
  blending: pictureUnetSchema,
  volume: volumeSchema,
  superresolution: superresolutionSchema,
});

export type Next3dConfig = z.output<typeof next3dSchema>;

/** Sizes of what the two U-shaped networks take in, and how far they encode it. */
const SIZES: Readonly<Record<ConfigName, Readonly<Record<'mouth' | 'blending', readonly [number, number]>>>> =
  {
    released: { mouth: [64, 4], blending: [256, 32] },
    paper: { mouth: [64, 4], blending: [256, 32] },
    'compact-gpu': { mouth: [32, 4], blending: [128, 32] },
    'compact-cpu': { mouth: [24, 6], blending: [96, 24] },
  };

function fitted(name: ConfigName): Next3dConfig {
  const { mapping, texture, static: statics, volume, superresolution } = GENERATOR_CONFIGS[name];
  const unet = (
    [inputSize, bottomSize]: readonly [number, number],
    synthesis: SynthesisConfig,
  ): PictureUnetConfig => ({
    inputChannels: synthesis.channels,
    inputSize,
    bottomSize,
    synthesis,
  });
  return {
    mapping: { ...mapping, latentCount: 2 * mapping.latentCount },
    texture,
    static: statics,
    mouth: unet(SIZES[name].mouth, texture),
    blending: unet(SIZES[name].blending, texture),
    // Its planes have axes of their own, and its rays go through the middles of pixels.
    volume: { ...volume, planeAxes: 'distinct', rayAnchor: 'centre' },
    superresolution,
  };
}

/** Spec 2.3, and the same at the compact widths. */
export const NEXT3D_CONFIGS = Object.fromEntries(
  CONFIG_NAMES.map((name) => [name, fitted(name)]),
) as Readonly<Record<ConfigName, Next3dConfig>>;
