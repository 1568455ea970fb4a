import { describe, expect, it } from 'vitest';
import { constant } from '#engine/graph/ops/sources';
import { Parameters } from '#engine/graph/parameters';
import { evaluate } from '#engine/graph/reference/evaluate';
import type { Tensor } from '#engine/graph/tensor';
import { equalizedConv, equalizedLinear } from '#engine/networks/layers/equalized';
import { initialValues } from '#engine/training/initialValues';

// How these layers compute is compared with PyTorch by the goldens of generator, super-resolution and discriminator.

function run(build: (parameters: Parameters) => Tensor, change: Readonly<Record<string, Float32Array>> = {}) {
  const parameters = new Parameters();
  const result = build(parameters);
  const feeds = new Map([...initialValues(parameters.all, 1), ...Object.entries(change)].map(([name, own]) => [name, Float64Array.from(own)])); // prettier-ignore
  return { values: evaluate([result], feeds)[0], shape: result.shape, parameters };
}

describe('equalizedLinear', () => {
  const ones = constant(new Float32Array(64).fill(1), [1, 64]);

  it('starts with the bias it is told, whatever its rate', () => {
    const zero = constant(new Float32Array(64), [1, 64]);
    for (const rateScale of [1, 0.01]) {
      const { values } = run((p) => equalizedLinear(p.scope(), zero, 3, { bias: 0.5, rateScale }));
      for (const value of values) expect(value).toBeCloseTo(0.5, 6);
    }
  });

  it('keeps the variance of what comes in', () => {
    const { values } = run((p) => equalizedLinear(p.scope(), ones, 4000));
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(variance).toBeGreaterThan(0.9);
    expect(variance).toBeLessThan(1.1);
  });
});

describe('equalizedConv', () => {
  const flat = constant(new Float32Array(2 * 64).fill(1), [1, 2, 8, 8]);
  const weightOf = (kernel: number): Float32Array =>
    Float32Array.from({ length: 2 * kernel * kernel }, (_, k) => k - 3);

  it.each([
    [1, 2, 1],
    [3, 2, 1],
    [1, 1, 2],
    [3, 1, 2],
  ] as const)('changes the size and keeps what is flat: kernel %d, up %d, down %d', (kernel, up, down) => {
    const weight = weightOf(kernel);
    const sampled = run((p) => equalizedConv(p.scope(), flat, 1, { kernel, up, down }), { weight });
    const side = (8 * up) / down;
    expect(sampled.shape).toEqual([1, 1, side, side]);
    // In the middle, where no border is felt.
    const expected = weight.reduce((sum, value) => sum + value, 0) / Math.sqrt(2 * kernel * kernel);
    for (const row of [side / 2 - 1, side / 2])
      expect(sampled.values[row * side + side / 2]).toBeCloseTo(expected, 5);
  });

  it('limits what comes out in proportion to its gain', () => {
    const weight = weightOf(1).fill(100);
    const options = { kernel: 1, gain: 0.5, clamp: 3, activation: 'lrelu' } as const;
    const { values } = run((p) => equalizedConv(p.scope(), flat, 1, options), { weight });
    expect(Math.max(...values)).toBe(1.5);
  });

  it('keeps its filter as a buffer that is not trained', () => {
    const { parameters } = run((p) => equalizedConv(p.scope('conv'), flat, 1));
    expect(parameters.all.map(({ attributes }) => attributes.name).sort()).toEqual(['conv.bias', 'conv.resample_filter', 'conv.weight']); // prettier-ignore
    expect(parameters.trained.map(({ attributes }) => attributes.name)).not.toContain('conv.resample_filter');
  });
});
