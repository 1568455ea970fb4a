import { add, div, mul, sub } from '#engine/graph/ops/arithmetic';
import { sqrt, square } from '#engine/graph/ops/elementwise';
import { mean, sum } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import type { Tensor } from '#engine/graph/tensor';

/** What a network sees in a picture at one of its layers. */
export interface FeatureLayer {
  /** [batch, channels, height, width] */
  readonly values: Tensor;
  /** How much each channel counts, [channels]; left out, all count alike and sum to 1. */
  readonly weights?: Tensor;
}

/**
 * What a perceptual distance compares: from [batch, 3, size, size], -1 to 1, to features. `vggFeatures` with published
 * weights is LPIPS; `discriminatorFeatures` needs none but our own.
 */
export type PerceptualNetwork = (picture: Tensor) => readonly FeatureLayer[];

/**
 * How different two pictures look to a network (LPIPS, arXiv 1801.03924, equation 1): features of unit length at each
 * place, their squared differences weighted over channels, the mean over places, the sum over layers.
 *
 * @returns [batch]
 */
export function perceptualDistance(network: PerceptualNetwork, a: Tensor, b: Tensor): Tensor {
  const [left, right] = [network(a), network(b)];
  return left
    .map((layer, index) => layerDistance(layer, right[index]))
    .reduce((total, distance) => add(total, distance));
}

function layerDistance({ values, weights }: FeatureLayer, other: FeatureLayer): Tensor {
  const squares = square(sub(unitLength(values), unitLength(other.values)));
  const channels = values.shape[1];
  // Unit vectors differ by at most 2 in each channel's share; without weights that is a mean over channels.
  const perPlace = weights === undefined ? mean(squares, [1]) : sum(mul(squares, reshape(weights, [channels, 1, 1])), [1]); // prettier-ignore
  return mean(perPlace, [1, 2]);
}

function unitLength(x: Tensor): Tensor {
  // The published 1e-10 goes to the length; inside the root as well, or the gradient of 0 would be infinite.
  return div(x, add(sqrt(add(sum(square(x), [1], { keepAxes: true }), 1e-20)), 1e-10));
}
