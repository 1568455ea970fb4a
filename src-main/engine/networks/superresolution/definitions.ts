import type { AnyNetwork, NetworkDefinition } from '#engine/networks/networkDefinition';
import { anyNetwork } from '#engine/networks/networkDefinition';
import { configReader } from '#engine/networks/readConfig';
import { superresolution } from '#engine/networks/superresolution/superresolution';
import type { SuperresolutionConfig } from '#engine/networks/superresolution/superresolutionConfig';
import { SUPERRESOLUTION_CONFIGS, superresolutionSchema } from '#engine/networks/superresolution/superresolutionConfig'; // prettier-ignore

const definition: NetworkDefinition<SuperresolutionConfig> = {
  name: 'superresolution',
  summary: 'from the rendered features to the finished picture',
  source: 'spec 2.6, EG3D section 4.3; `superresolution.*` of the generators and of the renderer',
  configs: SUPERRESOLUTION_CONFIGS,
  readConfig: configReader(superresolutionSchema, 'superresolution'),
  keyPrefix: 'superresolution',
  inputs: ({ featureChannels, latentSize, renderSize }, batch) => ({
    rgb: [batch, 3, renderSize, renderSize],
    features: [batch, featureChannels, renderSize, renderSize],
    ws: [batch, 1, latentSize],
  }),
  build: (scope, { rgb, features, ws }, config) => ({
    image: superresolution(scope, { rgb, features, ws }, config),
  }),
};

export const superresolutionNetworks: readonly AnyNetwork[] = [anyNetwork(definition)];
