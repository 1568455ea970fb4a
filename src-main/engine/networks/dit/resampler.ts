import { geluErf } from '#engine/graph/functions/activation';
import { attention } from '#engine/graph/functions/attention';
import { add } from '#engine/graph/ops/arithmetic';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { concat, split } from '#engine/graph/ops/layout';
import type { Scope } from '#engine/graph/parameters';
import { normal } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { ConditionConfig, DitConfig } from '#engine/networks/dit/ditConfig';
import { layerNorm, linear, xavierStart } from '#engine/networks/layers/dense';

const PLAIN = { start: xavierStart, hasBias: false } as const;

/**
 * Perceiver resampler (spec 5.3): learned tokens ask an encoder's features, in layers, and become as many tokens of
 * the transformer's width.
 *
 * @param features [batch, features, featureSize]
 * @returns [batch, tokens, width]
 */
export function resampler(
  scope: Scope,
  features: Tensor,
  { tokens }: ConditionConfig,
  { width, mlpRatio, resampler: { depth, heads, headSize } }: DitConfig,
): Tensor {
  const known = linear(scope.child('proj_in'), features, width, { start: xavierStart });
  const learned = scope.parameter('latents', [1, tokens, width], normal(1 / Math.sqrt(width)));
  let x = broadcastTo(learned, [features.shape[0], tokens, width]);
  for (let index = 0; index < depth; index++) {
    const layer = scope.child(`layers.${index}`);
    x = add(x, ask(layer.child('0'), x, known, { heads, headSize }));
    x = add(x, feedForward(layer.child('1'), x, Math.round(width * mlpRatio)));
  }
  const wide = linear(scope.child('proj_out.fc1'), x, width, { start: xavierStart });
  const out = linear(scope.child('proj_out.fc2'), geluErf(wide), width, { start: xavierStart });
  return layerNorm(scope.child('norm_out'), out);
}

/** Queries from the tokens, keys and values from the features and the tokens. */
function ask(
  scope: Scope,
  tokens: Tensor,
  features: Tensor,
  { heads, headSize }: { readonly heads: number; readonly headSize: number },
): Tensor {
  const inner = heads * headSize;
  const own = layerNorm(scope.child('norm2'), tokens);
  const all = concat([layerNorm(scope.child('norm1'), features), own], 1);
  const query = linear(scope.child('to_q'), own, inner, PLAIN);
  const [key, value] = split(linear(scope.child('to_kv'), all, 2 * inner, PLAIN), [inner, inner], 2);
  return linear(scope.child('to_out'), attention(query, key, value, { heads }), tokens.shape[2], PLAIN);
}

function feedForward(scope: Scope, x: Tensor, hidden: number): Tensor {
  const wide = linear(scope.child('1'), layerNorm(scope.child('0'), x), hidden, PLAIN);
  return linear(scope.child('3'), geluErf(wide), x.shape[2], PLAIN);
}
