import { augment } from '#engine/graph/functions/augment';
import { stopGradient } from '#engine/graph/ops/convert';
import { mul } from '#engine/graph/ops/arithmetic';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { constant, input } from '#engine/graph/ops/sources';
import type { Parameters } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { lookAtLabel } from '#engine/networks/camera/lookAt';
import { discriminator } from '#engine/networks/discriminator/discriminator';
import type { DiscriminatorConfig } from '#engine/networks/discriminator/discriminatorConfig';
import type { GeneratorOutputs } from '#engine/networks/generator/generator';
import { generator } from '#engine/networks/generator/generator';
import type { GeneratorConfig, SynthesisConfig } from '#engine/networks/generator/generatorConfig';
import { untruncated } from '#engine/networks/generator/generatorConfig';
import { noiseCount } from '#engine/networks/generator/synthesis';
import type { ConfigName } from '#engine/networks/networkDefinition';
import { deceptionLoss, discernmentLoss, gradientPenalty } from '#engine/networks/training/losses/adversarialLoss'; // prettier-ignore
import { densityRoughness, ROUGHNESS_POINTS, ROUGHNESS_STEP } from '#engine/networks/training/losses/densityRoughness'; // prettier-ignore
import { NoiseInputs } from '#engine/networks/training/noiseInputs';
import type { BlurSchedule } from '#engine/networks/training/pictureBlur';
import { blur, blurTapCount } from '#engine/networks/training/pictureBlur';
import { lazyAdam } from '#engine/training/lazyRegularization';
import type { Backend } from '#engine/runtime/Backend';
import type { LiveState } from '#engine/training/trainState';
import { valuesOf } from '#engine/training/trainState';
import type { StepResult, TrainStepOptions } from '#engine/training/TrainStep';

/** How a domain's generator is fine-tuned (supplement D.2; spec 3.4 where it is silent). */
export interface GanRecipe {
  readonly batch: number;
  /** Of both networks. */
  readonly rate: number;
  /** R1's gamma, and the steps between two updates by it. */
  readonly penalty: { readonly weight: number; readonly interval: number };
  /** Of the density regularisation, likewise. */
  readonly density: { readonly weight: number; readonly interval: number };
  readonly blur: BlurSchedule;
  /** Pictures in which an average of weights forgets half of the past. */
  readonly averageHalfLife: number;
  /** Real pictures that are seen in all. */
  readonly pictures: number;
}

const published: GanRecipe = {
  batch: 32,
  rate: 0.002,
  penalty: { weight: 5, interval: 16 },
  density: { weight: 0.25, interval: 4 },
  blur: { deviation: 10, pictures: 200_000 },
  averageHalfLife: 10_000,
  pictures: 200_000,
};

/** The supplement's for 512 pixels; compact ones follow spec 10.3: R1 by size and batch, blur by size. */
export const GAN_RECIPES: Readonly<Record<ConfigName, GanRecipe>> = {
  released: published,
  paper: published,
  'compact-gpu': {
    ...published,
    penalty: { weight: 0.3, interval: 16 },
    blur: { deviation: 4, pictures: 20_000 },
  },
  'compact-cpu': {
    ...published,
    batch: 8,
    penalty: { weight: 0.2, interval: 16 },
    blur: { deviation: 2, pictures: 8_000 },
    averageHalfLife: 3_000,
    pictures: 80_000,
  },
};

/** StyleGAN2's Adam. */
const ADAM = { beta1: 0, beta2: 0.99, epsilon: 1e-8 };

/** What mapping networks are told of the camera: always the front, so that w says nothing of it (spec 2.7). */
const FRONTAL_LABEL = lookAtLabel({ pivot: [0, 0, 0.2] });

export interface GanNetworks {
  /** Filled by the graphs; `trained` of it is what is trained. */
  readonly generator: Parameters;
  readonly discriminator: Parameters;
}

export interface GanConfig {
  readonly generator: GeneratorConfig;
  readonly discriminator: DiscriminatorConfig;
  readonly recipe: GanRecipe;
}

export interface GanSteps {
  /** Of the generator: to deceive; reports `wAverage`, for `keepStyleAverage`. */
  readonly generator: TrainStepOptions;
  /** Every `density.interval` steps; shares the generator's moments. */
  readonly density: TrainStepOptions;
  /** Of the discriminator; reports `realScores` for the control of the augmentation. */
  readonly discriminator: TrainStepOptions;
  /** Every `penalty.interval` steps; shares the discriminator's moments. */
  readonly penalty: TrainStepOptions;
  /** Multiply the recipe's rate: lazy regularisation does more updates, so each is smaller. */
  readonly rateScale: { readonly generator: number; readonly discriminator: number };
  /** All random inputs of the four steps; each takes those it knows. */
  readonly noise: NoiseInputs;
}

/**
 * The four updates of a domain's fine-tuning as graphs: non-saturating loss, R1, density regularisation, adaptive
 * augmentation, a blur that fades, no style mixing, nothing frozen (supplement D.2).
 *
 * Inputs besides the noise, by name: `camera` [batch, 25], `mesh` and `mouth` (DrivenFace) of what is generated;
 * `real.image`, `real.raw`, `real.camera` of what is true; `blur.image`, `blur.raw` (taps of `pictureBlur`);
 * `{made,real}.placement` and `.colour` (`drawAugmentation`).
 *
 * @param networks take the parameters; the same as for generation
 */
