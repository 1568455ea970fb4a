import type { Shape } from '#engine/graph/tensor';
import type { AnyNetwork, NetworkDefinition } from '#engine/networks/networkDefinition';
import { anyNetwork } from '#engine/networks/networkDefinition';
import { configReader } from '#engine/networks/readConfig';
import { ditBlock } from '#engine/networks/dit/block';
import { conditionTokens, denoiser } from '#engine/networks/dit/dit';
import type { ConditionConfig, DitConfig } from '#engine/networks/dit/ditConfig';
import { DIT_CONFIGS, ditSchema, tokenGrid } from '#engine/networks/dit/ditConfig';
import { resampler } from '#engine/networks/dit/resampler';

type DitDefinition = NetworkDefinition<DitConfig>;

const shared = {
  source: 'spec 5, supplement D.4; `state_dict_ema` of `DiT.pth`',
  configs: DIT_CONFIGS,
  keyPrefix: '',
};

function noisyShapes({ latentChannels, planes, planeSize }: DitConfig, batch: number): Record<string, Shape> {
  return { latent: [batch, latentChannels, planes * planeSize, planeSize], timestep: [batch] };
}

function featureShape({ features, featureSize }: ConditionConfig, batch: number): Shape {
  return [batch, features, featureSize];
}

function featureShapes({ dino, clip }: DitConfig, batch: number): Record<string, Shape> {
  return { dinoFeatures: featureShape(dino, batch), clipFeatures: featureShape(clip, batch) };
}

function tokenShapes({ dino, clip, width }: DitConfig, batch: number): Record<string, Shape> {
  return { imageTokens: [batch, dino.tokens, width], crossTokens: [batch, clip.tokens, width] };
}

const dit: DitDefinition = {
  ...shared,
  name: 'dit',
  summary: 'noise in a latent triplane, given what image encoders say of the portrait',
  readConfig: configReader(ditSchema, 'dit'),
  inputs: (config, batch) => ({ ...noisyShapes(config, batch), ...featureShapes(config, batch) }),
  build: (scope, { latent, timestep, dinoFeatures, clipFeatures }, config) => {
    const tokens = conditionTokens(scope, { dinoFeatures, clipFeatures }, config);
    return { prediction: denoiser(scope, { latent, timestep, ...tokens }, config) };
  },
};

const denoiserDefinition: DitDefinition = {
  ...shared,
  name: 'dit.denoiser',
  summary: 'noise in a latent triplane, given the tokens of dit.resampler: what each step of sampling runs',
  readConfig: configReader(ditSchema, 'dit.denoiser'),
  inputs: (config, batch) => ({ ...noisyShapes(config, batch), ...tokenShapes(config, batch) }),
  build: (scope, { latent, timestep, imageTokens, crossTokens }, config) => ({
    prediction: denoiser(scope, { latent, timestep, imageTokens, crossTokens }, config),
  }),
};

const resamplers: DitDefinition = {
  ...shared,
  name: 'dit.resampler',
  summary: "image encoders' features to the tokens the denoiser takes: what sampling runs once",
  readConfig: configReader(ditSchema, 'dit.resampler'),
  inputs: featureShapes,
  build: (scope, { dinoFeatures, clipFeatures }, config) => ({
    ...conditionTokens(scope, { dinoFeatures, clipFeatures }, config),
  }),
};

const dinoResampler: DitDefinition = {
  ...shared,
  name: 'dit.resampler.dino',
  summary: "DINOv2's features to image tokens",
  keyPrefix: 'dino_embedder',
  readConfig: configReader(ditSchema, 'dit.resampler.dino'),
  inputs: ({ dino }, batch) => ({ dinoFeatures: featureShape(dino, batch) }),
  build: (scope, { dinoFeatures }, config) => ({
    imageTokens: resampler(scope, dinoFeatures, config.dino, config),
  }),
};

const clipResampler: DitDefinition = {
  ...shared,
  name: 'dit.resampler.clip',
  summary: "CLIP's features to cross tokens",
  keyPrefix: 'y_embedder',
  readConfig: configReader(ditSchema, 'dit.resampler.clip'),
  inputs: ({ clip }, batch) => ({ clipFeatures: featureShape(clip, batch) }),
  build: (scope, { clipFeatures }, config) => ({
    crossTokens: resampler(scope, clipFeatures, config.clip, config),
  }),
};

const block: DitDefinition = {
  ...shared,
  name: 'dit.block',
  summary: 'the first block of the transformer; modulation is what t_block makes of the time',
  keyPrefix: 'blocks.0',
  readConfig: configReader(ditSchema, 'dit.block'),
  inputs: (config, batch) => {
    const { rows, columns } = tokenGrid(config);
    return {
      tokens: [batch, rows * columns, config.width],
      modulation: [batch, 6, config.width],
      ...tokenShapes(config, batch),
    };
  },
  build: (scope, { tokens, modulation, imageTokens, crossTokens }, config) => ({
    updated: ditBlock(scope, tokens, { modulation, imageTokens, crossTokens }, config),
  }),
};

/** Keys of the published file that are no weights: positions are computed, and differ between configs. */
export const ditIgnoredKeys: readonly RegExp[] = [/^pos_embed$/];

export const ditNetworks: readonly AnyNetwork[] = [
  dit,
  denoiserDefinition,
  resamplers,
  dinoResampler,
  clipResampler,
  block,
].map(anyNetwork);
