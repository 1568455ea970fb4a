import { sub } from '#engine/graph/ops/arithmetic';
import { abs } from '#engine/graph/ops/elementwise';
import { mean } from '#engine/graph/ops/reduce';
import type { Tensor } from '#engine/graph/tensor';

/** L1, averaged over all elements, so that a weight means the same at every size. */
export function absoluteDistance(a: Tensor, b: Tensor): Tensor {
  return mean(abs(sub(a, b)));
}
