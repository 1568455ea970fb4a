import { add, clip, mul } from '#engine/graph/ops/arithmetic';
import { erf, leakyRelu, sigmoid, square, tanh } from '#engine/graph/ops/elementwise';
import type { Tensor } from '#engine/graph/tensor';

export interface LeakyOptions {
  /** sqrt(2) keeps the variance of a normal input (StyleGAN2). */
  readonly gain?: number;
  readonly slope?: number;
  /** Limits the result to [-clamp, clamp]: half precision training needs it. */
  readonly clamp?: number;
}

/** StyleGAN2's activation: leaky ReLU, scaled, optionally clamped. */
export function lrelu(x: Tensor, { gain = Math.SQRT2, slope = 0.2, clamp }: LeakyOptions = {}): Tensor {
  const scaled = leakyRelu(x, slope, gain);
  return clamp === undefined ? scaled : clip(scaled, -clamp, clamp);
}

/** x * sigmoid(x), also called swish. */
export function silu(x: Tensor): Tensor {
  return mul(x, sigmoid(x));
}

/** x * Phi(x) with the error function: PyTorch's GELU(approximate='none'). */
export function geluErf(x: Tensor): Tensor {
  return mul(mul(x, 0.5), add(1, erf(mul(x, Math.SQRT1_2))));
}

/** GELU by tanh: PyTorch's approximate='tanh'. */
export function geluTanh(x: Tensor): Tensor {
  const inner = mul(mul(x, Math.sqrt(2 / Math.PI)), add(1, mul(0.044715, square(x))));
  return mul(mul(x, 0.5), add(1, tanh(inner)));
}
