import { describe, expect, it } from 'vitest';
import { AppError } from '#common/contract/errors';
import type { Progress } from '#common/contract/progress';
import { createSeededRandom } from '#common/math/seededRandom';
import type { Denoise } from '#engine/networks/diffusion/denoise';
import { guided } from '#engine/networks/diffusion/denoise';
import type { NoiseLevel } from '#engine/networks/diffusion/noiseSchedule';
import { levelAt, linearSchedule } from '#engine/networks/diffusion/noiseSchedule';
import type { SamplerName } from '#engine/networks/diffusion/sampleLatent';
import { sampleLatent, SAMPLER_STEPS } from '#engine/networks/diffusion/sampleLatent';
import { sampleDpmSolver } from '#engine/networks/diffusion/samplers/dpmSolver';
import { sampleSaSolver } from '#engine/networks/diffusion/samplers/saSolver';
import type { Spacing } from '#engine/networks/diffusion/samplers/sampleSteps';
import { normals } from '#engine/training/randomStreams';

const schedule = linearSchedule();
const MEAN = 1.5;
const DEVIATION = 0.4;
const names = Object.keys(SAMPLER_STEPS) as SamplerName[];

/** Mean and deviation of what is noised from a normal distribution. */
function marginal({ alpha, sigma }: NoiseLevel): { readonly mean: number; readonly deviation: number } {
  return { mean: alpha * MEAN, deviation: Math.hypot(alpha * DEVIATION, sigma) };
}

/** The exact noise where clean latents are N(1.5, 0.4²). */
const exact: Denoise = (latent, step) => {
  const level = levelAt(schedule, step);
  const { mean, deviation } = marginal(level);
  return Promise.resolve({
    noise: latent.map((value) => (level.sigma * (value - mean)) / (deviation * deviation)),
  });
};

/** Where the differential equation takes a start value: straight along the marginals. */
function trueEnd(start: number): number {
  const first = marginal(levelAt(schedule, 999));
  const last = marginal(levelAt(schedule, 0));
  return last.mean + ((start - first.mean) / first.deviation) * last.deviation;
}

function moments(values: Float32Array): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(square) };
}

const request = (denoise: Denoise, start: Float32Array, steps: number) => ({
  denoise,
  start,
  schedule,
  steps,
  random: createSeededRandom(1),
});

describe('DPM-Solver++ 2M', () => {
  const errorAt = async (steps: number, spacing?: Spacing): Promise<number> => {
    const start = Float32Array.of(-2, -0.5, 0, 1, 2.5);
    const end = await sampleDpmSolver({ ...request(exact, start, steps), spacing });
    return end.reduce((most, value, k) => Math.max(most, Math.abs(value - trueEnd(start[k]))), 0);
  };

  // T15
  it('with the exact noise of a normal distribution ends where the equation does', async () => {
    expect(await errorAt(400)).toBeLessThan(2e-3);
  });

  it('in 20 steps gives the numbers of the formula in numpy', async () => {
    const end = await sampleDpmSolver(request(exact, Float32Array.of(-2, 0, 2.5), 20));
    [0.48451816, 1.49510992, 2.75834961].forEach((value, k) => {
      expect(end[k]).toBeCloseTo(value, 4);
    });
  });

  it('is nearer in as many steps that are even in lambda', async () => {
    expect(await errorAt(20, 'lambda')).toBeLessThan((await errorAt(20)) / 15);
  });

  it('is of second order', async () => {
    const ratio = (await errorAt(100)) / (await errorAt(200));
    expect(ratio).toBeGreaterThan(3);
    expect(ratio).toBeLessThan(6);
  });

  it('asks as often as it has steps, from 999 down, evenly', async () => {
    const asked: number[] = [];
    const denoise: Denoise = (latent, step) => {
      asked.push(step);
      return exact(latent, step);
    };
    await sampleDpmSolver(request(denoise, Float32Array.of(0), 4));
    expect(asked).toEqual([999, 749.25, 499.5, 249.75]);
  });
});

