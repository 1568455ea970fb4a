import { add, clip, div, maximum, mul, sub } from '#engine/graph/ops/arithmetic';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { stopGradient } from '#engine/graph/ops/convert';
import { cumsum } from '#engine/graph/ops/order';
import { pad, slice, unsqueeze } from '#engine/graph/ops/layout';
import { sum } from '#engine/graph/ops/reduce';
import { constant } from '#engine/graph/ops/sources';
import type { Shape, Tensor } from '#engine/graph/tensor';

/**
 * Random numbers of a rendering in training, uniform in [0, 1): anew for each picture, so that the field is learned
 * everywhere. Without them (evaluation) every interval is sampled at its middle: no flicker from frame to frame.
 */
export interface SampleNoise {
  /** [batch, rays, samples] */
  readonly strata: Tensor;
  /** [batch, rays, samples] */
  readonly importance: Tensor;
}

/**
 * Depths in equal steps from `near` to `far`, each moved on by its share of a step (EG3D: the last may lie a step
 * behind `far`).
 *
 * @param near [batch, 1, 1]
 * @param far [batch, 1, 1]
 * @param shape [batch, rays, samples]
 * @param strata of the shape; without it all are moved by half a step
 * @returns of the shape, rising along the last axis
 */
export function stratifiedDepths(near: Tensor, far: Tensor, shape: Shape, strata?: Tensor): Tensor {
  const samples = shape[2];
  const steps = constant(Float32Array.from({ length: samples }, (_, index) => index));
  const moved = add(steps, strata ?? 0.5);
  return broadcastTo(add(near, mul(moved, div(sub(far, near), samples - 1))), shape);
}

/**
 * Depths drawn where first samples found that colour comes from (NeRF section 5.2, with mip-NeRF's wider histogram):
 * weights are spread to their neighbours, raised by 0.01, and their sum inverted. Constant under differentiation.
 *
 * @param depths [batch, rays, samples], rising
 * @param weights [batch, rays, samples - 1], of the intervals between them
 * @param chance [batch, rays, count], uniform in [0, 1); without it (k + 1/2) / count
 * @returns [batch, rays, as many as `depths`]; those without `chance` rise, all lie between the first and last depth
 */
export function importanceDepths(depths: Tensor, weights: Tensor, chance?: Tensor): Tensor {
  const count = depths.shape[2];
  const spread = add(spreadWeights(stopGradient(weights)), 0.01 + 1e-5);
  // As EG3D: the inner weights go with the intervals between the first middles of neighbouring depths.
  const inner = slice(spread, { 2: [1, -1] });
  const share = div(inner, sum(inner, [2], { keepAxes: true }));
  const before = cumsum(share, 2, { isExclusive: true });
  const known = stopGradient(depths);
  const middles = mul(add(slice(known, { 2: [0, -1] }), slice(known, { 2: [1, undefined] })), 0.5);
  const [first, end] = [slice(middles, { 2: [0, 1] }), inner.shape[2] + 1];
  const lengths = sub(slice(middles, { 2: [1, end] }), slice(middles, { 2: [0, end - 1] }));
  const drawn = chance ?? constant(Float32Array.from({ length: count }, (_, k) => (k + 0.5) / count));
  // The inverse of a piecewise linear function is the sum of what each piece adds: [batch, rays, count, pieces].
  const filled = clip(
    div(sub(unsqueeze(drawn, drawn.rank), unsqueeze(before, 2)), unsqueeze(share, 2)),
    0,
    1,
  );
  return add(first, sum(mul(filled, unsqueeze(lengths, 2)), [3]));
}

/** The larger of both neighbours at every border, then the mean of both borders of an interval. */
function spreadWeights(weights: Tensor): Tensor {
  const around = pad(weights, [[0, 0], [0, 0], [1, 1]]); // prettier-ignore
  const borders = maximum(slice(around, { 2: [0, -1] }), slice(around, { 2: [1, undefined] }));
  return mul(add(slice(borders, { 2: [0, -1] }), slice(borders, { 2: [1, undefined] })), 0.5);
}
