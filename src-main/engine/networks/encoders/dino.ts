import { add, mul } from '#engine/graph/ops/arithmetic';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { concat } from '#engine/graph/ops/layout';
import type { Scope } from '#engine/graph/parameters';
import { normal } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { DinoConfig } from '#engine/networks/encoders/encoderConfigs';
import { resizePositions } from '#engine/networks/encoders/resizePositions';
import { mlp, patchTokens, selfAttention } from '#engine/networks/encoders/visionLayers';
import { layerNorm } from '#engine/networks/layers/dense';

const NORM = { epsilon: 1e-6 } as const;

/**
 * DINOv2 (Oquab et al. 2023), keys as Hugging Face's `Dinov2Model` has them.
 *
 * @param picture [batch, 3, size, size], prepared (`preparePicture.ts`)
 * @returns [batch, 1 + (size / patch)², width]: the class token, then the picture's, after the last normalisation
 */
export function dinoFeatures(scope: Scope, picture: Tensor, config: DinoConfig): Tensor {
  const { pictureSize, patch, width, depth, trainedGrid, gridOffset } = config;
  const embeddings = scope.child('embeddings');
  const start = normal(0.02);
  const stored = embeddings.parameter('position_embeddings', [1, 1 + trainedGrid ** 2, width], start);
  const classToken = embeddings.parameter('cls_token', [1, 1, width], start);
  const tokens = patchTokens(embeddings.child('patch_embeddings.projection'), picture, { patch, width, hasBias: true }); // prettier-ignore
  const positions = resizePositions(stored, {
    from: trainedGrid,
    to: pictureSize / patch,
    offset: gridOffset,
  });
  let x = add(concat([broadcastTo(classToken, [picture.shape[0], 1, width]), tokens], 1), positions);
  for (let index = 0; index < depth; index++) x = layer(scope.child(`encoder.layer.${index}`), x, config);
  return layerNorm(scope.child('layernorm'), x, NORM);
}

/** Both halves are scaled channel by channel before they are added. */
function layer(scope: Scope, x: Tensor, { heads, mlpRatio, width }: DinoConfig): Tensor {
  const inner = scope.child('attention.attention');
  const projections = {
    query: inner.child('query'),
    key: inner.child('key'),
    value: inner.child('value'),
    output: scope.child('attention.output.dense'),
  };
  const scale = (name: string): Tensor =>
    scope.child(name).parameter('lambda1', [width], { kind: 'constant', value: 1 });
  const attended = selfAttention(projections, layerNorm(scope.child('norm1'), x, NORM), heads);
  const mixed = add(x, mul(attended, scale('layer_scale1')));
  const thought = mlp(scope.child('mlp'), layerNorm(scope.child('norm2'), mixed, NORM), width * mlpRatio);
  return add(mixed, mul(thought, scale('layer_scale2')));
}
