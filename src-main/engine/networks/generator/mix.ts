import { add, mul, sub } from '#engine/graph/ops/arithmetic';
import type { Tensor } from '#engine/graph/tensor';

/**
 * `over` where the mask is 1, `under` where it is 0.
 *
 * @param mask broadcasts to both
 */
export function mix(under: Tensor, over: Tensor, mask: Tensor): Tensor {
  return add(mul(over, mask), mul(under, sub(1, mask)));
}
