import type { AnyNetwork, NetworkDefinition } from '#engine/networks/networkDefinition';
import { anyNetwork } from '#engine/networks/networkDefinition';
import { configReader } from '#engine/networks/readConfig';
import { clipFeatures } from '#engine/networks/encoders/clip';
import { compactFeatures } from '#engine/networks/encoders/compactEncoder';
import { dinoFeatures } from '#engine/networks/encoders/dino';
import type { ClipConfig, CompactEncoderConfig, DinoConfig } from '#engine/networks/encoders/encoderConfigs';
import {
  CLIP_CONFIGS,
  clipSchema,
  COMPACT_ENCODER_CONFIGS,
  compactEncoderSchema,
  DINO_CONFIGS,
  dinoSchema,
} from '#engine/networks/encoders/encoderConfigs';

// Outputs are named as the transformer's inputs are.

function picture({ pictureSize }: { readonly pictureSize: number }, batch: number) {
  return { picture: [batch, 3, pictureSize, pictureSize] };
}

const dino: NetworkDefinition<DinoConfig> = {
  name: 'encoders.dino',
  summary: 'what a portrait looks like, place by place: DINOv2',
  source: 'spec 5.4, Oquab et al. 2023; `dinov2-base`, at compact-gpu `dinov2-small`',
  configs: DINO_CONFIGS,
  readConfig: configReader(dinoSchema, 'encoders.dino'),
  keyPrefix: '',
  inputs: picture,
  build: (scope, inputs, config) => ({ dinoFeatures: dinoFeatures(scope, inputs['picture'], config) }),
};

const clip: NetworkDefinition<ClipConfig> = {
  name: 'encoders.clip',
  summary: 'what a portrait is of: the vision tower of CLIP ViT-H/14',
  source: 'spec 5.4, Radford et al. 2021; `image_encoder/pytorch_model.bin`',
  configs: CLIP_CONFIGS,
  readConfig: configReader(clipSchema, 'encoders.clip'),
  keyPrefix: '',
  inputs: picture,
  build: (scope, inputs, config) => {
    const { features, embedding } = clipFeatures(scope, inputs['picture'], config);
    return { clipFeatures: features, embedding };
  },
};

const compact: NetworkDefinition<CompactEncoderConfig> = {
  name: 'encoders.compact',
  summary: 'both kinds of features from one small convolutional network of ours',
  source: 'spec 10.5 and 10.7; nothing was published',
  configs: COMPACT_ENCODER_CONFIGS,
  readConfig: configReader(compactEncoderSchema, 'encoders.compact'),
  keyPrefix: '',
  inputs: picture,
  build: (scope, inputs, config) => {
    const { fine, coarse } = compactFeatures(scope, inputs['picture'], config);
    return { dinoFeatures: fine, clipFeatures: coarse };
  },
};

/** Keys of the published files that a forward pass has no use for: what hides patches in training, counted places. */
export const encoderIgnoredKeys: readonly RegExp[] = [
  /^embeddings\.mask_token$/,
  /^vision_model\.embeddings\.position_ids$/,
];

export const encoderNetworks: readonly AnyNetwork[] = [anyNetwork(dino), anyNetwork(clip), anyNetwork(compact)]; // prettier-ignore
