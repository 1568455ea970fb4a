import { attention } from '#engine/graph/functions/attention';
import { geluErf } from '#engine/graph/functions/activation';
import { transpose } from '#engine/graph/ops/layout';
import { reshape } from '#engine/graph/ops/reshape';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { convolution, linear } from '#engine/networks/layers/dense';

/**
 * A picture's squares as tokens in raster order.
 *
 * @param picture [batch, 3, size, size]
 * @returns [batch, (size / patch)², width]
 */
export function patchTokens(
  scope: Scope,
  picture: Tensor,
  { patch, width, hasBias }: { readonly patch: number; readonly width: number; readonly hasBias: boolean },
): Tensor {
  const squares = convolution(scope, picture, width, { kernel: patch, stride: patch, hasBias });
  return gridTokens(squares);
}

/** [batch, width, rows, columns] -> [batch, rows * columns, width]. */
export function gridTokens(grid: Tensor): Tensor {
  const [batch, width, rows, columns] = grid.shape;
  return transpose(reshape(grid, [batch, width, rows * columns]), [0, 2, 1]);
}

/** Where the four projections of an attention are found. */
export interface ProjectionScopes {
  readonly query: Scope;
  readonly key: Scope;
  readonly value: Scope;
  readonly output: Scope;
}

/** Self-attention whose query, key and value have weights of their own. */
export function selfAttention(
  { query, key, value, output }: ProjectionScopes,
  x: Tensor,
  heads: number,
): Tensor {
  const width = x.shape[2];
  const [q, k, v] = [query, key, value].map((scope) => linear(scope, x, width));
  return linear(output, attention(q, k, v, { heads }), width);
}

/** fc2(gelu(fc1(x))) */
export function mlp(scope: Scope, x: Tensor, hidden: number): Tensor {
  return linear(scope.child('fc2'), geluErf(linear(scope.child('fc1'), x, hidden)), x.shape[2]);
}
