import { geluTanh } from '#engine/graph/functions/activation';
import { attention } from '#engine/graph/functions/attention';
import { layerNorm } from '#engine/graph/functions/normalization';
import { add, mul } from '#engine/graph/ops/arithmetic';
import { concat, slice, split } from '#engine/graph/ops/layout';
import type { Scope } from '#engine/graph/parameters';
import { normal } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { linear, xavierStart, zeroStart } from '#engine/networks/layers/dense';

const GLOROT = { start: xavierStart } as const;

/** What a block is told besides the latent's tokens. */
export interface BlockConditions {
  /** [batch, 6, width]: shift, scale and gate of attention, then of the MLP, as the time gives them to all blocks. */
  readonly modulation: Tensor;
  /** [batch, image tokens, width] */
  readonly imageTokens: Tensor;
  /** [batch, cross tokens, width] */
  readonly crossTokens: Tensor;
}

/**
 * One block (spec 5.2): self-attention together with the image tokens, cross-attention, MLP. Each block adds a table of
 * its own to the modulation all share ("adaLN-single").
 *
 * @param x [batch, tokens, width]
 */
export function ditBlock(
  scope: Scope,
  x: Tensor,
  { modulation, imageTokens, crossTokens }: BlockConditions,
  { heads, mlpRatio }: { readonly heads: number; readonly mlpRatio: number },
): Tensor {
  const width = x.shape[2];
  const six = add(modulation, modulationTable(scope, 6, width));
  const [shift1, scale1, gate1, shift2, scale2, gate2] = split(six, [1, 1, 1, 1, 1, 1], 1);

  const attended = selfAttention(scope.child('attn'), modulate(x, shift1, scale1), imageTokens, heads);
  const mixed = add(x, mul(gate1, attended));
  const told = add(mixed, crossAttention(scope.child('cross_attn'), mixed, crossTokens, heads));
  const thought = mlp(scope.child('mlp'), modulate(told, shift2, scale2), Math.round(width * mlpRatio));
  return add(told, mul(gate2, thought));
}

/** What a block or the final layer adds to the modulation: [count, width]. */
export function modulationTable(scope: Scope, count: number, width: number): Tensor {
  return scope.parameter('scale_shift_table', [count, width], normal(1 / Math.sqrt(width)));
}

/** Layer normalisation without weights of its own, then a scale about 1 and a shift. */
export function modulate(x: Tensor, shift: Tensor, scale: Tensor): Tensor {
  return add(mul(layerNorm(x, undefined, 1e-6), add(scale, 1)), shift);
}

/** The latent's tokens look at themselves and at the image tokens; those ask nothing, so only their keys count. */
function selfAttention(scope: Scope, x: Tensor, imageTokens: Tensor, heads: number): Tensor {
  const [, tokens, width] = x.shape;
  const all = linear(scope.child('qkv'), concat([x, imageTokens], 1), 3 * width, GLOROT);
  const [query, key, value] = split(all, [width, width, width], 2);
  const mixed = attention(slice(query, { 1: [0, tokens] }), key, value, { heads });
  return linear(scope.child('proj'), mixed, width, GLOROT);
}

/** Its projection starts at 0: an untrained block hears nothing of the cross tokens. */
function crossAttention(scope: Scope, x: Tensor, crossTokens: Tensor, heads: number): Tensor {
  const width = x.shape[2];
  const query = linear(scope.child('q_linear'), x, width, GLOROT);
  const both = linear(scope.child('kv_linear'), crossTokens, 2 * width, GLOROT);
  const [key, value] = split(both, [width, width], 2);
  return linear(scope.child('proj'), attention(query, key, value, { heads }), width, { start: zeroStart });
}

function mlp(scope: Scope, x: Tensor, hidden: number): Tensor {
  const wide = linear(scope.child('fc1'), x, hidden, GLOROT);
  return linear(scope.child('fc2'), geluTanh(wide), x.shape[2], GLOROT);
}
