import { add } from '#engine/graph/ops/arithmetic';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { concat, slice } from '#engine/graph/ops/layout';
import { reshape } from '#engine/graph/ops/reshape';
import type { Scope } from '#engine/graph/parameters';
import { normal } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { ClipConfig } from '#engine/networks/encoders/encoderConfigs';
import { mlp, patchTokens, selfAttention } from '#engine/networks/encoders/visionLayers';
import { layerNorm, linear } from '#engine/networks/layers/dense';

export interface ClipOutputs {
  /** [batch, 1 + (size / patch)², width]: what enters the last layer, not normalised (`hidden_states[-2]`). */
  readonly features: Tensor;
  /** [batch, embeddingSize]: of the whole picture, comparable with those of texts. */
  readonly embedding: Tensor;
}

/**
 * CLIP's vision tower (Radford et al. 2021), keys as Hugging Face's `CLIPVisionModelWithProjection` has them.
 *
 * @param picture [batch, 3, size, size], prepared (`preparePicture.ts`)
 */
export function clipFeatures(scope: Scope, picture: Tensor, config: ClipConfig): ClipOutputs {
  const { pictureSize, patch, width, depth, embeddingSize } = config;
  const model = scope.child('vision_model');
  const embeddings = model.child('embeddings');
  const batch = picture.shape[0];
  const count = 1 + (pictureSize / patch) ** 2;
  const start = normal(1 / Math.sqrt(width));
  const classToken = embeddings.parameter('class_embedding', [width], start);
  const tokens = patchTokens(embeddings.child('patch_embedding'), picture, { patch, width, hasBias: false });
  const positions = embeddings.child('position_embedding').parameter('weight', [count, width], start);
  const all = concat([broadcastTo(classToken, [batch, 1, width]), tokens], 1);
  // The published key is misspelt.
  let x = layerNorm(model.child('pre_layrnorm'), add(all, positions));
  let features = x;
  for (let index = 0; index < depth; index++) {
    features = x;
    x = layer(model.child(`encoder.layers.${index}`), x, config);
  }
  const first = reshape(slice(x, { 1: [0, 1] }), [batch, width]);
  const pooled = layerNorm(model.child('post_layernorm'), first);
  return { features, embedding: linear(scope.child('visual_projection'), pooled, embeddingSize, { hasBias: false }) }; // prettier-ignore
}

function layer(scope: Scope, x: Tensor, { heads, mlpRatio, width }: ClipConfig): Tensor {
  const attention = scope.child('self_attn');
  const projections = {
    query: attention.child('q_proj'),
    key: attention.child('k_proj'),
    value: attention.child('v_proj'),
    output: attention.child('out_proj'),
  };
  const mixed = add(x, selfAttention(projections, layerNorm(scope.child('layer_norm1'), x), heads));
  return add(mixed, mlp(scope.child('mlp'), layerNorm(scope.child('layer_norm2'), mixed), width * mlpRatio));
}
