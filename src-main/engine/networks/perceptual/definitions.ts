import type { AnyNetwork, NetworkDefinition } from '#engine/networks/networkDefinition';
import { anyNetwork } from '#engine/networks/networkDefinition';
import { perceptualDistance } from '#engine/networks/perceptual/perceptualDistance';
import type { VggConfig } from '#engine/networks/perceptual/vggFeatures';
import { VGG_CONFIGS, vggFeatures, vggSchema } from '#engine/networks/perceptual/vggFeatures';
import { configReader } from '#engine/networks/readConfig';

const definition: NetworkDefinition<VggConfig> = {
  name: 'perceptual',
  summary: 'how different two pictures look to VGG-16 (LPIPS)',
  source: 'spec 6.5, LPIPS (arXiv 1801.03924); `vgg16-*.pth` and its `vgg.pth`',
  configs: VGG_CONFIGS,
  readConfig: configReader(vggSchema, 'perceptual'),
  keyPrefix: '',
  inputs: ({ pictureSize }, batch) => ({
    picture: [batch, 3, pictureSize, pictureSize],
    other: [batch, 3, pictureSize, pictureSize],
  }),
  build: (scope, { picture, other }, config) => ({
    distance: perceptualDistance((seen) => vggFeatures(scope, seen, config), picture, other),
  }),
};

export const perceptualNetworks: readonly AnyNetwork[] = [anyNetwork(definition)];

/** The classifier of VGG's file, which nothing here needs. */
export const perceptualIgnoredKeys: readonly RegExp[] = [/^classifier\./];
