import { add, div, greater, maximum, minimum, mul, select, sub } from '#engine/graph/ops/arithmetic';
import { exp, neg, softplus } from '#engine/graph/ops/elementwise';
import { slice } from '#engine/graph/ops/layout';
import { cumsum } from '#engine/graph/ops/order';
import { max, min, sum } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import type { Tensor } from '#engine/graph/tensor';

export interface RaySamples {
  /** [batch, rays, samples], rising along a ray. */
  readonly depths: Tensor;
  /** [batch, rays, samples], before the softplus. */
  readonly density: Tensor;
  /** [batch, rays, samples, channels] */
  readonly colour: Tensor;
}

export interface MarchedRays {
  /** [batch, rays, channels], twice the accumulated colour less 1: -1 where nothing is. */
  readonly colour: Tensor;
  /** [batch, rays, 1]: mean depth of what is seen; the largest of the picture where nothing is. */
  readonly depth: Tensor;
  /** [batch, rays, 1]: sum of the weights, 0 where a ray meets nothing, at most 1. */
  readonly opacity: Tensor;
}

/**
 * Integrates colour and depth along rays, mip-NeRF's way: each interval between two samples has the mean of what its
 * ends have (EG3D's ray marcher, spec 1.3). No background is put behind.
 */
export function marchRays({ depths, density, colour }: RaySamples): MarchedRays {
  const weights = rayWeights(depths, density);
  const opacity = sum(weights, [2], { keepAxes: true });
  const middles = meanOfNeighbours(depths);
  const total = sum(mul(weights, middles), [2], { keepAxes: true });
  const [nearest, farthest] = [
    min(depths, [1, 2], { keepAxes: true }),
    max(depths, [1, 2], { keepAxes: true }),
  ];
  const mean = select(greater(opacity, 0), div(total, maximum(opacity, 1e-20)), farthest);
  const [batch, rays, intervals] = weights.shape;
  const ofIntervals = reshape(weights, [batch, rays, intervals, 1]);
  return {
    colour: sub(mul(sum(mul(ofIntervals, meanOfNeighbours(colour)), [2]), 2), 1),
    depth: minimum(maximum(mean, nearest), farthest),
    opacity,
  };
}

/**
 * What each interval adds to its ray: its own opacity times what passes all intervals before it.
 *
 * @param depths [batch, rays, samples], rising
 * @param density [batch, rays, samples]
 * @returns [batch, rays, samples - 1]
 */
export function rayWeights(depths: Tensor, density: Tensor): Tensor {
  const lengths = sub(slice(depths, { 2: [1, undefined] }), slice(depths, { 2: [0, -1] }));
  // Shifted by 1, fresh networks start nearly transparent.
  const absorbed = mul(softplus(sub(meanOfNeighbours(density), 1)), lengths);
  const passed = exp(neg(cumsum(absorbed, 2, { isExclusive: true })));
  return mul(sub(1, exp(neg(absorbed))), passed);
}

/** Along axis 2. */
function meanOfNeighbours(x: Tensor): Tensor {
  return mul(add(slice(x, { 2: [0, -1] }), slice(x, { 2: [1, undefined] })), 0.5);
}
