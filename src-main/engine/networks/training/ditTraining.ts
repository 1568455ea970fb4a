import type { SeededRandom } from '#common/math/seededRandom';
import { add, mul, sub } from '#engine/graph/ops/arithmetic';
import { toFloat } from '#engine/graph/ops/convert';
import { reshape } from '#engine/graph/ops/reshape';
import { input } from '#engine/graph/ops/sources';
import type { Parameters } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { addNoise, diffusionLoss } from '#engine/networks/diffusion/diffusionLoss';
import type { NoiseSchedule } from '#engine/networks/diffusion/noiseSchedule';
import { linearSchedule } from '#engine/networks/diffusion/noiseSchedule';
import { conditionTokens, denoiser, splitPrediction } from '#engine/networks/dit/dit';
import type { DitConfig } from '#engine/networks/dit/ditConfig';
import type { ConfigName } from '#engine/networks/networkDefinition';
import { NoiseInputs } from '#engine/networks/training/noiseInputs';
import type { AdamOptions } from '#engine/training/adam';
import type { TrainStepOptions } from '#engine/training/TrainStep';

/** How the denoiser learns (supplement D.4; spec 5.7). */
export interface DitRecipe {
  readonly batch: number;
  readonly rate: number;
  /** Updates until the rate is reached. */
  readonly warmUp: number;
  readonly adam: AdamOptions;
  readonly clipLength: number;
  /** Share of samples that are shown without their portrait, for guidance. */
  readonly dropProbability: number;
  /** Of the moving average of weights, per update. */
  readonly averageDecay: number;
}

const published: DitRecipe = {
  batch: 1536,
  rate: 1e-4,
  warmUp: 500,
  adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-10, decay: 0.03 },
  clipLength: 1,
  dropProbability: 0.1,
  averageDecay: 0.9999,
};

/** Short runs average over less (spec 10.5). */
const compact: DitRecipe = {
  ...published,
  batch: 32,
  rate: 3e-4,
  adam: { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, decay: 0.02 },
  averageDecay: 0.999,
};

export const DIT_RECIPES: Readonly<Record<ConfigName, DitRecipe>> = {
  released: published,
  paper: published,
  'compact-gpu': compact,
  'compact-cpu': compact,
};

export interface DitStep {
  readonly step: TrainStepOptions;
  readonly noise: NoiseInputs;
}

/**
 * One update of the denoiser and its resamplers. Inputs besides the noise, by name: `latent` [batch, channels, planes *
 * size, size], drawn from the VAE's posterior and scaled; `step` (`drawSteps`); `shown` (`drawShown`); `dinoFeatures`,
 * `clipFeatures` of the portrait; where the config says `zeroPicture`, `zeroPicture` [1, features, size]: what CLIP says
 * of a picture of zeros.
 */
export function ditStep(
  parameters: Parameters,
  {
    config,
    recipe,
    schedule = linearSchedule(),
  }: { config: DitConfig; recipe: DitRecipe; schedule?: NoiseSchedule },
): DitStep {
  const { batch } = recipe;
  const { latentChannels, planes, planeSize } = config;
  const noises = new NoiseInputs();
  const shape = [batch, latentChannels, planes * planeSize, planeSize];
  const latent = input('latent', shape);
  const noise = noises.declare('noise', shape, { kind: 'normal' });
  const step = input('step', [batch], 'int32');
  const scope = parameters.scope();
  const tokens = conditionTokens(scope, shownFeatures(config, batch), config);
  const noisy = addNoise(schedule, { latent, noise, step });
  const prediction = denoiser(scope, { latent: noisy, timestep: toFloat(step), ...tokens }, config);
  const { loss, simple, bound } = diffusionLoss(schedule, { latent, noise, step }, splitPrediction(prediction, config)); // prettier-ignore
  return {
    step: {
      name: 'dit',
      loss,
      trained: parameters.trained,
      report: { simple, ...(bound && { bound }) },
      adam: recipe.adam,
      clipLength: recipe.clipLength,
    },
    noise: noises,
  };
}

/** The portrait's features where it is shown, what stands for no portrait where it is not. */
function shownFeatures({ dino, clip, unconditional }: DitConfig, batch: number) {
  const features = (name: string, { features: count, featureSize }: DitConfig['dino']): Tensor =>
    input(name, [batch, count, featureSize]);
  const shown = reshape(input('shown', [batch]), [batch, 1, 1]);
  const [ofDino, ofClip] = [features('dinoFeatures', dino), features('clipFeatures', clip)];
  if (unconditional === 'zeroFeatures')
    return { dinoFeatures: mul(ofDino, shown), clipFeatures: mul(ofClip, shown) };
  const nothing = input('zeroPicture', [1, clip.features, clip.featureSize]);
  return { dinoFeatures: ofDino, clipFeatures: add(mul(ofClip, shown), mul(nothing, sub(1, shown))) };
}

/** Steps of the schedule, each as likely. */
export function drawSteps(random: SeededRandom, batch: number, steps = 1000): Int32Array {
  return Int32Array.from({ length: batch }, () => random.integer(steps));
}

/** 0 for the samples that go without their portrait. */
export function drawShown(random: SeededRandom, batch: number, dropProbability: number): Float32Array {
  return Float32Array.from({ length: batch }, () => (random.uniform() < dropProbability ? 0 : 1));
}
