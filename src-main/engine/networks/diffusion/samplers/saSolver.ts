import type { WorkContext } from '#common/contract/progress';
import { impliedLatent } from '#engine/networks/diffusion/denoise';
import type { NoiseLevel } from '#engine/networks/diffusion/noiseSchedule';
import { levelAt } from '#engine/networks/diffusion/noiseSchedule';
import type { SampleRequest } from '#engine/networks/diffusion/samplers/sampleSteps';
import { reportStep, stepsFor } from '#engine/networks/diffusion/samplers/sampleSteps';

export interface SaSolverOptions {
  /** Noise put in at a step of the schedule, as `tau` of the paper: 0 none, 1 as much as DDPM. */
  readonly tau?: (step: number) => number;
  /** Clean latents a prediction goes through, and a correction besides the new one. */
  readonly order?: number;
}

/** A clean latent and when it was implied. */
interface Node {
  readonly clean: Float32Array;
  readonly lambda: number;
}

/** Noise in the middle of the way only, as published. */
const middleNoise =
  (steps: number) =>
  (step: number): number =>
    step >= 0.2 * steps && step <= 0.8 * steps ? 1 : 0;

/**
 * SA-Solver (Xue et al. 2023, algorithm 1): Adams methods for the stochastic differential equation. Each step predicts,
 * asks the denoiser there, and corrects with the answer and the same noise. 25 steps are the published number.
 *
 * @throws AppError job.cancelled
 */
export async function sampleSaSolver(
  { denoise, start, schedule, steps, spacing, random }: SampleRequest,
  { tau = middleNoise(schedule.steps), order = 2 }: SaSolverOptions = {},
  context: WorkContext = {},
): Promise<Float32Array> {
  const times = stepsFor(schedule, steps, spacing);
  const levels = times.map((time) => levelAt(schedule, time));
  const ask = async (x: Float32Array, k: number): Promise<Node> => {
    const { noise } = await denoise(x, times[k]);
    return { clean: impliedLatent(x, noise, levels[k]), lambda: levels[k].lambda };
  };
  let x: Float32Array = start;
  let known: readonly Node[] = [await ask(x, 0)];
  for (let k = 1; k <= steps; k++) {
    reportStep(context, k - 1, steps);
    const step = { from: levels[k - 1], to: levels[k], strength: tau(times[k]) };
    const noise = step.strength === 0 ? undefined : Float32Array.from(x, () => random.normal());
    const predicted = advance(x, known, step, noise);
    if (k === steps) {
      x = predicted;
      break;
    }
    const next = await ask(predicted, k);
    x = advance(x, [next, ...known], step, noise);
    known = [next, ...known].slice(0, order);
  }
  reportStep(context, steps, steps);
  return x;
}

interface SolverStep {
  readonly from: NoiseLevel;
  readonly to: NoiseLevel;
  readonly strength: number;
}

/**
 * The exact solution where the clean latent is the polynomial in lambda through `nodes`, and tau is constant (eq. 14 of
 * the paper).
 */
function advance(
  x: Float32Array,
  nodes: readonly Node[],
  { from, to, strength }: SolverStep,
  noise: Float32Array | undefined,
): Float32Array {
  const width = to.lambda - from.lambda;
  const speed = strength * strength;
  const keep = (to.sigma / from.sigma) * Math.exp(-speed * width);
  const weights = adamsWeights(
    nodes.map(({ lambda }) => lambda - to.lambda),
    width,
    1 + speed,
  ).map((weight) => to.alpha * weight);
  const spread = to.sigma * Math.sqrt(-Math.expm1(-2 * speed * width));
  return x.map((value, i) => {
    let sum = keep * value + (noise === undefined ? 0 : spread * noise[i]);
    for (let n = 0; n < nodes.length; n++) sum += weights[n] * nodes[n].clean[i];
    return sum;
  });
}

/**
 * For each node, the integral over [-width, 0] of rate * exp(rate * u) times its Lagrange polynomial, which is 1 at the
 * node and 0 at the others.
 */
function adamsWeights(nodes: readonly number[], width: number, rate: number): readonly number[] {
  const moments = exponentialMoments(nodes.length, width, rate);
  return nodes.map((own, index) => {
    // Coefficients of the polynomial, constant first.
    let polynomial = [1];
    nodes.forEach((other, at) => {
      if (at === index) return;
      const scale = 1 / (own - other);
      polynomial = [0, ...polynomial].map(
        (shifted, power) => scale * (shifted - other * (polynomial[power] ?? 0)),
      );
    });
    return polynomial.reduce((sum, coefficient, power) => sum + coefficient * moments[power], 0);
  });
}

/** Integrals of rate * exp(rate * u) * u^n over [-width, 0] for n = 0, 1, ...; by parts. */
function exponentialMoments(count: number, width: number, rate: number): readonly number[] {
  const edge = Math.exp(-rate * width);
  const moments = [-Math.expm1(-rate * width)];
  for (let n = 1; n < count; n++) moments.push(-((-width) ** n) * edge - (n / rate) * moments[n - 1]);
  return moments;
}
