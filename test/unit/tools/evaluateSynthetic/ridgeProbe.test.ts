import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#common/math/seededRandom';
import type { PersonSample } from '#tools/evaluateSynthetic/ridgeProbe';
import { chooseRidge, correlationsOf, heldOut, predict } from '#tools/evaluateSynthetic/ridgeProbe';

/** Twelve features of which the value is a fixed mixture, with noise; four samples a person. */
function samplesOf(count: number, noise: number, seed = 1): PersonSample[] {
  const random = createSeededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const features = Float64Array.from({ length: 12 }, () => random.normal());
    const value = features.reduce((sum, feature, k) => sum + feature * (k - 5), 0);
    return { features, values: [value + noise * random.normal(), 2], person: Math.floor(index / 4) };
  });
}

describe('ridge probe', () => {
  it('finds a linear relation, and the mean where there is none', () => {
    const [values, constant] = predict(samplesOf(80, 0), samplesOf(10, 0, 2), 1e-6);
    samplesOf(10, 0, 2).forEach((sample, k) => expect(values[k]).toBeCloseTo(sample.values[0], 2));
    expect(constant[3]).toBeCloseTo(2, 9);
  });

  it('shrinks towards the mean with the ridge', () => {
    const spread = (ridge: number): number =>
      Math.max(...predict(samplesOf(80, 0), samplesOf(10, 0, 2), ridge)[0].map(Math.abs));
    expect(spread(10)).toBeLessThan(0.5 * spread(0.01));
  });

  it('holds whole groups out', () => {
    // Every person has a value of its own, which nothing but the person tells.
    const random = createSeededRandom(5);
    const samples = Array.from({ length: 60 }, (_, index): PersonSample => {
      const person = Math.floor(index / 4);
      const features = Float64Array.from({ length: 30 }, (_, k) => (k === person ? 1 : 0) + 0.01 * random.normal()); // prettier-ignore
      return { features, values: [((person * 7) % 15) - 7], person };
    });
    const [together] = heldOut(samples, 0.01, 5, (_, index) => index);
    const [apart] = heldOut(samples, 0.01, 5, ({ person }) => person);
    expect(together).toBeGreaterThan(0.9);
    expect(apart).toBeLessThan(0.3);
  });

  it('chooses a light ridge for clean samples, a heavier one for noise', () => {
    const values = (samples: PersonSample[]) => samples.map((s) => ({ ...s, values: [s.values[0]] }));
    const clean = chooseRidge(values(samplesOf(80, 0)));
    expect(clean).toBe(0.1);
    // Strong features say it with noise; many faint ones say nothing, and a light ridge listens to them.
    const random = createSeededRandom(8);
    const misled = samplesOf(60, 15, 3).map(({ features, ...sample }) => ({
      ...sample,
      features: Float64Array.from([
        ...features,
        ...Array.from({ length: 200 }, () => 0.25 * random.normal()),
      ]),
    }));
    expect(chooseRidge(values(misled))).toBeGreaterThan(clean);
  });

  it('tells correlation by value', () => {
    const samples = samplesOf(20, 0);
    expect(correlationsOf(samples, [samples.map(({ values }) => -3 * values[0])])[0]).toBeCloseTo(-1, 9);
  });
});
