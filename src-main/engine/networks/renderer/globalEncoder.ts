import { maxPool } from '#engine/graph/functions/resize';
import { add } from '#engine/graph/ops/arithmetic';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { relu } from '#engine/graph/ops/elementwise';
import { concat } from '#engine/graph/ops/layout';
import { mean } from '#engine/graph/ops/reduce';
import type { Scope } from '#engine/graph/parameters';
import { normal } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { WeightStart } from '#engine/networks/layers/dense';
import { convolution } from '#engine/networks/layers/dense';
import { withCoordinates } from '#engine/networks/renderer/coordinates';
import type { GlobalEncoderConfig } from '#engine/networks/renderer/rendererConfig';
import { heStart } from '#engine/networks/renderer/starts';

/**
 * What the portrait shows, coarsely: a ResNet without normalisation whose later stages are dilated instead of strided,
 * and DeepLab v3's pyramid of dilated convolutions behind it (spec 6.3, step 1).
 *
 * @param source [batch, 3, size, size], -1 to 1
 * @param cells along each side of the result; size / cells is 4 or more, a power of two
 * @returns [batch, channels, cells, cells]
 */
export function globalEncoder(
  scope: Scope,
  source: Tensor,
  cells: number,
  { stem, stages, rates, channels }: GlobalEncoderConfig,
): Tensor {
  const encoder = scope.child('encoder');
  const first = convolution(encoder.child('conv1'), withCoordinates(source), stem, { kernel: 7, stride: 2, padding: 3, hasBias: false, start: heStart }); // prettier-ignore
  let x = maxPool(relu(first), 3, 2, 1);
  let dilation = 1;
  const depth = stages.reduce((sum, { blocks }) => sum + blocks, 0);
  stages.forEach(({ channels: width, blocks }, index) => {
    const isStrided = index > 0 && x.shape[2] > cells;
    if (index > 0 && !isStrided) dilation *= 2;
    for (let block = 0; block < blocks; block++) {
      const stride = block === 0 && isStrided ? 2 : 1;
      const hasProjection = block === 0 && (index > 0 || x.shape[1] !== width);
      x = basicBlock(encoder.child(`layer${index + 1}.${block}`), x, { width, stride, dilation, hasProjection, depth }); // prettier-ignore
    }
  });
  return pyramid(scope.child('decoder'), x, rates, channels);
}

interface BasicBlockOptions {
  readonly width: number;
  readonly stride: number;
  readonly dilation: number;
  readonly hasProjection: boolean;
  /** Blocks in all. */
  readonly depth: number;
}

function basicBlock(scope: Scope, x: Tensor, options: BasicBlockOptions): Tensor {
  const { width, stride, dilation, hasProjection, depth } = options;
  const bare = { dilation, padding: dilation, hasBias: false };
  // Nothing normalises the sums, so what each block adds starts small enough for all of them to add up to 1.
  const quietStart: WeightStart = (_, fanOut) => normal(Math.sqrt(2 / fanOut / depth));
  const inner = relu(convolution(scope.child('conv1'), x, width, { ...bare, stride, start: heStart }));
  const added = convolution(scope.child('conv2'), inner, width, { ...bare, start: quietStart });
  const kept = hasProjection
    ? convolution(scope.child('downsample.0'), x, width, { kernel: 1, stride, hasBias: false, start: heStart }) // prettier-ignore
    : x;
  return relu(add(kept, added));
}

/** DeepLab v3's atrous spatial pyramid pooling and the 3 x 3 convolution behind it, both without normalisation. */
function pyramid(scope: Scope, x: Tensor, rates: readonly number[], channels: number): Tensor {
  const bare = { hasBias: false, start: heStart };
  const aspp = scope.child('0');
  const branch = (index: number, dilation: number): Tensor =>
    relu(convolution(aspp.child(`convs.${index}.0`), x, channels, { ...bare, dilation, padding: dilation }));
  const pooled = mean(x, [2, 3], { keepAxes: true });
  const overall = relu(convolution(aspp.child(`convs.${rates.length + 1}.1`), pooled, channels, { ...bare, kernel: 1 })); // prettier-ignore
  const views = concat(
    [
      relu(convolution(aspp.child('convs.0.0'), x, channels, { ...bare, kernel: 1 })),
      ...rates.map((rate, index) => branch(index + 1, rate)),
      broadcastTo(overall, [x.shape[0], channels, x.shape[2], x.shape[3]]),
    ],
    1,
  );
  const joined = relu(convolution(aspp.child('project.0'), views, channels, { ...bare, kernel: 1 }));
  return relu(convolution(scope.child('1'), joined, channels, { ...bare, padding: 1 }));
}
