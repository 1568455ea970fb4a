import { resizeBilinear } from '#engine/graph/functions/resize';
import { add } from '#engine/graph/ops/arithmetic';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { equalizedConv } from '#engine/networks/layers/equalized';
import type { EncoderConfig } from '#engine/networks/generator/generatorConfig';

/**
 * Features of the posed texture at several resolutions, which the face branch is conditioned on (spec 2.5): each
 * block adds the shrunken input to what it has, then two convolutions. Keys `encoder.{k}.{fromrgb,conv1,conv2}.*`.
 *
 * @param raster [batch, inputChannels, inputSize, inputSize]: features and the mask
 * @returns what the blocks give, coarsest first: the first is a picture, the others are features. At released size
 *   [32 x 32², 512 x 32², 512 x 64², 256 x 128², 128 x 256²]
 */
export function triplaneEncoder(scope: Scope, raster: Tensor, { blocks }: EncoderConfig): readonly Tensor[] {
  const size = raster.shape[2];
  const outputs: Tensor[] = [];
  blocks.forEach(({ inputs, outputs: width, down, pictureScale }, index) => {
    const block = scope.child(`encoder.${index}`);
    const small = shrink(raster, size / pictureScale);
    const own = equalizedConv(block.child('fromrgb'), small, inputs, { kernel: 1, hasBias: false });
    const before = index === 0 ? own : add(outputs[index - 1], own);
    const x = equalizedConv(block.child('conv1'), before, inputs, { activation: 'lrelu' });
    outputs.push(equalizedConv(block.child('conv2'), x, width, { activation: 'lrelu', down }));
  });
  return outputs.reverse();
}

/** Bilinear, smoothed where it shrinks. */
export function shrink(x: Tensor, size: number): Tensor {
  return resizeBilinear(x, size, size, { isAntialiased: true });
}
