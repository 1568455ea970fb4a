import { silu } from '#engine/graph/functions/activation';
import { transpose } from '#engine/graph/ops/layout';
import { reshape } from '#engine/graph/ops/reshape';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { RendererCoreConfig } from '#engine/networks/renderer/rendererConfig';
import { borderConv, halve, normalise, residualBlock } from '#engine/networks/vae/vaeLayers';

/** Halvings of the planes: their codes have a quarter of their size. */
const STAGES = 2;

/**
 * A code of the blended planes: 3-D convolutions over rows, columns and the three planes, the VAE's encoder without a
 * distribution (spec 6.3, step 3).
 *
 * @param planes [batch, 3, channels, size, size]
 * @returns [batch, latent channels * 3, size / 4, size / 4]; the three planes' values of a channel lie together
 */
export function planesEncoder(
  scope: Scope,
  planes: Tensor,
  { hidden, latentChannels, groups }: RendererCoreConfig['planesEncoder'],
): Tensor {
  let x = borderConv(scope.child('conv_first'), transpose(planes, [0, 2, 1, 3, 4]), hidden, 3);
  for (let stage = 0; stage < STAGES; stage++) {
    const block = scope.child(`conv_blocks.${stage}`);
    x = halve(block.child('down'), x, hidden * 2 ** (stage + 1));
    x = residualBlock(block.child('res'), x, groups);
  }
  const activated = silu(normalise(scope.child('final_block.0'), x, groups));
  const codes = borderConv(scope.child('final_block.2'), activated, latentChannels, 3);
  const [batch, channels, count, rows, columns] = codes.shape;
  return reshape(codes, [batch, channels * count, rows, columns]);
}
