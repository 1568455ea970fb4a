import { geluErf } from '#engine/graph/functions/activation';
import { attention } from '#engine/graph/functions/attention';
import { add, mul } from '#engine/graph/ops/arithmetic';
import { split, transpose } from '#engine/graph/ops/layout';
import { reshape } from '#engine/graph/ops/reshape';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { convolution, layerNorm, linear } from '#engine/networks/layers/dense';
import { depthwiseStart, heStart, tokenStart } from '#engine/networks/renderer/starts';

/** Transformer blocks over a grid of tokens, SegFormer's (arXiv 2105.15203) and Portrait4D's with motion. */
export interface TokenBlockOptions {
  readonly heads: number;
  /** Width of the feed-forward network in token widths. */
  readonly feedForward: number;
  /** Tokens along the grid's columns and rows. */
  readonly rows: number;
  readonly columns: number;
}

/** [batch, channels, rows, columns] -> [batch, rows * columns, channels]. */
function toTokens(x: Tensor): Tensor {
  const [batch, channels, rows, columns] = x.shape;
  return transpose(reshape(x, [batch, channels, rows * columns]));
}

/** The inverse of `toTokens`. */
export function toPicture(tokens: Tensor, rows: number, columns: number): Tensor {
  return reshape(transpose(tokens), [tokens.shape[0], tokens.shape[2], rows, columns]);
}

/**
 * Tokens of overlapping windows: 3 x 3, every other cell, normalised.
 *
 * @param x [batch, channels, size, size]
 * @returns [batch, (size / 2)², width]
 */
export function patchEmbedding(scope: Scope, x: Tensor, width: number): Tensor {
  const proj = convolution(scope.child('proj'), x, width, { stride: 2, padding: 1, start: heStart });
  return layerNorm(scope.child('norm'), toTokens(proj));
}

/**
 * Cross-attention to motion, self-attention, feed-forward, each added to what it saw (spec 6.3). The motion's share is
 * scaled; at 0 the block knows no motion.
 *
 * @param x [batch, tokens, width]
 * @param motion [batch, motion tokens, width]; left out, the block has no cross-attention and no parameters for it
 * @param scale [batch, 1, 1]
 */
export function crossBlock(
  scope: Scope,
  x: Tensor,
  motion: { readonly tokens: Tensor; readonly scale: Tensor } | undefined,
  options: TokenBlockOptions,
): Tensor {
  let y = x;
  if (motion !== undefined) {
    const query = layerNorm(scope.child('norm2'), y);
    const seen = attend(scope.child('attn2'), query, motion.tokens, options.heads);
    y = add(y, mul(seen, motion.scale));
  }
  const own = layerNorm(scope.child('norm1'), y);
  y = add(y, attend(scope.child('attn1'), own, own, options.heads));
  return add(y, mixFeedForward(scope.child('mlp'), layerNorm(scope.child('norm3'), y), options));
}

/**
 * Self-attention with keys and values of squares of tokens, then feed-forward (SegFormer's efficient attention).
 *
 * @param x [batch, rows * columns, width]
 * @param reduction tokens along each side of a square; 1: every token is a key
 */
export function reducedBlock(scope: Scope, x: Tensor, reduction: number, options: TokenBlockOptions): Tensor {
  const own = layerNorm(scope.child('norm1'), x);
  const attn = scope.child('attn');
  const keys = reduction === 1 ? own : reduceTokens(attn, own, reduction, options);
  const y = add(x, attend(attn, own, keys, options.heads));
  return add(y, mixFeedForward(scope.child('mlp'), layerNorm(scope.child('norm2'), y), options));
}

function reduceTokens(
  scope: Scope,
  tokens: Tensor,
  reduction: number,
  { rows, columns }: TokenBlockOptions,
): Tensor {
  const picture = toPicture(tokens, rows, columns);
  const window = { kernel: reduction, stride: reduction, start: heStart };
  const fewer = convolution(scope.child('sr'), picture, tokens.shape[2], window);
  return layerNorm(scope.child('norm'), toTokens(fewer));
}

/** Keys `q`, `kv` (keys first, then values) and `proj`. */
function attend(scope: Scope, query: Tensor, source: Tensor, heads: number): Tensor {
  const width = query.shape[2];
  const start = { start: tokenStart };
  const q = linear(scope.child('q'), query, width, start);
  const [k, v] = split(linear(scope.child('kv'), source, 2 * width, start), [width, width], 2);
  return linear(scope.child('proj'), attention(q, k, v, { heads }), width, start);
}

/** A feed-forward network that also mixes neighbouring tokens, which tells them where they are. */
function mixFeedForward(scope: Scope, x: Tensor, { feedForward, rows, columns }: TokenBlockOptions): Tensor {
  const width = x.shape[2];
  const hidden = Math.round(width * feedForward);
  const wide = toPicture(linear(scope.child('fc1'), x, hidden, { start: tokenStart }), rows, columns);
  const mixed = convolution(scope.child('dwconv.dwconv'), wide, hidden, { padding: 1, groups: hidden, start: depthwiseStart(9) }); // prettier-ignore
  return linear(scope.child('fc2'), geluErf(toTokens(mixed)), width, { start: tokenStart });
}
