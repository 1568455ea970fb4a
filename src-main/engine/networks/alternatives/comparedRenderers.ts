import { z } from 'zod';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { ConfigName } from '#engine/networks/networkDefinition';
import { canonicalEncoder } from '#engine/networks/renderer/canonicalEncoder';
import { planesDecoder } from '#engine/networks/renderer/planesDecoder';
import type { FrameInputs, RendererOutputs, SourceInputs } from '#engine/networks/renderer/renderer';
import { portraitFeatures, renderer } from '#engine/networks/renderer/renderer';
import type { RendererConfig, RendererCoreConfig } from '#engine/networks/renderer/rendererConfig';
import {
  RENDERER_CONFIGS,
  rendererCoreSchema,
  rendererSchema,
} from '#engine/networks/renderer/rendererConfig';

// The two feed-forward designs that the supplement compares with DiT and renderer in section C.

function forAll<Config>(config: (released: RendererConfig) => Config): Readonly<Record<ConfigName, Config>> {
  return {
    released: config(RENDERER_CONFIGS.released),
    paper: config(RENDERER_CONFIGS.paper),
    'compact-gpu': config(RENDERER_CONFIGS['compact-gpu']),
    'compact-cpu': config(RENDERER_CONFIGS['compact-cpu']),
  };
}

/** Without the mapping network that only the published file holds. */
function withoutMapping({ core, blend, volume, superresolution }: RendererConfig): RendererConfig {
  return { core, blend, volume, superresolution };
}

/**
 * Model A, as Portrait4D: planes straight from the portrait, all motion through cross-attention, no parametric triplane.
 * It keeps identity well and struggles with motion across domains (supplement C).
 */
export const MODEL_A_CONFIGS = forAll((config): RendererConfig => ({
  ...withoutMapping(config),
  core: { ...config.core, usesPlanes: false },
}));

export const modelBSchema = z.strictObject({
  /** From the portrait to a parametric triplane. */
  predictor: rendererCoreSchema,
  /** From there to frames. */
  renderer: rendererSchema,
});

export type ModelBConfig = z.output<typeof modelBSchema>;

/**
 * Model B: an encoder and decoder give the parametric triplane in one pass, a driving mesh poses it, and a transformer
 * refines the result; nothing looks at motion codes. It moves well and loses identity (supplement C).
 */
export const MODEL_B_CONFIGS = forAll((config): ModelBConfig => {
  const canonical = { ...config.core.canonical, looksAtMotion: false };
  return {
    predictor: { ...config.core, canonical, usesPlanes: false },
    renderer: { ...withoutMapping(config), core: { ...config.core, canonical } },
  };
});

/**
 * The parametric triplane of a portrait by feed-forward networks: what diffusion does in AvatarArtist.
 *
 * @param source [batch, 3, sourceSize, sourceSize], -1 to 1
 * @returns [batch, 4, planeChannels, planeSize, planeSize]
 */
export function predictTriplane(scope: Scope, source: Tensor, config: RendererCoreConfig): Tensor {
  const { planeChannels, enlargesByCorners } = config;
  const { global, detail } = portraitFeatures(scope, source, config);
  const options = { ...config.canonical, enlargesByCorners };
  const canonical = canonicalEncoder(scope.child('encoder_canonical'), { global }, options);
  const planes = { count: 4, channels: planeChannels };
  return planesDecoder(scope.child('generator_triplane'), { canonical, detail }, planes, config.decoder);
}

/** Model B from portrait, mesh and camera to a frame. */
export function modelB(
  scope: Scope,
  inputs: Omit<SourceInputs & FrameInputs, 'triplane'>,
  config: ModelBConfig,
): RendererOutputs & { readonly triplane: Tensor } {
  const triplane = predictTriplane(scope.child('predictor'), inputs.source, config.predictor);
  return { ...renderer(scope, { ...inputs, triplane }, config.renderer), triplane };
}
