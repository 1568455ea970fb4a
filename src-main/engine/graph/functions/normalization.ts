import { add, mul, sub } from '#engine/graph/ops/arithmetic';
import { rsqrt, square } from '#engine/graph/ops/elementwise';
import { mean } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import type { Tensor } from '#engine/graph/tensor';
import { shapeError } from '#engine/graph/tensor';

/** Per-channel scale and shift, applied after normalising. */
export interface Affine {
  readonly weight: Tensor;
  readonly bias?: Tensor;
}

function standardise(x: Tensor, axes: readonly number[], epsilon: number): Tensor {
  const centred = sub(x, mean(x, axes, { keepAxes: true }));
  const variance = mean(square(centred), axes, { keepAxes: true });
  return mul(centred, rsqrt(add(variance, epsilon)));
}

/** Normalises over the last axis; `weight` and `bias` have its size. */
export function layerNorm(x: Tensor, affine?: Affine, epsilon = 1e-5): Tensor {
  const normal = standardise(x, [-1], epsilon);
  if (affine === undefined) return normal;
  const scaled = mul(normal, affine.weight);
  return affine.bias === undefined ? scaled : add(scaled, affine.bias);
}

/**
 * Normalises [batch, channels, ...spatial] over groups of channels. Composed: WebGPU and CUDA have no kernel for
 * ONNX's GroupNormalization (engine-facts, operator coverage).
 */
export function groupNorm(x: Tensor, groups: number, affine?: Affine, epsilon = 1e-5): Tensor {
  const [batch, channels, ...spatial] = x.shape;
  if (channels % groups !== 0)
    throw shapeError('groupNorm', [x], `${groups} groups do not divide its channels`);
  const normal = reshape(standardise(reshape(x, [batch, groups, -1]), [-1], epsilon), x.shape);
  if (affine === undefined) return normal;
  const perChannel = (values: Tensor): Tensor => reshape(values, [channels, ...spatial.map(() => 1)]);
  const scaled = mul(normal, perChannel(affine.weight));
  return affine.bias === undefined ? scaled : add(scaled, perChannel(affine.bias));
}

/** Normalises every channel of every sample by itself. */
export function instanceNorm(x: Tensor, affine?: Affine, epsilon = 1e-5): Tensor {
  return groupNorm(x, x.shape[1], affine, epsilon);
}

/** Divides by the root mean square along an axis: StyleGAN2's normalisation of z and of the mapping input. */
export function rootMeanSquareNorm(x: Tensor, axis = 1, epsilon = 1e-8): Tensor {
  return mul(x, rsqrt(add(mean(square(x), [axis], { keepAxes: true }), epsilon)));
}