describe('SA-Solver', () => {
  it('without noise is a solver of the same equation, at least of second order', async () => {
    const start = Float32Array.of(-2, 0, 2.5);
    const errorAt = async (steps: number): Promise<number> => {
      const end = await sampleSaSolver(request(exact, start, steps), { tau: () => 0 });
      return end.reduce((most, value, k) => Math.max(most, Math.abs(value - trueEnd(start[k]))), 0);
    };
    expect(await errorAt(400)).toBeLessThan(2e-3);
    expect((await errorAt(100)) / (await errorAt(200))).toBeGreaterThan(3);
  });

  it('of first order without noise and corrector is DDIM', async () => {
    // One step from 999 to 0: alpha_0 * clean + sigma_0 * noise.
    const start = Float32Array.of(0.7);
    const end = await sampleSaSolver(request(exact, start, 1), { tau: () => 0, order: 1 });
    const { noise } = await exact(start, 999);
    const [first, last] = [levelAt(schedule, 999), levelAt(schedule, 0)];
    const clean = (0.7 - first.sigma * noise[0]) / first.alpha;
    expect(end[0]).toBeCloseTo(last.alpha * clean + last.sigma * noise[0], 5);
  });
});

describe('every sampler', () => {
  // T15
  it.each(names)('%s: with the exact noise draws the distribution', async (sampler) => {
    const values = await sampleLatent(exact, { size: 10_000, seed: 3, sampler, steps: 200 });
    const { mean, deviation } = moments(values);
    expect(Math.abs(mean - MEAN)).toBeLessThan(0.02);
    expect(Math.abs(deviation / DEVIATION - 1)).toBeLessThan(0.04);
  });

  it.each(names)('%s: equal seeds give equal latents, others others', async (sampler) => {
    const draw = (seed: number): Promise<Float32Array> => sampleLatent(exact, { size: 6, seed, sampler });
    expect(await draw(1)).toEqual(await draw(1));
    expect(await draw(1)).not.toEqual(await draw(2));
  });

  it.each(names)('%s: says how far it is, and stops when cancelled', async (sampler) => {
    const seen: Progress[] = [];
    const signal = { aborted: false };
    const context = {
      signal,
      onProgress: (progress: Progress): void => {
        seen.push(progress);
        if (progress.fraction >= 0.5) signal.aborted = true;
      },
    };
    const running = sampleLatent(exact, { size: 2, seed: 1, sampler, steps: 10 }, context);
    await expect(running).rejects.toThrow(AppError);
    expect(seen[0]).toEqual({ stage: 'sample', fraction: 0 });
    expect(seen.at(-1)?.fraction).toBe(0.5);
  });

  it('leaves its start as it was', async () => {
    const start = Float32Array.of(1, 2);
    await sampleDpmSolver(request(exact, start, 3));
    expect(start).toEqual(Float32Array.of(1, 2));
  });

  it('DDPM takes the learned variance: at its upper end it adds more noise', async () => {
    const told =
      (variance: number): Denoise =>
      async (latent, step) => ({
        ...(await exact(latent, step)),
        variance: new Float32Array(latent.length).fill(variance),
      });
    const spread = async (denoise: Denoise): Promise<number> =>
      moments(await sampleLatent(denoise, { size: 5000, seed: 1, sampler: 'ddpm', steps: 20 })).deviation;
    const [low, high, none] = [await spread(told(-1)), await spread(told(1)), await spread(exact)];
    expect(low).toBe(none);
    expect(high).toBeGreaterThan(low);
  });
});

describe('guidance', () => {
  const say =
    (value: number): Denoise =>
    (latent) =>
      Promise.resolve({ noise: new Float32Array(latent.length).fill(value), variance: latent });

  // T16
  it('of scale 1 is the conditional denoiser, and asks no other', async () => {
    const never: Denoise = () => Promise.reject(new Error('was asked'));
    const latent = normals(createSeededRandom(1), 4);
    const plain = await say(2)(latent, 10);
    expect(await guided(say(2), never, 1)(latent, 10)).toEqual(plain);
  });

  it('goes beyond the condition, and keeps the conditional variance', async () => {
    const latent = Float32Array.of(7);
    const { noise, variance } = await guided(say(2), say(1), 4.5)(latent, 10);
    expect(noise[0]).toBe(5.5);
    expect(variance).toBe(latent);
    expect((await guided(say(2), say(1), 0)(latent, 10)).noise[0]).toBe(1);
  });
});
