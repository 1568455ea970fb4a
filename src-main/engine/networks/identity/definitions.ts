import { identityEmbedding } from '#engine/networks/identity/identity';
import type { IdentityConfig } from '#engine/networks/identity/identityConfig';
import { IDENTITY_CONFIGS, identitySchema } from '#engine/networks/identity/identityConfig';
import type { AnyNetwork, NetworkDefinition } from '#engine/networks/networkDefinition';
import { anyNetwork } from '#engine/networks/networkDefinition';
import { configReader } from '#engine/networks/readConfig';

const definition: NetworkDefinition<IdentityConfig> = {
  name: 'identity',
  summary: 'a unit vector that says whom a picture shows',
  source: 'spec 6.5 and 10.7, ArcFace (arXiv 1801.07698); `model_ir_se50.pth`',
  configs: IDENTITY_CONFIGS,
  readConfig: configReader(identitySchema, 'identity'),
  keyPrefix: '',
  inputs: ({ pictureSize }, batch) => ({ picture: [batch, 3, pictureSize, pictureSize] }),
  build: (scope, { picture }, config) => ({ identity: identityEmbedding(scope, picture, config) }),
};

export const identityNetworks: readonly AnyNetwork[] = [anyNetwork(definition)];

/** Counters of batch normalisation that say nothing for evaluation. */
export const identityIgnoredKeys: readonly RegExp[] = [/\.num_batches_tracked$/];
