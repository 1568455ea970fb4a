import { mul } from '#engine/graph/ops/arithmetic';
import { mean } from '#engine/graph/ops/reduce';
import { slice } from '#engine/graph/ops/layout';
import { input } from '#engine/graph/ops/sources';
import type { Parameters, Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { AdamOptions } from '#engine/training/adam';
import type { TrainStepOptions } from '#engine/training/TrainStep';
import type { BlendInputs } from '#engine/networks/generator/blendPlanes';
import { blendPlanes } from '#engine/networks/generator/blendPlanes';
import type { GeneratorConfig } from '#engine/networks/generator/generatorConfig';
import { superresolution } from '#engine/networks/superresolution/superresolution';
import { NoiseInputs } from '#engine/networks/training/noiseInputs';
import { renderVolume } from '#engine/networks/volume/renderVolume';
import type { ConfigName } from '#engine/networks/networkDefinition';
import { absoluteDistance } from '#engine/networks/training/losses/absoluteDistance';
import type { PictureDistance } from '#engine/networks/training/losses/pictureDistance';
import { weighted } from '#engine/networks/training/losses/weighted';
import { posteriorDivergence, samplePosterior } from '#engine/networks/vae/posterior';
import type { TriplaneStatistics } from '#engine/networks/vae/triplaneStatistics';
import {
  denormaliseTriplane,
  normaliseTriplane,
  triplaneStatistics,
} from '#engine/networks/vae/triplaneStatistics';
import { decodeLatent, encodeTriplane } from '#engine/networks/vae/vae';
import type { VaeConfig } from '#engine/networks/vae/vaeConfig';
import { latentSize } from '#engine/networks/vae/vaeConfig';

/** How the VAE learns (supplement D.3; spec 4.4). Every term is a mean, so that weights mean the same at every size. */
export interface VaeRecipe {
  readonly batch: number;
  readonly rate: number;
  readonly adam: AdamOptions;
  readonly clipLength: number;
  readonly weights: {
    readonly triplane: number;
    readonly depth: number;
    readonly perceptual: number;
    /** Of the absolute difference of renderings; the supplement has none. */
    readonly picture: number;
    /** Of the divergence from the normal distribution, per element of the latent. */
    readonly divergence: number;
  };
}

const published: VaeRecipe = {
  batch: 16,
  rate: 3e-5,
  adam: { beta1: 0.5, beta2: 0.9, epsilon: 1e-8, decay: 1e-2 },
  clipLength: 1,
  weights: { triplane: 1, depth: 1, perceptual: 1, picture: 0, divergence: 1e-5 },
};

const compact: VaeRecipe = {
  ...published,
  batch: 8,
  rate: 5e-4,
  adam: { ...published.adam, beta1: 0.9, beta2: 0.95 },
  weights: { triplane: 1, depth: 0.1, perceptual: 0.2, picture: 1, divergence: 1e-5 },
};

export const VAE_RECIPES: Readonly<Record<ConfigName, VaeRecipe>> = {
  released: published,
  paper: published,
  'compact-gpu': compact,
  'compact-cpu': compact,
};

/** A rendering that the loss compares. */
export interface TriplaneView {
  /** [batch, 3, height, width], -1 to 1. */
  readonly picture: Tensor;
  /** [batch, 1, height, width], world units. */
  readonly depth: Tensor;
}

export interface VaeLossInputs {
  /** As networks exchange it: [batch, 4, channels, P, P]. */
  readonly triplane: Tensor;
  /** Standard normal, of the latent's shape. */
  readonly noise: Tensor;
  /**
   * How triplanes are looked at: the domain's own generator from a drawn camera, with one expression for truth and
   * reconstruction. Its parameters stay as they are.
   */
  readonly render: (triplane: Tensor) => TriplaneView;
  readonly statistics: TriplaneStatistics;
  readonly perceptual: PictureDistance;
}

export interface VaeLoss {
  readonly loss: Tensor;
  readonly terms: Readonly<Record<'triplane' | 'depth' | 'perceptual' | 'picture' | 'divergence', Tensor>>;
}

/** The loss of supplement D.3: triplane and depth in L1, renderings in a perceptual distance, and a light prior. */
export function vaeLoss(
  scope: Scope,
  { triplane, noise, render, statistics, perceptual }: VaeLossInputs,
  { config, weights }: { readonly config: VaeConfig; readonly weights: VaeRecipe['weights'] },
): VaeLoss {
  const normalised = normaliseTriplane(triplane, statistics);
  const posterior = encodeTriplane(scope, normalised, config);
  const latent = samplePosterior(posterior, noise);
  const reconstruction = decodeLatent(scope, latent, config);
  const truth = render(triplane);
  const shown = render(denormaliseTriplane(reconstruction, statistics));
  const terms = {
    triplane: absoluteDistance(reconstruction, normalised),
    depth: absoluteDistance(shown.depth, truth.depth),
    perceptual: perceptual(shown.picture, truth.picture),
    picture: absoluteDistance(shown.picture, truth.picture),
    divergence: mul(mean(posteriorDivergence(posterior)), latent.shape[0] / latent.size),
  };
  return { loss: weighted(terms, weights), terms };
}

export interface VaeNetworks {
  readonly vae: Parameters;
  /** The domain's, frozen: it looks at triplanes. */
  readonly generator: Parameters;
}

export interface VaeStep {
  readonly step: TrainStepOptions;
  readonly noise: NoiseInputs;
}

/**
 * One update of the VAE. Inputs besides the noise, by name: `triplane` [batch, 4, channels, P, P] of the domain's
 * generator with the `ws` it was made from; `camera` (`VAE_CAMERAS`), `mesh` and `mouth` to look at it.
 */
export function vaeStep(
  networks: VaeNetworks,
  { vae, generator, recipe }: { vae: VaeConfig; generator: GeneratorConfig; recipe: VaeRecipe },
  perceptual: PictureDistance,
): VaeStep {
  const { batch } = recipe;
  const { planes, planeChannels, planeSize, latentChannels } = vae;
  const { blend } = generator;
  const noise = new NoiseInputs();
  const size = latentSize(vae);
  const { loss, terms } = vaeLoss(
    networks.vae.scope(),
    {
      triplane: input('triplane', [batch, planes, planeChannels, planeSize, planeSize]),
      noise: noise.declare('noise', [batch, latentChannels, planes, size, size], { kind: 'normal' }),
      render: triplaneView(networks.generator.scope(), generator, {
        ws: input('ws', [batch, blend.latentCount, blend.latentSize]),
        mesh: input('mesh', [batch, blend.uvSize, blend.uvSize, 3]),
        mouth: input('mouth', [batch, 1, blend.uvSize, blend.uvSize]),
        label: input('camera', [batch, 25]),
      }),
      statistics: triplaneStatistics(networks.vae.scope(), planes),
      perceptual,
    },
    { config: vae, weights: recipe.weights },
  );
  const { adam, clipLength } = recipe;
  return {
    step: { name: 'vae', loss, trained: networks.vae.trained, report: terms, adam, clipLength },
    noise,
  };
}

/** How a domain's generator shows triplanes, one expression and camera for all that are given (spec 2.4, from step 6). */
export function triplaneView(
  scope: Scope,
  { blend, volume, superresolution: finish }: GeneratorConfig,
  { ws, mesh, mouth, label }: Pick<BlendInputs, 'ws' | 'mesh' | 'mouth'> & { readonly label: Tensor },
): (triplane: Tensor) => TriplaneView {
  return (triplane) => {
    const planes = blendPlanes(scope, { triplane, ws, mesh, mouth }, blend);
    const { features, depth } = renderVolume(scope.child('decoder'), { planes, label }, volume);
    const rgb = slice(features, { 1: [0, 3] });
    return { picture: superresolution(scope.child('superresolution'), { rgb, features, ws }, finish), depth };
  };
}
