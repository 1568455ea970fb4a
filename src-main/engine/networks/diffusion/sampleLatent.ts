import type { WorkContext } from '#common/contract/progress';
import { createSeededRandom } from '#common/math/seededRandom';
import type { Denoise } from '#engine/networks/diffusion/denoise';
import type { NoiseSchedule } from '#engine/networks/diffusion/noiseSchedule';
import { linearSchedule } from '#engine/networks/diffusion/noiseSchedule';
import type { Spacing } from '#engine/networks/diffusion/samplers/sampleSteps';
import { sampleDdpm } from '#engine/networks/diffusion/samplers/ddpm';
import { sampleDpmSolver } from '#engine/networks/diffusion/samplers/dpmSolver';
import { sampleSaSolver } from '#engine/networks/diffusion/samplers/saSolver';
import { normals } from '#engine/training/randomStreams';

/** Samplers by name, with their published number of steps (spec 5.6). */
export const SAMPLER_STEPS = { 'dpm-solver++': 20, ddpm: 100, 'sa-solver': 25 } as const;

export type SamplerName = keyof typeof SAMPLER_STEPS;

export interface SampleOptions {
  /** Numbers the latent has. */
  readonly size: number;
  /** Decides the noise it starts from and all that is added. */
  readonly seed: number;
  readonly sampler?: SamplerName;
  readonly steps?: number;
  readonly schedule?: NoiseSchedule;
  /** Of the solvers' steps; ddpm's are even. */
  readonly spacing?: Spacing;
}

/**
 * Makes a latent from noise. Equal seeds give equal latents.
 *
 * @throws AppError job.cancelled
 */
export async function sampleLatent(
  denoise: Denoise,
  { size, seed, sampler = 'dpm-solver++', schedule = linearSchedule(), ...rest }: SampleOptions,
  context: WorkContext = {},
): Promise<Float32Array> {
  const { steps = SAMPLER_STEPS[sampler], spacing } = rest;
  const random = createSeededRandom(seed);
  const request = { denoise, start: normals(random, size), schedule, steps, spacing, random };
  if (sampler === 'ddpm') return sampleDdpm(request, context);
  if (sampler === 'sa-solver') return sampleSaSolver(request, {}, context);
  return sampleDpmSolver(request, context);
}
