import { pixelShuffle } from '#engine/graph/functions/resize';
import { leakyRelu } from '#engine/graph/ops/elementwise';
import { concat } from '#engine/graph/ops/layout';
import { reshape } from '#engine/graph/ops/reshape';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { convolution } from '#engine/networks/layers/dense';
import { SLOPE } from '#engine/networks/renderer/detailEncoder';
import type { DecoderConfig } from '#engine/networks/renderer/rendererConfig';
import { heStart, planesStart } from '#engine/networks/renderer/starts';
import { patchEmbedding, reducedBlock, toPicture } from '#engine/networks/renderer/tokenBlocks';

export interface PlanesDecoderInputs {
  /** Of the canonical encoder, [batch, any, size, size]. */
  readonly canonical: Tensor;
  /** Of the detail encoder, [batch, any, size, size]. */
  readonly detail: Tensor;
  /** The blended planes, [batch, 3, channels, size, size]; left out where planes are not used. */
  readonly blended?: Tensor | undefined;
}

/**
 * Feature planes from coarse and fine features, refined by the blended planes (spec 6.3, steps 11 to 15).
 *
 * @param planes how many come out, and features of each
 * @returns [batch, planes.count, planes.channels, size, size]
 */
export function planesDecoder(
  scope: Scope,
  { canonical, detail, blended }: PlanesDecoderInputs,
  planes: { readonly count: number; readonly channels: number },
  config: DecoderConfig,
): Tensor {
  const [wide, narrow] = config.convWidths;
  const [batch, , size] = canonical.shape;
  const features = planes.count * planes.channels;
  const first = stack(scope.child('convs1'), concat([canonical, detail], 1), [wide, narrow]);
  const mixed = mixTokens(scope, first, config);
  const second = stack(scope.child('convs2'), concat([mixed, canonical], 1), [wide, narrow, narrow]);
  const last = { padding: 1, start: planesStart };
  const drafted = convolution(scope.child('conv_last'), second, features, last);
  const shape = [batch, planes.count, planes.channels, size, size];
  if (blended === undefined) return reshape(drafted, shape);
  const flat = reshape(blended, [batch, features, size, size]);
  const third = stack(scope.child('convs3'), concat([drafted, flat], 1), [wide, narrow, narrow]);
  const refined = convolution(scope.child('conv_last_2'), third, features, { padding: 1, start: heStart }); // prettier-ignore
  return reshape(refined, shape);
}

function mixTokens(scope: Scope, x: Tensor, config: DecoderConfig): Tensor {
  const { width, heads, blocks, reduction, feedForward } = config;
  const side = x.shape[2] / 2;
  const options = { heads, feedForward, rows: side, columns: side };
  let tokens = patchEmbedding(scope.child('patch_embed'), x, width);
  for (let block = 0; block < blocks; block++) {
    tokens = reducedBlock(scope.child(`trans_blocks.${block}`), tokens, reduction, options);
  }
  return pixelShuffle(toPicture(tokens, side, side), 2);
}

/** 3 x 3 convolutions, each followed by a leaky ReLU. */
function stack(scope: Scope, x: Tensor, widths: readonly number[]): Tensor {
  return widths.reduce(
    (y, width, index) =>
      leakyRelu(convolution(scope.child(`${2 * index}`), y, width, { padding: 1, start: heStart }), SLOPE),
    x,
  );
}
