import { silu } from '#engine/graph/functions/activation';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { Posterior } from '#engine/networks/vae/posterior';
import { splitPosterior } from '#engine/networks/vae/posterior';
import type { VaeConfig } from '#engine/networks/vae/vaeConfig';
import { borderConv, double, halve, normalise, residualBlock } from '#engine/networks/vae/vaeLayers';

/**
 * Triplane to the distribution of its latent (spec 4.1).
 *
 * @param triplane [batch, channels, planes, P, P], normalised (`triplaneStatistics.ts`)
 * @returns of [batch, latent channels, planes, P / 2^stages, P / 2^stages]
 */
export function encodeTriplane(scope: Scope, triplane: Tensor, config: VaeConfig): Posterior {
  const { hidden, stages, latentChannels, groups } = config;
  const encoder = scope.child('encoder');
  let x = borderConv(encoder.child('conv_first'), triplane, hidden, 3);
  for (let stage = 0; stage < stages; stage++) {
    const block = encoder.child(`conv_blocks.${stage}`);
    x = halve(block.child('down'), x, hidden * 2 ** (stage + 1));
    x = residualBlock(block.child('res'), x, groups);
  }
  const activated = silu(normalise(encoder.child('final_block.0'), x, groups));
  const moments = borderConv(encoder.child('final_block.2'), activated, 2 * latentChannels, 3);
  return splitPosterior(borderConv(scope.child('quant_conv'), moments, 2 * latentChannels, 1));
}

/**
 * Latent to triplane, still normalised; widths run back from the widest.
 *
 * @param latent [batch, latent channels, planes, p, p], not scaled
 * @returns [batch, channels, planes, p * 2^stages, p * 2^stages]
 */
export function decodeLatent(scope: Scope, latent: Tensor, config: VaeConfig): Tensor {
  const { planeChannels, hidden, stages, latentChannels, groups } = config;
  const decoder = scope.child('decoder');
  let x = borderConv(scope.child('post_quant_conv'), latent, latentChannels, 1);
  for (let stage = 0; stage < stages; stage++) {
    const block = decoder.child(`conv_blocks.${stage}`);
    x = double(block.child('up'), x, hidden * 2 ** (stages - stage));
    x = residualBlock(block.child('res1'), x, groups);
    x = residualBlock(block.child('res2'), x, groups);
  }
  return borderConv(decoder.child('conv_out'), x, planeChannels, 3);
}
