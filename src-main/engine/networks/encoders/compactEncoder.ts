import { silu } from '#engine/graph/functions/activation';
import { averagePool } from '#engine/graph/functions/resize';
import { add } from '#engine/graph/ops/arithmetic';
import { concat } from '#engine/graph/ops/layout';
import { mean } from '#engine/graph/ops/reduce';
import type { Scope } from '#engine/graph/parameters';
import { normal } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { CompactEncoderConfig } from '#engine/networks/encoders/encoderConfigs';
import { fineGrid } from '#engine/networks/encoders/encoderConfigs';
import { gridTokens } from '#engine/networks/encoders/visionLayers';
import { convolution, groupNorm, layerNorm, linear } from '#engine/networks/layers/dense';

/** Features in the places of DINO's and of CLIP's. */
export interface CompactFeatures {
  /** [batch, 1 + grid², width]: a token of the whole picture, then a fine grid. */
  readonly fine: Tensor;
  /** [batch, 1 + coarse grid², width] */
  readonly coarse: Tensor;
}

/**
 * A small convolutional encoder in place of DINO and CLIP (spec 10.7): each stage halves the picture. Tokens get learned
 * positions, because the resamplers behind it tell their inputs apart by what they hold alone.
 *
 * @param picture [batch, 3, size, size], -1 to 1
 */
export function compactFeatures(
  scope: Scope,
  picture: Tensor,
  config: CompactEncoderConfig,
): CompactFeatures {
  const { widths, groups, coarseGrid } = config;
  let x = picture;
  widths.forEach((width, index) => {
    const stage = scope.child(`stages.${index}`);
    x = convolution(stage.child('down'), x, width, { kernel: 3, stride: 2, padding: 1 });
    x = residual(stage.child('block'), x, groups);
  });
  const width = x.shape[1];
  const fineTokens = placed(scope.child('fine'), x);
  const coarseTokens = placed(scope.child('coarse'), averagePool(x, fineGrid(config) / coarseGrid));
  const hidden = silu(linear(scope.child('whole.fc1'), mean(gridTokens(x), [1], { keepAxes: true }), width));
  const whole = linear(scope.child('whole.fc2'), hidden, width);
  return {
    fine: layerNorm(scope.child('fine.norm'), concat([whole, fineTokens], 1)),
    coarse: layerNorm(scope.child('coarse.norm'), concat([whole, coarseTokens], 1)),
  };
}

/** x + conv(silu(norm(conv(silu(norm(x)))))). */
function residual(scope: Scope, x: Tensor, groups: number): Tensor {
  const channels = x.shape[1];
  const first = silu(groupNorm(scope.child('norm1'), x, groups));
  const inner = convolution(scope.child('conv1'), first, channels, { padding: 1 });
  const second = silu(groupNorm(scope.child('norm2'), inner, groups));
  return add(x, convolution(scope.child('conv2'), second, channels, { padding: 1 }));
}

/** A grid's cells as tokens that know where they are. */
function placed(scope: Scope, grid: Tensor): Tensor {
  const [, width, rows, columns] = grid.shape;
  const tokens = linear(scope.child('proj'), gridTokens(grid), width);
  return add(tokens, scope.parameter('positions', [1, rows * columns, width], normal(0.02)));
}
