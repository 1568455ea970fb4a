import { describe, expect, it } from 'vitest';
import { constantRate, cosineRate, withWarmUp } from '#engine/training/learningRate';
import { isDue, lazyAdam } from '#engine/training/lazyRegularization';

describe('learning rates', () => {
  it('fall along half a cosine and stay', () => {
    const rate = cosineRate(1, 10, 0.2);
    expect([0, 5, 10, 50].map((step) => Number(rate(step).toFixed(9)))).toEqual([1, 0.6, 0.2, 0.2]);
  });

  it('rise evenly while warming up', () => {
    const rate = withWarmUp(4, constantRate(8));
    expect([0, 1, 3, 4, 100].map(rate)).toEqual([2, 4, 8, 8, 8]);
  });
});

describe('lazy regularisation', () => {
  it('is due in the first step and every so many', () => {
    expect([0, 1, 15, 16, 32].map((step) => isDue(step, 16))).toEqual([true, false, false, true, true]);
  });

  it('forgets as much over its updates as one update of the loss alone', () => {
    const { adam, rateScale } = lazyAdam({ beta1: 0, beta2: 0.99 }, 16);
    expect(rateScale).toBeCloseTo(16 / 17);
    expect(adam.beta1).toBe(0);
    expect(adam.beta2! ** (17 / 16)).toBeCloseTo(0.99);
  });
});
