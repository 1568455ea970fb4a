import { replicatePad } from '#engine/graph/functions/replicatePad';
import * as functions from '#engine/graph/functions/normalization';
import { add } from '#engine/graph/ops/arithmetic';
import { conv, convTranspose as transposed } from '#engine/graph/ops/convolution/convolution';
import { transpose } from '#engine/graph/ops/layout';
import { matmul } from '#engine/graph/ops/matmul';
import { reshape } from '#engine/graph/ops/reshape';
import type { Initializer, Scope } from '#engine/graph/parameters';
import { zeros } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { sizeOf } from '#engine/graph/tensor';

// Layers as PyTorch names, lays out and initialises them: `weight` and `bias` below the scope they are given.

const ones: Initializer = { kind: 'constant', value: 1 };

/** How a weight starts; `fanIn` numbers are summed for each output. */
export type WeightStart = (fanIn: number, fanOut: number) => Initializer;

/** Uniform within 1 / sqrt(fan in): what PyTorch's linear layers and convolutions start with, biases too. */
export const torchStart: WeightStart = (fanIn) => symmetric(1 / Math.sqrt(fanIn));

/** Glorot and Bengio's uniform start, usual in transformers. */
export const xavierStart: WeightStart = (fanIn, fanOut) => symmetric(Math.sqrt(6 / (fanIn + fanOut)));

/** A layer that says nothing at first. */
export const zeroStart: WeightStart = () => zeros;

function symmetric(limit: number): Initializer {
  return { kind: 'uniform', low: -limit, high: limit };
}

export interface LinearOptions {
  readonly hasBias?: boolean;
  readonly start?: WeightStart;
  /** Default: as PyTorch's linear layers where the weight starts so, otherwise 0. */
  readonly biasStart?: Initializer;
}

/**
 * nn.Linear.
 *
 * @param x [..., inputs], two or more axes
 * @returns [..., outputs]; `weight` is [outputs, inputs]
 */
export function linear(
  scope: Scope,
  x: Tensor,
  outputs: number,
  { hasBias = true, start = torchStart, biasStart }: LinearOptions = {},
): Tensor {
  const inputs = x.shape[x.rank - 1];
  const weight = scope.parameter('weight', [outputs, inputs], start(inputs, outputs));
  const product = matmul(x, transpose(weight));
  return hasBias
    ? add(product, scope.parameter('bias', [outputs], biasStart ?? offsetStart(start, inputs)))
    : product;
}

function offsetStart(start: WeightStart, fanIn: number): Initializer {
  return start === torchStart ? torchStart(fanIn, 0) : zeros;
}

/** One number for all spatial axes, or one for each. */
type PerAxis<Value> = number | readonly Value[];

export interface ConvolutionLayerOptions {
  /** Default 3. */
  readonly kernel?: PerAxis<number>;
  readonly stride?: PerAxis<number>;
  /** Default 0, as PyTorch's. */
  readonly padding?: PerAxis<readonly [before: number, after: number]>;
  /** What lies outside: nothing, or the nearest element of the border. */
  readonly padMode?: 'zeros' | 'replicate';
  readonly dilation?: PerAxis<number>;
  readonly groups?: number;
  readonly hasBias?: boolean;
  readonly start?: WeightStart;
}

/**
 * nn.Conv1d, nn.Conv2d or nn.Conv3d, by the axes of `x`; padding may differ before and after.
 *
 * @param x [batch, inputs, ...spatial]
 * @returns [batch, channels, ...]; `weight` is [channels, inputs / groups, ...kernel]
 */
export function convolution(
  scope: Scope,
  x: Tensor,
  channels: number,
  {
    kernel = 3,
    padding = 0,
    padMode = 'zeros',
    groups = 1,
    hasBias = true,
    start = torchStart,
    ...rest
  }: ConvolutionLayerOptions = {},
): Tensor {
  const window = perAxis(kernel, x);
  const inputs = x.shape[1] / groups;
  const taps = sizeOf(window);
  const fanIn = inputs * taps;
  const weight = scope.parameter('weight', [channels, inputs, ...window], start(fanIn, channels * taps));
  const isReplicated = padMode === 'replicate';
  const around = isReplicated ? replicatePad(x, [[0, 0], [0, 0], ...amounts(padding, x)]) : x; // prettier-ignore
  const y = conv(around, weight, { ...rest, groups, padding: isReplicated ? 0 : padding });
  return hasBias ? addChannelBias(scope, y, offsetStart(start, fanIn)) : y;
}

export interface TransposedConvolutionOptions {
  /** Default 4. */
  readonly kernel?: PerAxis<number>;
  readonly stride?: PerAxis<number>;
  /** What is cut away at the borders of the result. */
  readonly padding?: PerAxis<readonly [before: number, after: number]>;
  readonly hasBias?: boolean;
  readonly start?: WeightStart;
}

/**
 * nn.ConvTranspose2d or 3d.
 *
 * @param x [batch, inputs, ...spatial]
 * @returns [batch, channels, ...]; `weight` is [inputs, channels, ...kernel]
 */
export function convTranspose(
  scope: Scope,
  x: Tensor,
  channels: number,
  { kernel = 4, hasBias = true, start = torchStart, ...rest }: TransposedConvolutionOptions = {},
): Tensor {
  const window = perAxis(kernel, x);
  const inputs = x.shape[1];
  const taps = sizeOf(window);
  // PyTorch takes the weight's second axis for the fan in, though it is the outputs here.
  const fanIn = channels * taps;
  const weight = scope.parameter('weight', [inputs, channels, ...window], start(fanIn, inputs * taps));
  const y = transposed(x, weight, rest);
  return hasBias ? addChannelBias(scope, y, offsetStart(start, fanIn)) : y;
}

function perAxis(value: PerAxis<number>, { rank }: Tensor): readonly number[] {
  return typeof value === 'number' ? Array.from({ length: rank - 2 }, () => value) : value;
}

/** Padding as pairs, one for each spatial axis. */
function amounts(
  padding: PerAxis<readonly [before: number, after: number]>,
  { rank }: Tensor,
): readonly (readonly [before: number, after: number])[] {
  return typeof padding === 'number'
    ? Array.from({ length: rank - 2 }, () => [padding, padding] as const)
    : padding;
}

function addChannelBias(scope: Scope, y: Tensor, start: Initializer): Tensor {
  const channels = y.shape[1];
  const bias = scope.parameter('bias', [channels], start);
  return add(y, reshape(bias, [channels, ...y.shape.slice(2).map(() => 1)]));
}

export interface LayerNormOptions {
  readonly epsilon?: number;
  readonly hasAffine?: boolean;
}

/** nn.LayerNorm over the last axis. */
export function layerNorm(
  scope: Scope,
  x: Tensor,
  { epsilon = 1e-5, hasAffine = true }: LayerNormOptions = {},
): Tensor {
  return functions.layerNorm(x, hasAffine ? affine(scope, x.shape[x.rank - 1]) : undefined, epsilon);
}

export interface GroupNormOptions {
  readonly epsilon?: number;
}

/** nn.GroupNorm of [batch, channels, ...spatial]. */
export function groupNorm(
  scope: Scope,
  x: Tensor,
  groups: number,
  { epsilon = 1e-5 }: GroupNormOptions = {},
): Tensor {
  return functions.groupNorm(x, groups, affine(scope, x.shape[1]), epsilon);
}

function affine(scope: Scope, size: number): functions.Affine {
  return {
    weight: scope.parameter('weight', [size], ones),
    bias: scope.parameter('bias', [size], zeros),
  };
}
