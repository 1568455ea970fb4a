import { stopGradient } from '#engine/graph/ops/convert';
import { add, mul } from '#engine/graph/ops/arithmetic';
import { constant, input } from '#engine/graph/ops/sources';
import type { Parameters } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { discriminator } from '#engine/networks/discriminator/discriminator';
import type { DiscriminatorConfig } from '#engine/networks/discriminator/discriminatorConfig';
import type { ConfigName } from '#engine/networks/networkDefinition';
import type { RendererOutputs } from '#engine/networks/renderer/renderer';
import { renderer } from '#engine/networks/renderer/renderer';
import type { RendererConfig } from '#engine/networks/renderer/rendererConfig';
import { absoluteDistance } from '#engine/networks/training/losses/absoluteDistance';
import { deceptionLoss, discernmentLoss, gradientPenalty } from '#engine/networks/training/losses/adversarialLoss'; // prettier-ignore
import type { PictureDistance } from '#engine/networks/training/losses/pictureDistance';
import { weighted } from '#engine/networks/training/losses/weighted';
import { NoiseInputs } from '#engine/networks/training/noiseInputs';
import type { AdamOptions } from '#engine/training/adam';
import type { TrainStepOptions } from '#engine/training/TrainStep';

/** How the renderer learns from a frozen generator's pictures (supplement D.5, equation S1; spec 6.5). */
export interface RendererRecipe {
  /** Half of it with motion, half static. */
  readonly batch: number;
  readonly rate: number;
  readonly adam: AdamOptions;
  readonly weights: {
    /** L_re: absolute difference and perceptual distance, of finished and raw picture alike. */
    readonly pictures: number;
    readonly features: number;
    readonly planes: number;
    readonly depth: number;
    readonly opacity: number;
    readonly adversary: number;
    /** Of the identity network's distance; the published code has it, the supplement does not. */
    readonly identity: number;
  };
  /** R1 of the discriminator. */
  readonly penalty: { readonly weight: number; readonly interval: number };
  /** Pictures until which volume decoder and super-resolution stay as the generator's, and no adversary is heard. */
  readonly warmUp: number;
  /** Rays along each side at the start; reached sizes double after the warm-up until the config's is reached. */
  readonly firstRenderSize: number;
  /** Pictures between two doublings. */
  readonly doublingEvery: number;
  /** In all. */
  readonly pictures: number;
}

const published: RendererRecipe = {
  batch: 96,
  rate: 1e-4,
  adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-5 },
  weights: { pictures: 1, features: 1, planes: 0.1, depth: 1, opacity: 1, adversary: 0.01, identity: 0 },
  penalty: { weight: 1, interval: 16 },
  warmUp: 1_000_000,
  firstRenderSize: 64,
  doublingEvery: 1_000_000,
  pictures: 8_000_000,
};

/** Compact: spec 10.6; warm-up is the first eighth of the run, as the supplement's is. */
export const RENDERER_RECIPES: Readonly<Record<ConfigName, RendererRecipe>> = {
  released: { ...published, weights: { ...published.weights, identity: 1 } },
  paper: published,
  'compact-gpu': {
    ...published,
    batch: 16,
    rate: 3e-4,
    adam: { beta1: 0.9, beta2: 0.99, epsilon: 1e-8 },
    warmUp: 20_000,
    firstRenderSize: 64,
    pictures: 160_000,
  },
  'compact-cpu': {
    ...published,
    batch: 4,
    rate: 3e-4,
    adam: { beta1: 0.9, beta2: 0.99, epsilon: 1e-8 },
    warmUp: 6_000,
    firstRenderSize: 48,
    pictures: 48_000,
  },
};

/** What holds at a moment of a run. */
export interface RendererPhase {
  /** Volume decoder and super-resolution are not trained yet. */
  readonly isWarmUp: boolean;
  readonly renderSize: number;
}

/** The schedule of supplement D.5: frozen neural rendering first, then everything, at growing resolution. */
export function rendererPhase(
  recipe: RendererRecipe,
  finalRenderSize: number,
  picturesSeen: number,
): RendererPhase {
  const { warmUp, firstRenderSize, doublingEvery } = recipe;
  const isWarmUp = picturesSeen < warmUp;
  if (isWarmUp) return { isWarmUp, renderSize: Math.min(firstRenderSize, finalRenderSize) };
  const doublings = 1 + Math.floor((picturesSeen - warmUp) / doublingEvery);
  return { isWarmUp, renderSize: Math.min(firstRenderSize * 2 ** doublings, finalRenderSize) };
}

/** The same renderer with other ray counts: raw pictures and features change size, finished pictures do not. */
export function atRenderSize(config: RendererConfig, renderSize: number): RendererConfig {
  return {
    ...config,
    volume: { ...config.volume, renderSize },
    superresolution: { ...config.superresolution, renderSize },
  };
}

/** The second half of a batch is static: one expression in all its views, and no motion to look at. */
export function halfStaticScales(batch: number): Float32Array {
  return Float32Array.from({ length: batch }, (_, index) => (index < Math.ceil(batch / 2) ? 1 : 0));
}

export interface RendererNetworks {
  readonly renderer: Parameters;
  readonly discriminator: Parameters;
}

export interface RendererLossConfig {
  readonly renderer: RendererConfig;
  readonly discriminator: DiscriminatorConfig;
  readonly recipe: RendererRecipe;
  readonly phase: RendererPhase;
  readonly perceptual: PictureDistance;
  /** Needed where its weight is not 0. */
  readonly identity?: PictureDistance;
}

