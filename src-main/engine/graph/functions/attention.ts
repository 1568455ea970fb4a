import { add, mul } from '#engine/graph/ops/arithmetic';
import { transpose } from '#engine/graph/ops/layout';
import { matmul } from '#engine/graph/ops/matmul';
import { reshape } from '#engine/graph/ops/reshape';
import { softmax } from '#engine/graph/functions/softmax';
import type { Tensor } from '#engine/graph/tensor';
import { shapeError } from '#engine/graph/tensor';

export interface AttentionOptions {
  readonly heads: number;
  /** Added to the scores before the softmax; broadcasts to [batch, heads, queries, keys]. */
  readonly bias?: Tensor;
}

/**
 * Multi-head scaled dot-product attention. Spatial reduction (SegFormer's) is a strided convolution of the
 * tokens that keys and values are made of, before this.
 *
 * @param query [batch, queries, width]
 * @param key [batch, keys, width]
 * @param value [batch, keys, value width]
 * @returns [batch, queries, value width]
 */
export function attention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  { heads, bias }: AttentionOptions,
): Tensor {
  for (const tensor of [query, key, value]) {
    if (tensor.rank !== 3 || tensor.shape[2] % heads !== 0) {
      throw shapeError('attention', [query, key, value], `takes [batch, tokens, width] with widths that ${heads} heads divide`); // prettier-ignore
    }
  }
  const [q, k, v] = [query, key, value].map((tensor) => splitHeads(tensor, heads));
  // The scale goes to the query: the smallest of the three products.
  const scores = matmul(mul(q, 1 / Math.sqrt(q.shape[3])), transpose(k));
  const weights = softmax(bias === undefined ? scores : add(scores, bias));
  const mixed = transpose(matmul(weights, v), [0, 2, 1, 3]);
  return reshape(mixed, [query.shape[0], query.shape[1], value.shape[2]]);
}

/** [batch, tokens, width] -> [batch, heads, tokens, width / heads]. */
function splitHeads(x: Tensor, heads: number): Tensor {
  const [batch, tokens, width] = x.shape;
  return transpose(reshape(x, [batch, tokens, heads, width / heads]), [0, 2, 1, 3]);
}
