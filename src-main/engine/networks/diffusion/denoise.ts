import type { NoiseLevel } from '#engine/networks/diffusion/noiseSchedule';

/** What a denoiser says of a noisy latent. */
export interface Prediction {
  readonly noise: Float32Array;
  /** Where the variance lies in its learned range, -1 to 1, if the denoiser learned it. */
  readonly variance?: Float32Array | undefined;
}

/**
 * The network as samplers see it. Arrays it is given or gives may be used again by neither side before the next call.
 *
 * @param latent noisy, its whole batch
 * @param step of the noise schedule, fractions too
 */
export type Denoise = (latent: Float32Array, step: number) => Promise<Prediction>;

/**
 * Classifier-free guidance: what the condition adds to the prediction, `scale` times. A scale of 1 is the conditional
 * denoiser itself, and asks nothing else.
 */
export function guided(conditional: Denoise, unconditional: Denoise, scale: number): Denoise {
  if (scale === 1) return conditional;
  return async (latent, step) => {
    // One after the other: programs block their thread anyway.
    const { noise, variance } = await conditional(latent, step);
    const without = (await unconditional(latent, step)).noise;
    return { noise: noise.map((value, k) => without[k] + scale * (value - without[k])), variance };
  };
}

/** The clean latent that noise and noisy latent imply. */
export function impliedLatent(noisy: Float32Array, noise: Float32Array, level: NoiseLevel): Float32Array {
  const { alpha, sigma } = level;
  return noisy.map((value, k) => (value - sigma * noise[k]) / alpha);
}
