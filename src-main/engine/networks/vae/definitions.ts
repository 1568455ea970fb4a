import type { Shape } from '#engine/graph/tensor';
import type { AnyNetwork, NetworkDefinition } from '#engine/networks/networkDefinition';
import { anyNetwork } from '#engine/networks/networkDefinition';
import { configReader } from '#engine/networks/readConfig';
import { samplePosterior } from '#engine/networks/vae/posterior';
import { denormaliseTriplane, normaliseTriplane, triplaneStatistics } from '#engine/networks/vae/triplaneStatistics'; // prettier-ignore
import { decodeLatent, encodeTriplane } from '#engine/networks/vae/vae';
import type { VaeConfig } from '#engine/networks/vae/vaeConfig';
import { latentSize, VAE_CONFIGS, vaeSchema } from '#engine/networks/vae/vaeConfig';

type VaeDefinition = NetworkDefinition<VaeConfig>;

const shared = {
  source: 'spec 4, supplement D.3; `checkpoint-VAE/pytorch_model.bin`',
  configs: VAE_CONFIGS,
  keyPrefix: '',
};

const statistics = { ...shared, source: 'spec 4.3; `final_mean.pt` and `final_std.pt`' };

/** As the VAE takes it. */
function triplaneShape({ planes, planeChannels, planeSize }: VaeConfig, batch: number): Shape {
  return [batch, planeChannels, planes, planeSize, planeSize];
}

/** As networks exchange it. */
function parametricShape({ planes, planeChannels, planeSize }: VaeConfig, batch: number): Shape {
  return [batch, planes, planeChannels, planeSize, planeSize];
}

function latentShape(config: VaeConfig, batch: number): Shape {
  const size = latentSize(config);
  return [batch, config.latentChannels, config.planes, size, size];
}

const vae: VaeDefinition = {
  ...shared,
  name: 'vae',
  summary: 'normalised triplane to latent and back',
  readConfig: configReader(vaeSchema, 'vae'),
  inputs: (config, batch) => ({
    triplane: triplaneShape(config, batch),
    noise: latentShape(config, batch),
  }),
  build: (scope, { triplane, noise }, config) => {
    const { mean, logVariance } = encodeTriplane(scope, triplane, config);
    const latent = samplePosterior({ mean, logVariance }, noise);
    return { reconstruction: decodeLatent(scope, latent, config), latent, mean, logVariance };
  },
};

const encoder: VaeDefinition = {
  ...shared,
  name: 'vae.encoder',
  summary: 'normalised triplane to the distribution of its latent',
  readConfig: configReader(vaeSchema, 'vae.encoder'),
  inputs: (config, batch) => ({ triplane: triplaneShape(config, batch) }),
  build: (scope, { triplane }, config) => ({ ...encodeTriplane(scope, triplane, config) }),
};

const decoder: VaeDefinition = {
  ...shared,
  name: 'vae.decoder',
  summary: 'latent to normalised triplane',
  readConfig: configReader(vaeSchema, 'vae.decoder'),
  inputs: (config, batch) => ({ latent: latentShape(config, batch) }),
  build: (scope, { latent }, config) => ({ triplane: decodeLatent(scope, latent, config) }),
};

const normalisation: VaeDefinition = {
  ...statistics,
  name: 'vae.normalisation',
  summary: "triplane, normalised by its planes' statistics, in the VAE's layout",
  readConfig: configReader(vaeSchema, 'vae.normalisation'),
  inputs: (config, batch) => ({ triplane: parametricShape(config, batch) }),
  build: (scope, { triplane }, { planes }) => ({
    normalised: normaliseTriplane(triplane, triplaneStatistics(scope, planes)),
  }),
};

const denormalisation: VaeDefinition = {
  ...statistics,
  name: 'vae.denormalisation',
  summary: "the VAE's triplane as the renderer takes it",
  readConfig: configReader(vaeSchema, 'vae.denormalisation'),
  inputs: (config, batch) => ({ normalised: triplaneShape(config, batch) }),
  build: (scope, { normalised }, { planes }) => ({
    triplane: denormaliseTriplane(normalised, triplaneStatistics(scope, planes)),
  }),
};

/**
 * Keys of the published file that say nothing new: each convolution with repeated borders is stored with its weight a
 * second time, one level up (`encoder.conv_first.weight` is `encoder.conv_first.conv.weight`).
 */
export const vaeIgnoredKeys: readonly RegExp[] = [
  /^(encoder|decoder)\.(conv_first|conv_out|final_block\.2|conv_blocks\.\d+\.(down|res\d?\.conv[12]))\.weight$/,
  /^(post_)?quant_conv\.weight$/,
];

export const vaeNetworks: readonly AnyNetwork[] = [vae, encoder, decoder, normalisation, denormalisation].map(
  anyNetwork,
);