export function ganSteps(networks: GanNetworks, config: GanConfig): GanSteps {
  const { recipe } = config;
  const noise = new NoiseInputs();
  const made = madePictures(networks, config, noise);
  const score = scorer(networks, config);
  const real = realPictures(config);
  const realScores = score('real', real.image, real.raw, real.camera);
  const forD = [made.image, made.raw].map(stopGradient);
  const lazyG = lazyAdam(ADAM, recipe.density.interval);
  const lazyD = lazyAdam(ADAM, recipe.penalty.interval);
  const madeScores = score('made', made.image, made.raw, made.camera);
  const doubtedScores = score('made', forD[0], forD[1], made.camera);
  const ofGenerator = { trained: networks.generator.trained, optimizer: 'generator', adam: lazyG.adam };
  const ofDiscriminator = {
    trained: networks.discriminator.trained,
    optimizer: 'discriminator',
    adam: lazyD.adam,
  };
  return {
    generator: {
      ...ofGenerator,
      name: 'generator',
      loss: deceptionLoss(madeScores),
      report: { wAverage: made.wAverage },
    },
    density: { ...ofGenerator, name: 'density', loss: densityLoss(networks, config, made, noise) },
    discriminator: {
      ...ofDiscriminator,
      name: 'discriminator',
      loss: discernmentLoss(realScores, doubtedScores),
      report: { realScores },
    },
    penalty: {
      ...ofDiscriminator,
      name: 'penalty',
      loss: mul(
        gradientPenalty(realScores, [real.image, real.raw], recipe.penalty.weight),
        recipe.penalty.interval,
      ),
    },
    rateScale: { generator: lazyG.rateScale, discriminator: lazyD.rateScale },
    noise,
  };
}

/**
 * Takes over the average style that a step of the generator reports; truncation at use moves styles towards it.
 *
 * @param result of the step `generator`
 */
export async function keepStyleAverage(
  backend: Backend,
  state: LiveState,
  { report }: StepResult,
): Promise<void> {
  const average = valuesOf(report, 'wAverage');
  const old = valuesOf(state.parameters, STYLE_AVERAGE);
  const shape = [average.length];
  const isOnDevice = backend.rules.stateOn === 'device';
  state.parameters.set(
    STYLE_AVERAGE,
    isOnDevice ? await backend.upload(average, shape) : Float32Array.from(average),
  );
  if (!(old instanceof Float32Array)) old.dispose();
}

const STYLE_AVERAGE = 'backbone.mapping.w_avg';

type MadePictures = GeneratorOutputs & { readonly camera: Tensor };

function madePictures(
  networks: GanNetworks,
  { generator: config, recipe }: GanConfig,
  noise: NoiseInputs,
): MadePictures {
  const { batch } = recipe;
  const { mapping, texture, static: statics, blend, volume } = config;
  const stored = (name: string, branch: SynthesisConfig): Tensor =>
    noise.declare(`noise.${name}`, [batch, noiseCount(branch)], { kind: 'normal' });
  const ray = (name: string): Tensor =>
    noise.declare(`noise.${name}`, [batch, volume.renderSize ** 2, volume.samples], { kind: 'uniform' });
  const camera = input('camera', [batch, 25]);
  const outputs = generator(
    networks.generator.scope(),
    {
      z: noise.declare('z', [batch, mapping.latentSize], { kind: 'normal' }),
      mappingLabel: broadcastTo(constant(FRONTAL_LABEL, [1, 25]), [batch, 25]),
      label: camera,
      mesh: input('mesh', [batch, blend.uvSize, blend.uvSize, 3]),
      mouth: input('mouth', [batch, 1, blend.uvSize, blend.uvSize]),
      noise: {
        texture: stored('texture', texture),
        static: stored('static', statics),
        face: stored('face', blend.face),
        volume: { strata: ray('strata'), importance: ray('importance') },
      },
    },
    untruncated(config),
  );
  return { ...outputs, camera };
}

function realPictures({ discriminator: { imageSize, renderSize }, recipe: { batch } }: GanConfig) {
  return {
    image: input('real.image', [batch, 3, imageSize, imageSize]),
    raw: input('real.raw', [batch, 3, renderSize, renderSize]),
    camera: input('real.camera', [batch, 25]),
  };
}

/** Scores of pictures that are blurred and augmented first, finished and raw alike. */
function scorer({ discriminator: parameters }: GanNetworks, { discriminator: config, recipe }: GanConfig) {
  const { batch } = recipe;
  const scale = config.renderSize / config.imageSize;
  const rawBlur = { ...recipe.blur, deviation: recipe.blur.deviation * scale };
  const taps = {
    image: input('blur.image', [blurTapCount(recipe.blur)]),
    raw: input('blur.raw', [blurTapCount(rawBlur)]),
  };
  return (kind: 'real' | 'made', image: Tensor, raw: Tensor, label: Tensor): Tensor => {
    const placement = input(`${kind}.placement`, [batch, 2, 3]);
    const colour = input(`${kind}.colour`, [batch, 3, 4]);
    const seen = (picture: Tensor, filter: Tensor): Tensor =>
      augment(blur(picture, filter), { placement, colour });
    const inputs = { image: seen(image, taps.image), raw: seen(raw, taps.raw), label };
    return discriminator(parameters.scope(), inputs, config).score;
  };
}

function densityLoss(
  networks: GanNetworks,
  { generator: { volume }, recipe }: GanConfig,
  { planes }: MadePictures,
  noise: NoiseInputs,
): Tensor {
  const shape = [recipe.batch, ROUGHNESS_POINTS, 3];
  // Published points fill a cube twice as wide, seven eighths of which are outside the planes.
  const half = volume.boxWarp / 2;
  const points = noise.declare('density.points', shape, { kind: 'uniform', low: -half, high: half });
  const steps = noise.declare('density.steps', shape, { kind: 'normal', deviation: ROUGHNESS_STEP });
  const roughness = densityRoughness(networks.generator.scope('decoder'), { planes, points, steps }, volume);
  return mul(roughness, recipe.density.weight * recipe.density.interval);
}
