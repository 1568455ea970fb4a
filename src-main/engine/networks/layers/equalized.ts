import { add, clip, mul } from '#engine/graph/ops/arithmetic';
import { conv } from '#engine/graph/ops/convolution/convolution';
import { transpose } from '#engine/graph/ops/layout';
import { matmul } from '#engine/graph/ops/matmul';
import { reshape } from '#engine/graph/ops/reshape';
import { constant } from '#engine/graph/ops/sources';
import { lrelu } from '#engine/graph/functions/activation';
import { convUp, modulatedConv } from '#engine/graph/functions/modulatedConv';
import { downsampleFir, upfirdn, upsampleFir } from '#engine/graph/functions/upfirdn';
import type { Initializer, Scope } from '#engine/graph/parameters';
import { normal, zeros } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';

/**
 * Layers of StyleGAN2 (arXiv 1912.04958), with the names and layouts that published weights have. Weights start with
 * deviation 1 and are scaled when used, so that Adam moves all layers alike ("equalised learning rate", Progressive
 * GAN, section 4.1).
 */

/** Leaky ReLU of slope 0.2 times sqrt(2), or nothing. */
export type Activation = 'lrelu' | 'linear';

/** What happens to a layer's output at its end. */
export interface OutputOptions {
  readonly activation?: Activation;
  /** Multiplies the output after the activation: sqrt(1/2) where a residual block adds two paths. */
  readonly gain?: number;
  /** Limits the output to [-clamp * gain, clamp * gain]; published networks that train in half precision have 256. */
  readonly clamp?: number;
}

export interface EqualizedLinearOptions extends OutputOptions {
  /** What the biases start at. */
  readonly bias?: number;
  readonly hasBias?: boolean;
  /** Learns slower by this factor: 0.01 in mapping networks. */
  readonly rateScale?: number;
}

export interface EqualizedConvOptions extends OutputOptions {
  /** 3 by default. */
  readonly kernel?: number;
  /** 2 doubles the size, smoothed. */
  readonly up?: 1 | 2;
  /** 2 halves the size, smoothed. */
  readonly down?: 1 | 2;
  readonly hasBias?: boolean;
}

/**
 * What is added to every pixel of a styled convolution, one picture for all channels: the stored one, none, or
 * [batch, 1, size, size] from a normal distribution (training). Scaled by the layer's learned strength.
 */
export type Noise = 'const' | 'none' | Tensor;

export interface StyledConvOptions extends OutputOptions {
  /** 3 by default. */
  readonly kernel?: number;
  /** 2 doubles the size, smoothed. */
  readonly up?: 1 | 2;
  /** Left out: the layer has none, and no parameters for it. */
  readonly noise?: Noise;
}

const FIR_TAPS = [1 / 8, 3 / 8, 3 / 8, 1 / 8];

/**
 * The filter [1, 3, 3, 1] of every change of resolution, [4, 4], sum 1. Published files hold it as a buffer, so it is
 * declared as one; graphs take the constant it always is, because onnxruntime filters one channel at a time 15 times
 * as fast where it knows the filter when it loads the graph.
 */
export function resampleFilter(scope: Scope): Tensor {
  const values = Float32Array.from(FIR_TAPS.flatMap((a) => FIR_TAPS.map((b) => a * b)));
  scope.buffer('resample_filter', [4, 4], { kind: 'values', values });
  return constant(values, [4, 4]);
}

/**
 * Keys `weight` [outputs, inputs] and `bias` [outputs].
 *
 * @param x [..., inputs]
 * @returns [..., outputs]
 */
export function equalizedLinear(
  scope: Scope,
  x: Tensor,
  outputs: number,
  options: EqualizedLinearOptions = {},
): Tensor {
  const { bias = 0, hasBias = true, rateScale = 1 } = options;
  const inputs = x.shape[x.rank - 1];
  const weight = scope.parameter('weight', [outputs, inputs], normal(1 / rateScale));
  // The scale goes to the product, not to the weight: fewer numbers, and the transpose joins the product.
  const product = mul(matmul(x, transpose(weight)), rateScale / Math.sqrt(inputs));
  if (!hasBias) return finish(product, options);
  const start: Initializer = { kind: 'constant', value: bias / rateScale };
  return finish(add(product, mul(scope.parameter('bias', [outputs], start), rateScale)), options);
}

/**
 * Keys `weight` [channels, inputs, kernel, kernel], `bias` [channels] and the buffer `resample_filter`.
 *
 * @param x [batch, inputs, height, width]
 * @returns [batch, channels, height * up / down, width * up / down]
 */
