import { add, mul } from '#engine/graph/ops/arithmetic';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { rootMeanSquareNorm } from '#engine/graph/functions/normalization';
import { upsampleFir } from '#engine/graph/functions/upfirdn';
import type { Scope } from '#engine/graph/parameters';
import { normal } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { equalizedLinear, resampleFilter, styledConv, toRgb } from '#engine/networks/layers/equalized';
import type { GanSettings } from '#engine/examples/gan/settings';

/**
 * StyleGAN2's generator with skip connections (its figure 7): a mapping network, then blocks of modulated
 * convolutions that double the size. Without per-pixel noise: the drawn pictures have no texture to explain.
 *
 * @param z [batch, latent], normal
 * @returns [batch, 3, size, size], about -1 to 1
 */
export function generator(scope: Scope, z: Tensor, { size, channels, latent }: GanSettings): Tensor {
  let w = rootMeanSquareNorm(z);
  for (const layer of ['mapping.fc0', 'mapping.fc1']) {
    w = equalizedLinear(scope.child(layer), w, latent, { activation: 'lrelu', rateScale: 0.01 });
  }
  const start = scope.parameter('synthesis.b4.const', [1, channels, 4, 4], normal());
  let x = broadcastTo(start, [z.shape[0], channels, 4, 4]);
  let picture: Tensor | undefined;
  for (let side = 4; side <= size; side *= 2) {
    const block = scope.child(`synthesis.b${side}`);
    if (side > 4) x = styledConv(block.child('conv0'), x, w, channels, { up: 2 });
    x = styledConv(block.child('conv1'), x, w, channels);
    const own = toRgb(block.child('torgb'), x, w, 3);
    picture = picture === undefined ? own : add(upsampleFir(picture, resampleFilter(block)), own);
  }
  return mul(picture!, 0.5);
}
