/**
 * How a latent drowns in noise: at step i it is alpha_i * latent + sigma_i * noise, with alpha² + sigma² = 1. Steps count
 * from 0, the faintest noise, to `steps` - 1; solvers of the differential equation also ask in between.
 */
export interface NoiseSchedule {
  readonly steps: number;
  /** Variance added by each step. */
  readonly betas: Float64Array;
  /** Products of 1 - beta up to and with each step: alpha². */
  readonly alphaBars: Float64Array;
}

/** Betas rise evenly (DDPM, section 4); the defaults are the published ones (spec 5.6). */
export function linearSchedule(steps = 1000, first = 1e-4, last = 2e-2): NoiseSchedule {
  const betas = Float64Array.from(
    { length: steps },
    (_, i) => first + ((last - first) * i) / Math.max(1, steps - 1),
  );
  return scheduleOf(betas);
}

export function scheduleOf(betas: Float64Array): NoiseSchedule {
  let product = 1;
  return { steps: betas.length, betas, alphaBars: betas.map((beta) => (product *= 1 - beta)) };
}

/** Signal and noise at one time. */
export interface NoiseLevel {
  readonly alpha: number;
  readonly sigma: number;
  /** log(alpha / sigma), half the logarithm of the signal-to-noise ratio: the time solvers count in. */
  readonly lambda: number;
}

/**
 * The level at a step, or between two: log(alpha) is interpolated.
 *
 * @param step 0 to steps - 1, fractions too
 */
export function levelAt({ alphaBars, steps }: NoiseSchedule, step: number): NoiseLevel {
  const below = Math.min(steps - 1, Math.floor(step));
  const above = Math.min(steps - 1, below + 1);
  const low = 0.5 * Math.log(alphaBars[below]);
  const high = 0.5 * Math.log(alphaBars[above]);
  const logAlpha = low + (high - low) * (step - below);
  // log(sigma²) without losing what is left of 1 - alpha² near 0.
  const logSigma = 0.5 * Math.log(-Math.expm1(2 * logAlpha));
  return { alpha: Math.exp(logAlpha), sigma: Math.exp(logSigma), lambda: logAlpha - logSigma };
}

/** What a step back from i looks like when the clean latent is known (DDPM, eq. 6 and 7). */
export interface PosteriorStep {
  /** Mean = ofLatent * clean + ofNoisy * noisy. */
  readonly ofLatent: number;
  readonly ofNoisy: number;
  /** Logarithm of its variance; the first step's is 0 and takes that of the second (IDDPM). */
  readonly logVariance: number;
}

export function posteriorStep({ betas, alphaBars, steps }: NoiseSchedule, step: number): PosteriorStep {
  const before = step === 0 ? 1 : alphaBars[step - 1];
  const rest = step === 0 ? betas[0] : 1 - alphaBars[step];
  const shown = step === 0 && steps > 1 ? 1 : step;
  const shownBefore = shown === 0 ? 1 : alphaBars[shown - 1];
  const variance = (betas[shown] * (1 - shownBefore)) / (1 - alphaBars[shown]);
  return {
    ofLatent: (betas[step] * Math.sqrt(before)) / rest,
    ofNoisy: ((1 - before) * Math.sqrt(1 - betas[step])) / rest,
    logVariance: Math.log(Math.max(variance, 1e-20)),
  };
}

/**
 * The same noise in fewer steps (IDDPM, section 4): the chosen steps of `schedule`, evenly spaced with first and last, and
 * a schedule in which they are neighbours.
 */
export function respace(
  schedule: NoiseSchedule,
  count: number,
): { readonly chosen: readonly number[]; readonly schedule: NoiseSchedule } {
  const final = schedule.steps - 1;
  const chosen = Array.from({ length: count }, (_, k) =>
    count === 1 ? final : Math.round((k * final) / (count - 1)),
  );
  const betas = Float64Array.from(chosen, (step, k) => {
    const before = k === 0 ? 1 : schedule.alphaBars[chosen[k - 1]];
    return 1 - schedule.alphaBars[step] / before;
  });
  return { chosen, schedule: scheduleOf(betas) };
}
