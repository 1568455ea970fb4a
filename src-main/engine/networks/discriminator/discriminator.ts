import { add, mul } from '#engine/graph/ops/arithmetic';
import { concat } from '#engine/graph/ops/layout';
import { sum } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import { rootMeanSquareNorm } from '#engine/graph/functions/normalization';
import { resizeBilinear } from '#engine/graph/functions/resize';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { shapeError } from '#engine/graph/tensor';
import type { DiscriminatorConfig } from '#engine/networks/discriminator/discriminatorConfig';
import { batchSpread } from '#engine/networks/discriminator/batchSpread';
import { equalizedConv, equalizedLinear, resampleFilter } from '#engine/networks/layers/equalized';

export interface DiscriminatorInputs {
  /** The finished picture, [batch, 3, imageSize, imageSize], -1 to 1. */
  readonly image: Tensor;
  /** The raw picture, [batch, 3, renderSize, renderSize]; needed where both are judged. */
  readonly raw?: Tensor;
  /** The camera's label, [batch, 25]; needed where the config has one. */
  readonly label?: Tensor;
}

export interface DiscriminatorOutputs {
  /** [batch, 1]: above 0 for what it takes for real. */
  readonly score: Tensor;
  /** What it sees, after each block from the largest to the smallest; a perceptual distance compares these. */
  readonly features: readonly Tensor[];
}

/**
 * EG3D's dual discriminator: StyleGAN2's residual one over the finished and the raw picture together, so that both show
 * the same head, projected onto the mapped label (EG3D section 4.4; spec 2.6).
 */
export function discriminator(
  scope: Scope,
  inputs: DiscriminatorInputs,
  config: DiscriminatorConfig,
): DiscriminatorOutputs {
  const { x: last, size, features } = residualBlocks(scope, joinPictures(scope, inputs, config), config);
  const epilogue = scope.child(`b${size}`);
  const { channelMax, groupSize, clamp, labelSize } = config;
  const channels = channelsAt(size, config);
  let x = equalizedConv(epilogue.child('conv'), batchSpread(last, groupSize), channels, { activation: 'lrelu', ...limited(clamp) }); // prettier-ignore
  const flat = reshape(x, [x.shape[0], -1]);
  x = equalizedLinear(epilogue.child('fc'), flat, channels, { activation: 'lrelu' });
  if (labelSize === 0) return { score: equalizedLinear(epilogue.child('out'), x, 1), features };
  if (inputs.label === undefined) throw shapeError('discriminator', [x], 'is conditional, give it labels');
  const out = equalizedLinear(epilogue.child('out'), x, channelMax);
  const mapped = mapLabel(scope.child('mapping'), inputs.label, config);
  const projected = sum(mul(out, mapped), [1], { keepAxes: true });
  return { score: mul(projected, 1 / Math.sqrt(channelMax)), features };
}

/** Channels at a resolution. */
function channelsAt(size: number, { channelBase, channelMax }: DiscriminatorConfig): number {
  return Math.min(Math.round(channelBase / size), channelMax);
}

function limited(clamp: number | undefined): { readonly clamp?: number } {
  return clamp === undefined ? {} : { clamp };
}

/** One picture of 6 channels, or of 3. */
function joinPictures(
  scope: Scope,
  { image, raw }: DiscriminatorInputs,
  { pictures, imageSize }: DiscriminatorConfig,
): Tensor {
  if (pictures === 'single') return image;
  if (raw === undefined) throw shapeError('discriminator', [image], 'judges the raw picture too, give it');
  // Stored by the published network, which can also enlarge with it; it does so bilinearly.
  resampleFilter(scope);
  return concat([image, resizeBilinear(raw, imageSize, imageSize, { isAntialiased: true })], 1);
}

function residualBlocks(
  scope: Scope,
  pictures: Tensor,
  config: DiscriminatorConfig,
): { readonly x: Tensor; readonly size: number; readonly features: readonly Tensor[] } {
  const { imageSize } = config;
  const options = limited(config.clamp);
  const entry = scope.child(`b${imageSize}.fromrgb`);
  let x = equalizedConv(entry, pictures, channelsAt(imageSize, config), { kernel: 1, activation: 'lrelu', ...options }); // prettier-ignore
  const features: Tensor[] = [];
  let size = imageSize;
  for (; size >= 8 && size % 2 === 0; size /= 2) {
    const block = scope.child(`b${size}`);
    resampleFilter(block);
    const [channels, halved] = [channelsAt(size, config), channelsAt(size / 2, config)];
    const gain = Math.SQRT1_2;
    const skip = equalizedConv(block.child('skip'), x, halved, { kernel: 1, down: 2, hasBias: false, gain }); // prettier-ignore
    const y = equalizedConv(block.child('conv0'), x, channels, { activation: 'lrelu', ...options });
    const z = equalizedConv(block.child('conv1'), y, halved, { down: 2, activation: 'lrelu', gain, ...options }); // prettier-ignore
    x = add(skip, z);
    features.push(x);
  }
  return { x, size, features };
}

/** The label's direction in the space of outputs: StyleGAN2's mapping network without a latent. */
function mapLabel(scope: Scope, label: Tensor, { channelMax, mappingLayers }: DiscriminatorConfig): Tensor {
  let x = rootMeanSquareNorm(equalizedLinear(scope.child('embed'), label, channelMax));
  for (let layer = 0; layer < mappingLayers; layer++) {
    x = equalizedLinear(scope.child(`fc${layer}`), x, channelMax, { activation: 'lrelu', rateScale: 0.01 });
  }
  return x;
}