export interface RendererSteps {
  readonly renderer: TrainStepOptions;
  /** Only after the warm-up, as `penalty`. */
  readonly discriminator?: TrainStepOptions;
  readonly penalty?: TrainStepOptions;
  readonly noise: NoiseInputs;
}

/** Keys that stay as the generator's during the warm-up. */
const FROZEN_AT_FIRST = /^(decoder|superresolution)\./;

/**
 * The updates of one phase as graphs. Inputs by name: `source`, `sourceMotion`, `motion`, `triplane` (as the DiT made
 * it, so that the renderer learns to forgive), `mesh`, `mouth`, `camera`, `ws`; what the domain's generator shows for
 * them: `truth.image`, `.raw`, `.features`, `.depth`, `.opacity`, `.planes`.
 */
export function rendererSteps(networks: RendererNetworks, config: RendererLossConfig): RendererSteps {
  const { recipe, phase } = config;
  const rendererConfig = atRenderSize(config.renderer, phase.renderSize);
  const noise = new NoiseInputs();
  const { made, label } = madeFrames(networks, rendererConfig, recipe.batch, noise);
  const truth = truthOf(made);
  const all = networks.renderer.trained;
  const trained = phase.isWarmUp
    ? all.filter(({ attributes }) => !FROZEN_AT_FIRST.test(attributes.name))
    : all;
  const judge = (image: Tensor, raw: Tensor): Tensor =>
    discriminator(networks.discriminator.scope(), { image, raw, label }, { ...config.discriminator, renderSize: phase.renderSize }).score; // prettier-ignore
  const { loss, terms } = rendererLoss(made, truth, phase.isWarmUp ? undefined : judge, config);
  const step = { name: phase.isWarmUp ? 'renderer.warmUp' : 'renderer', optimizer: 'renderer', loss, trained, adam: recipe.adam, report: terms }; // prettier-ignore
  if (phase.isWarmUp) return { renderer: step, noise };
  const realScores = judge(truth.image, truth.raw);
  const madeScores = judge(stopGradient(made.image), stopGradient(made.raw));
  const ofJudge = { optimizer: 'discriminator', trained: networks.discriminator.trained, adam: recipe.adam };
  const { weight, interval } = recipe.penalty;
  return {
    renderer: step,
    discriminator: { ...ofJudge, name: 'discriminator', loss: discernmentLoss(realScores, madeScores) },
    penalty: {
      ...ofJudge,
      name: 'penalty',
      loss: mul(gradientPenalty(realScores, [truth.image, truth.raw], weight), interval),
    },
    noise,
  };
}

/** Equation S1. Terms of weight 0 are left out; without a judge there is no adversary. */
export function rendererLoss(
  made: RendererOutputs,
  truth: RendererOutputs,
  judge: ((image: Tensor, raw: Tensor) => Tensor) | undefined,
  {
    recipe: { weights },
    perceptual,
    identity,
  }: Pick<RendererLossConfig, 'recipe' | 'perceptual' | 'identity'>,
): { readonly loss: Tensor; readonly terms: Readonly<Record<string, Tensor>> } {
  const alike = (a: Tensor, b: Tensor): Tensor => add(absoluteDistance(a, b), perceptual(a, b));
  const terms: Record<string, Tensor> = {
    pictures: add(alike(made.image, truth.image), alike(made.raw, truth.raw)),
    features: absoluteDistance(made.features, truth.features),
    planes: absoluteDistance(made.planes, truth.planes),
    depth: absoluteDistance(made.depth, truth.depth),
    opacity: absoluteDistance(made.opacity, truth.opacity),
    ...(judge && { adversary: deceptionLoss(judge(made.image, made.raw)) }),
    ...(identity && { identity: identity(made.image, truth.image) }),
  };
  return { loss: weighted(terms, weights), terms };
}

function madeFrames(networks: RendererNetworks, config: RendererConfig, batch: number, noise: NoiseInputs) {
  const { core, blend, volume } = config;
  const { planeSize, planeChannels, sourceSize, motionSize } = core;
  const ray = (name: string): Tensor =>
    noise.declare(`noise.${name}`, [batch, volume.renderSize ** 2, volume.samples], { kind: 'uniform' });
  const label = input('camera', [batch, 25]);
  const made = renderer(
    networks.renderer.scope(),
    {
      source: input('source', [batch, 3, sourceSize, sourceSize]),
      sourceMotion: input('sourceMotion', [batch, motionSize]),
      motion: input('motion', [batch, motionSize]),
      motionScale: constant(halfStaticScales(batch), [batch]),
      triplane: input('triplane', [batch, 4, planeChannels, planeSize, planeSize]),
      ws: input('ws', [1, blend.latentCount, blend.latentSize]),
      mesh: input('mesh', [batch, blend.uvSize, blend.uvSize, 3]),
      mouth: input('mouth', [batch, 1, blend.uvSize, blend.uvSize]),
      label,
      noise: { strata: ray('strata'), importance: ray('importance') },
    },
    config,
  );
  return { made, label };
}

/** An input for each output, of its shape. */
function truthOf({ image, raw, features, depth, opacity, planes }: RendererOutputs): RendererOutputs {
  const like = (name: string, { shape }: Tensor): Tensor => input(`truth.${name}`, shape);
  return {
    image: like('image', image),
    raw: like('raw', raw),
    features: like('features', features),
    depth: like('depth', depth),
    opacity: like('opacity', opacity),
    planes: like('planes', planes),
  };
}
