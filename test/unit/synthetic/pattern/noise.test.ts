import { describe, expect, it } from 'vitest';
import { fractalNoise } from '#common/synthetic/pattern/fractalNoise';
import { simplexNoise, valueNoise } from '#common/synthetic/pattern/latticeNoise';
import type { NoiseFunction } from '#common/synthetic/pattern/latticeNoise';
import type { PatternPoints } from '#common/synthetic/pattern/patternPoints';
import { createSeededRandom } from '#common/math/seededRandom';

const COUNT = 4000;

/** Random points of a 20 cm cube seen with one footprint. */
function cloud(footprint: number): PatternPoints {
  const random = createSeededRandom(3);
  return {
    count: COUNT,
    canonical: Float32Array.from({ length: COUNT * 3 }, () => random.between(-0.1, 0.1)),
    footprint: new Float32Array(COUNT).fill(footprint),
  };
}

function statistics(values: Float32Array) {
  let sum = 0;
  let squares = 0;
  let most = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
    most = Math.max(most, Math.abs(value));
  }
  return { mean: sum / values.length, deviation: Math.sqrt(squares / values.length), most };
}

describe.each<[string, NoiseFunction]>([
  ['valueNoise', valueNoise],
  ['simplexNoise', simplexNoise],
])('%s', (_, noise) => {
  it('has mean 0, fills [-1, 1] and does not leave it by much', () => {
    const out = new Float32Array(COUNT);
    fractalNoise(cloud(0), { frequency: 200, seed: 5, noise }, out);
    const { mean, deviation, most } = statistics(out);
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(deviation).toBeGreaterThan(0.25);
    expect(deviation).toBeLessThan(0.5);
    expect(most).toBeGreaterThan(0.75);
    expect(most).toBeLessThan(1.3);
  });

  it('gives slopes that agree with differences', () => {
    const a = new Float64Array(4);
    const b = new Float64Array(4);
    const random = createSeededRandom(9);
    for (let k = 0; k < 200; k++) {
      const at = [random.between(-9, 9), random.between(-9, 9), random.between(-9, 9)] as const;
      noise(...at, 4, a);
      for (let axis = 0; axis < 3; axis++) {
        const moved: [number, number, number] = [...at];
        moved[axis] += 1e-5;
        noise(...moved, 4, b);
        expect(b[0] - a[0]).toBeCloseTo(a[axis + 1] * 1e-5, 7);
      }
    }
  });
});

describe('fractalNoise', () => {
  it('is still where samples are wider than its features', () => {
    const out = new Float32Array(COUNT);
    fractalNoise(cloud(0.004), { frequency: 1000, octaves: 4, seed: 1 }, out);
    expect(statistics(out).most).toBe(0);
  });

  it('keeps only the octaves that a sample can show', () => {
    const fine = new Float32Array(COUNT);
    const one = new Float32Array(COUNT);
    fractalNoise(cloud(0.002), { frequency: 100, octaves: 5, lacunarity: 4, seed: 1 }, fine);
    fractalNoise(cloud(0.002), { frequency: 100, octaves: 1, seed: 1 }, one);
    expect(fine).toEqual(one);
  });

  it('gives ridged noise without a bias', () => {
    const out = new Float32Array(COUNT);
    fractalNoise(cloud(0), { frequency: 200, isRidged: true, seed: 2 }, out);
    expect(Math.abs(statistics(out).mean)).toBeLessThan(0.1);
  });
});
