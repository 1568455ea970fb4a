import type { Denoise } from '#engine/networks/diffusion/denoise';
import { outputChannels } from '#engine/networks/dit/ditConfig';
import type { DitConfig } from '#engine/networks/dit/ditConfig';
import type { Feed, Program } from '#engine/runtime/Backend';
import { valuesOf } from '#engine/training/trainState';

/** What `dit.resampler` made of one picture's features. */
export interface TokenFeeds {
  readonly imageTokens: Feed;
  readonly crossTokens: Feed;
}

/**
 * A compiled `dit.denoiser` for one latent (batch 1) as samplers take it. Tokens and weights are the caller's, and stay
 * as they are.
 */
export function programDenoiser(
  program: Program,
  weights: ReadonlyMap<string, Feed>,
  tokens: TokenFeeds,
  config: DitConfig,
): Denoise {
  const { planes, planeSize, latentChannels } = config;
  const feeds = new Map<string, Feed>([
    ['imageTokens', tokens.imageTokens],
    ['crossTokens', tokens.crossTokens],
  ]);
  for (const { name } of program.graph.parameters) feeds.set(name, valuesOf(weights, name));
  const size = latentChannels * planes * planeSize * planeSize;
  return async (latent, step) => {
    feeds.set('latent', latent);
    feeds.set('timestep', Float32Array.of(step));
    const prediction = valuesOf((await program.run(feeds)).values, 'prediction') as Float32Array;
    const noise = prediction.subarray(0, size);
    return outputChannels(config) === latentChannels
      ? { noise }
      : { noise, variance: prediction.subarray(size, 2 * size) };
  };
}

/** Values of the features of one picture. */
export interface FeatureValues {
  readonly dinoFeatures: Float32Array;
  readonly clipFeatures: Float32Array;
}

/**
 * What guidance's second branch is told instead of a portrait (`DitConfig.unconditional`).
 *
 * @param ofZeroPicture what the CLIP tower says of a picture of zeros, after preparing; only `zeroPicture` needs it
 */
export function unconditionalFeatures(
  { dinoFeatures, clipFeatures }: FeatureValues,
  { unconditional }: DitConfig,
  ofZeroPicture: () => Promise<Float32Array>,
): Promise<FeatureValues> {
  return unconditional === 'zeroPicture'
    ? ofZeroPicture().then((clip) => ({ dinoFeatures, clipFeatures: clip }))
    : Promise.resolve({
        dinoFeatures: new Float32Array(dinoFeatures.length),
        clipFeatures: new Float32Array(clipFeatures.length),
      });
}
