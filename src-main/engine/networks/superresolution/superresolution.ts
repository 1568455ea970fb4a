import { resizeBilinear } from '#engine/graph/functions/resize';
import { upsampleFir } from '#engine/graph/functions/upfirdn';
import { add } from '#engine/graph/ops/arithmetic';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { slice } from '#engine/graph/ops/layout';
import { reshape } from '#engine/graph/ops/reshape';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { resampleFilter, styledConv, toRgb } from '#engine/networks/layers/equalized';
import type { SuperresolutionConfig } from '#engine/networks/superresolution/superresolutionConfig';

export interface SuperresolutionInputs {
  /** The raw picture, [batch, 3, renderSize, renderSize], -1 to 1. */
  readonly rgb: Tensor;
  /** Rendered features, [batch, featureChannels, renderSize, renderSize]. */
  readonly features: Tensor;
  /** [batch or 1, any number, latentSize]: only the last is used. */
  readonly ws: Tensor;
}

/**
 * From the raw picture and the features behind it to the finished one (EG3D section 4.3; spec 2.6): StyleGAN2 blocks
 * styled by the last w, each of which doubles the size and adds what it knows to the smoothed picture. Without noise:
 * it would stay on the screen while the head moves. Published under `superresolution.block{0,1}`.
 *
 * @returns [batch, 3, imageSize, imageSize], about -1 to 1
 */
export function superresolution(
  scope: Scope,
  { rgb, features, ws }: SuperresolutionInputs,
  { inputSize, blocks }: SuperresolutionConfig,
): Tensor {
  const w = lastStyle(ws, rgb.shape[0]);
  let picture = resizeBilinear(rgb, inputSize, inputSize, { isAntialiased: true });
  let x = resizeBilinear(features, inputSize, inputSize, { isAntialiased: true });
  blocks.forEach((channels, index) => {
    const block = scope.child(`block${index}`);
    x = styledConv(block.child('conv0'), x, w, channels, { up: 2, noise: 'none' });
    x = styledConv(block.child('conv1'), x, w, channels, { noise: 'none' });
    const smoothed = upsampleFir(picture, resampleFilter(block));
    picture = add(smoothed, toRgb(block.child('torgb'), x, w, 3));
  });
  return picture;
}

/** [batch or 1, count, size] -> [batch, size]: what all layers here are styled with. */
function lastStyle(ws: Tensor, batch: number): Tensor {
  const last = reshape(slice(ws, { 1: [-1, undefined] }), [ws.shape[0], ws.shape[2]]);
  return broadcastTo(last, [batch, ws.shape[2]]);
}
