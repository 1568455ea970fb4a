import { describe, expect, it } from 'vitest';
import { evaluateMultiquadricField, fitMultiquadricField } from '#common/math/multiquadricField';
import { rotationDistance, rotationFromVector } from '#common/math/rotation';
import { transformVec3 } from '#common/math/mat3';
import { createSeededRandom } from '#common/math/seededRandom';
import { fitSimilarity } from '#common/math/similarity';
import { pointAt } from '#common/math/vec3';

function somePoints(count: number, seed: number): Float64Array {
  const random = createSeededRandom(seed);
  return Float64Array.from({ length: count * 3 }, () => random.normal() * 0.05);
}

describe('fitSimilarity', () => {
  it('recovers scale, rotation and translation and ignores points of weight zero', () => {
    const source = somePoints(30, 3);
    const rotation = rotationFromVector([0.4, -0.9, 0.3]);
    const target = new Float64Array(source.length);
    for (let i = 0; i < 30; i++) {
      const moved = transformVec3(rotation, pointAt(source, i));
      for (let a = 0; a < 3; a++) target[i * 3 + a] = 1.7 * moved[a] + [0.1, -0.2, 1.4][a];
    }
    target[0] += 5;
    const weights = new Float64Array(30).fill(1);
    weights[0] = 0;
    const found = fitSimilarity(source, target, weights);
    expect(found.scale).toBeCloseTo(1.7, 9);
    expect(rotationDistance(found.rotation, rotation)).toBeLessThan(1e-7);
    [0.1, -0.2, 1.4].forEach((value, axis) => expect(found.translation[axis]).toBeCloseTo(value, 9));
  });
});

describe('multiquadric field', () => {
  it('passes through its data and reproduces a constant everywhere', () => {
    const centres = somePoints(60, 5);
    const values = somePoints(60, 6);
    const slack = new Float64Array(60);
    const field = fitMultiquadricField({ centres, values, components: 3, slack, softness: 0.004 });
    const back = evaluateMultiquadricField(field, centres);
    values.forEach((value, i) => expect(back[i]).toBeCloseTo(value, 6));

    const same = new Float64Array(180).map((_, i) => [0.01, 0.02, -0.03][i % 3]);
    const flat = fitMultiquadricField({ centres, values: same, components: 3, slack, softness: 0.004 });
    const far = evaluateMultiquadricField(flat, Float64Array.of(0.5, 0.5, -0.5));
    [0.01, 0.02, -0.03].forEach((value, axis) => expect(far[axis]).toBeCloseTo(value, 6));
  });

  it('lets the field pass by where slack is given', () => {
    const centres = somePoints(40, 7);
    const values = new Float64Array(120);
    values[0] = 0.02;
    const slack = new Float64Array(40);
    slack[0] = 10;
    const field = fitMultiquadricField({ centres, values, components: 3, slack, softness: 0.004 });
    const back = evaluateMultiquadricField(field, centres);
    expect(Math.abs(back[0])).toBeLessThan(0.002);
    expect(Math.abs(back[3])).toBeLessThan(1e-4);
  });
});
