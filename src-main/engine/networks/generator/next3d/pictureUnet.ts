import { add } from '#engine/graph/ops/arithmetic';
import { concat } from '#engine/graph/ops/layout';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { equalizedConv } from '#engine/networks/layers/equalized';
import type { PictureUnetConfig } from '#engine/networks/generator/next3d/next3dConfig';
import { synthesis, widthAt } from '#engine/networks/generator/synthesis';
import { shrink } from '#engine/networks/generator/triplaneEncoder';

const LRELU = { activation: 'lrelu' } as const;

/**
 * Paints a picture anew in a style: an encoder, and a synthesis network that gets the encoder's features at each size
 * (Next3D's mouth and blending networks; spec 2.3).
 *
 *     picture -> [fromrgb + conv1 -> conv2, half the size] ... -> bottom
 *                         |                                        |
 *     const -> ... conv0, up -> fusion of both -> conv1 ...   added to the features of that size
 *
 * Below the scope: the keys of `synthesis`, and of our own naming `encoder.{k}.{fromrgb,conv1,conv2}`, `bottom` and
 * `fusion{size}`.
 *
 * @param picture [batch, inputChannels, inputSize, inputSize]
 * @param ws as of `synthesis`
 * @returns [batch, channels, size, size]
 */
export function pictureUnet(scope: Scope, picture: Tensor, ws: Tensor, config: PictureUnetConfig): Tensor {
  const { bottomSize, synthesis: painter } = config;
  const { bottom, features } = encode(scope, picture, config);
  const enrich = (x: Tensor, size: number): Tensor => {
    const own = features.get(size);
    if (own !== undefined) {
      return equalizedConv(scope.child(`fusion${size}`), concat([x, own], 1), x.shape[1], LRELU);
    }
    return size === bottomSize ? add(x, bottom) : x;
  };
  return synthesis(scope, ws, painter, { enrich });
}

/** Features by size, and the smallest. */
function encode(
  scope: Scope,
  picture: Tensor,
  { inputSize, bottomSize, synthesis: painter }: PictureUnetConfig,
): { readonly bottom: Tensor; readonly features: ReadonlyMap<number, Tensor> } {
  const features = new Map<number, Tensor>();
  let x: Tensor | undefined;
  for (let size = inputSize; size > bottomSize; size /= 2) {
    const block = scope.child(`encoder.${features.size}`);
    const width = widthAt(painter, size);
    const small = shrink(picture, size);
    const own = equalizedConv(block.child('fromrgb'), small, width, { kernel: 1, hasBias: false });
    const seen = equalizedConv(block.child('conv1'), x === undefined ? own : add(x, own), width, LRELU);
    features.set(size, seen);
    x = equalizedConv(block.child('conv2'), seen, widthAt(painter, size / 2), { ...LRELU, down: 2 });
  }
  const smallest = x ?? picture;
  const bottom = equalizedConv(scope.child('bottom'), smallest, widthAt(painter, bottomSize), LRELU);
  return { bottom, features };
}
