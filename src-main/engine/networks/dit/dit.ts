import { silu } from '#engine/graph/functions/activation';
import { add, mul } from '#engine/graph/ops/arithmetic';
import { cos, sin } from '#engine/graph/ops/elementwise';
import { concat, slice, split, transpose } from '#engine/graph/ops/layout';
import { reshape } from '#engine/graph/ops/reshape';
import { constant } from '#engine/graph/ops/sources';
import type { Scope } from '#engine/graph/parameters';
import { normal } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { ditBlock, modulate, modulationTable } from '#engine/networks/dit/block';
import type { DitConfig } from '#engine/networks/dit/ditConfig';
import { outputChannels, tokenGrid } from '#engine/networks/dit/ditConfig';
import { LONGEST_PERIOD, tokenPositions } from '#engine/networks/dit/positions';
import { resampler } from '#engine/networks/dit/resampler';
import type { WeightStart } from '#engine/networks/layers/dense';
import { convolution, linear, xavierStart, zeroStart } from '#engine/networks/layers/dense';

/** Waves a timestep is written in. */
const TIME_WAVES = 256;

const faint: WeightStart = () => normal(0.02);

/** What a picture is to the denoiser; made once for all steps of sampling. */
export interface ConditionTokens {
  /** [batch, dino.tokens, width] */
  readonly imageTokens: Tensor;
  /** [batch, clip.tokens, width] */
  readonly crossTokens: Tensor;
}

/** What image encoders say of a picture: [batch, features, featureSize] each. */
export interface ImageFeatures {
  readonly dinoFeatures: Tensor;
  readonly clipFeatures: Tensor;
}

/** Both Perceiver resamplers (spec 5.3). */
export function conditionTokens(
  scope: Scope,
  { dinoFeatures, clipFeatures }: ImageFeatures,
  config: DitConfig,
): ConditionTokens {
  return {
    imageTokens: resampler(scope.child('dino_embedder'), dinoFeatures, config.dino, config),
    crossTokens: resampler(scope.child('y_embedder'), clipFeatures, config.clip, config),
  };
}

export interface DenoiserInputs extends ConditionTokens {
  /** [batch, channels, planes * size, size], scaled (`vae/latentLayout.ts`), with noise. */
  readonly latent: Tensor;
  /** [batch], 0 to 1000, fractions too. */
  readonly timestep: Tensor;
}

/**
 * The transformer (spec 5.2).
 *
 * @returns [batch, channels or twice as many, planes * size, size]: the noise; after it, where the variance is learned,
 *   its place between its bounds, -1 to 1
 */
export function denoiser(
  scope: Scope,
  { latent, timestep, imageTokens, crossTokens }: DenoiserInputs,
  config: DitConfig,
): Tensor {
  const { width, depth, heads, mlpRatio } = config;
  const batch = latent.shape[0];
  const time = embedTime(scope.child('t_embedder'), timestep, width);
  const six = linear(scope.child('t_block.1'), silu(time), 6 * width, { start: faint });
  const modulation = reshape(six, [batch, 6, width]);
  let x = embedPatches(scope.child('x_embedder'), latent, config);
  for (let index = 0; index < depth; index++) {
    const conditions = { modulation, imageTokens, crossTokens };
    x = ditBlock(scope.child(`blocks.${index}`), x, conditions, { heads, mlpRatio });
  }
  return unpatchify(finalLayer(scope.child('final_layer'), x, time, config), config);
}

/** The learned range's part of what the denoiser gives, if there is one. */
export function splitPrediction(
  prediction: Tensor,
  { latentChannels, learnsVariance }: DitConfig,
): { readonly noise: Tensor; readonly variance?: Tensor } {
  if (!learnsVariance) return { noise: prediction };
  const [noise, variance] = split(prediction, [latentChannels, latentChannels], 1);
  return { noise, variance };
}

/** [batch] -> [batch, width]; cosines come before sines here. */
function embedTime(scope: Scope, timestep: Tensor, width: number): Tensor {
  const half = TIME_WAVES / 2;
  const rates = Float32Array.from({ length: half }, (_, k) => LONGEST_PERIOD ** (-k / half));
  const angles = mul(reshape(timestep, [timestep.size, 1]), constant(rates, [1, half]));
  const waves = concat([cos(angles), sin(angles)], 1);
  const hidden = silu(linear(scope.child('mlp.0'), waves, width, { start: faint }));
  return linear(scope.child('mlp.2'), hidden, width, { start: faint });
}

/** Squares of latent cells as tokens, in raster order, each with its position. */
function embedPatches(scope: Scope, latent: Tensor, config: DitConfig): Tensor {
  const { patch, width } = config;
  const { rows, columns } = tokenGrid(config);
  const squares = convolution(scope.child('proj'), latent, width, {
    kernel: patch,
    stride: patch,
    start: xavierStart,
  });
  const tokens = transpose(reshape(squares, [latent.shape[0], width, rows * columns]), [0, 2, 1]);
  return add(tokens, constant(tokenPositions(config), [1, rows * columns, width]));
}

/** Starts at 0: an untrained network predicts no noise. */
function finalLayer(scope: Scope, x: Tensor, time: Tensor, config: DitConfig): Tensor {
  const [batch, , width] = x.shape;
  const two = add(reshape(time, [batch, 1, width]), modulationTable(scope, 2, width));
  const modulated = modulate(x, slice(two, { 1: [0, 1] }), slice(two, { 1: [1, 2] }));
  const outputs = config.patch ** 2 * outputChannels(config);
  return linear(scope.child('linear'), modulated, outputs, { start: zeroStart });
}

/** [batch, tokens, patch * patch * channels] -> [batch, channels, planes * size, size]. */
export function unpatchify(tokens: Tensor, config: DitConfig): Tensor {
  const { patch } = config;
  const { rows, columns } = tokenGrid(config);
  const batch = tokens.shape[0];
  const channels = outputChannels(config);
  const apart = reshape(tokens, [batch, rows, columns, patch, patch, channels]);
  const ordered = transpose(apart, [0, 5, 1, 3, 2, 4]);
  return reshape(ordered, [batch, channels, rows * patch, columns * patch]);
}
