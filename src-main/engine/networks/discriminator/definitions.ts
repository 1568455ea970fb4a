import type { AnyNetwork, NetworkDefinition } from '#engine/networks/networkDefinition';
import { anyNetwork } from '#engine/networks/networkDefinition';
import { configReader } from '#engine/networks/readConfig';
import { discriminator } from '#engine/networks/discriminator/discriminator';
import type { DiscriminatorConfig } from '#engine/networks/discriminator/discriminatorConfig';
import { DISCRIMINATOR_CONFIGS, discriminatorSchema } from '#engine/networks/discriminator/discriminatorConfig'; // prettier-ignore

const definition: NetworkDefinition<DiscriminatorConfig> = {
  name: 'discriminator',
  summary: 'tells real pairs of finished and raw pictures from made ones',
  source: "spec 2.6, EG3D section 4.4; `D` of the generators' pickles",
  configs: DISCRIMINATOR_CONFIGS,
  readConfig: configReader(discriminatorSchema, 'discriminator'),
  keyPrefix: '',
  inputs: ({ imageSize, renderSize, pictures, labelSize }, batch) => ({
    image: [batch, 3, imageSize, imageSize],
    ...(pictures === 'dual' && { raw: [batch, 3, renderSize, renderSize] }),
    ...(labelSize > 0 && { label: [batch, labelSize] }),
  }),
  build: (scope, inputs, config) => ({
    score: discriminator(scope, { image: inputs['image'], raw: inputs['raw'], label: inputs['label'] }, config).score, // prettier-ignore
  }),
};

export const discriminatorNetworks: readonly AnyNetwork[] = [anyNetwork(definition)];