export function equalizedConv(
  scope: Scope,
  x: Tensor,
  channels: number,
  options: EqualizedConvOptions = {},
): Tensor {
  const { kernel = 3, up = 1, down = 1, hasBias = true } = options;
  const inputs = x.shape[1];
  const weight = scope.parameter('weight', [channels, inputs, kernel, kernel], normal());
  const scaled = mul(weight, 1 / Math.sqrt(inputs * kernel * kernel));
  const filter = resampleFilter(scope);
  const filtered = resampledConv(x, scaled, filter, { up, down });
  return finish(hasBias ? addBias(scope, filtered) : filtered, options);
}

/**
 * A convolution whose input channels the style w scales and whose output has the variance it would have without
 * (StyleGAN2, section 2.2). Keys `weight`, `bias`, `affine.weight`, `affine.bias`, and with noise `noise_strength` []
 * and the buffers `noise_const` [size, size] and `resample_filter`.
 *
 * @param x [batch, inputs, height, width]
 * @param w [batch, latent]
 * @returns [batch, channels, height * up, width * up]
 */
export function styledConv(
  scope: Scope,
  x: Tensor,
  w: Tensor,
  channels: number,
  options: StyledConvOptions = {},
): Tensor {
  const { kernel = 3, up = 1, noise, activation = 'lrelu' } = options;
  const style = equalizedLinear(scope.child('affine'), w, x.shape[1], { bias: 1 });
  const weight = scope.parameter('weight', [channels, x.shape[1], kernel, kernel], normal());
  const filter = resampleFilter(scope);
  const filtered = modulatedConv(x, weight, style, { up, filter });
  const noisy = noise === undefined ? filtered : addNoise(scope, filtered, noise);
  return finish(addBias(scope, noisy), { ...options, activation });
}

/**
 * From features to a picture: a styled 1 x 1 convolution whose output keeps the style's strength. Keys `weight`,
 * `bias`, `affine.weight`, `affine.bias`.
 *
 * @param x [batch, inputs, height, width]
 * @param w [batch, latent]
 * @returns [batch, channels, height, width]
 */
export function toRgb(
  scope: Scope,
  x: Tensor,
  w: Tensor,
  channels: number,
  options: Pick<OutputOptions, 'clamp'> = {},
): Tensor {
  const inputs = x.shape[1];
  const style = equalizedLinear(scope.child('affine'), w, inputs, { bias: 1 });
  const weight = scope.parameter('weight', [channels, inputs, 1, 1], normal());
  const scaled = mul(style, 1 / Math.sqrt(inputs));
  return finish(addBias(scope, modulatedConv(x, weight, scaled, { demodulates: false })), options);
}

function finish(x: Tensor, { activation = 'linear', gain = 1, clamp }: OutputOptions): Tensor {
  const active = activation === 'lrelu' ? lrelu(x, { gain: Math.SQRT2 * gain }) : mul(x, gain);
  return clamp === undefined ? active : clip(active, -clamp * gain, clamp * gain);
}

/** Adds one learned number to each channel of [batch, channels, height, width]. */
function addBias(scope: Scope, x: Tensor): Tensor {
  const channels = x.shape[1];
  return add(x, reshape(scope.parameter('bias', [channels], zeros), [channels, 1, 1]));
}

function addNoise(scope: Scope, x: Tensor, noise: Noise): Tensor {
  const [, , height, width] = x.shape;
  // Declared whatever is used: a published file holds them.
  const strength = scope.parameter('noise_strength', [], zeros);
  const stored = scope.buffer('noise_const', [height, width], normal());
  if (noise === 'none') return x;
  return add(x, mul(noise === 'const' ? stored : noise, strength));
}

/** A convolution that keeps, doubles or halves the size; what is smoothed lies on the side of the larger picture. */
function resampledConv(
  x: Tensor,
  weight: Tensor,
  filter: Tensor,
  { up, down }: { readonly up: 1 | 2; readonly down: 1 | 2 },
): Tensor {
  const kernel = weight.shape[2];
  if (up === 2) return kernel === 1 ? upsampleFir(conv(x, weight), filter) : convUp(x, weight, filter);
  if (down === 1) return conv(x, weight, { padding: (kernel - 1) / 2 });
  if (kernel === 1) return conv(downsampleFir(x, filter), weight);
  // The filter leaves the row and column more that the strided convolution's window needs.
  const around = (kernel - 1) / 2 + 1;
  return conv(upfirdn(x, filter, { padding: [around, around, around, around] }), weight, { stride: 2 });
}
