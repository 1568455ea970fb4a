import { describe, expect, it } from 'vitest';
import { createNoiseSheet, readNoiseSheet } from '#common/synthetic/pattern/noiseSheet';
import { simplexNoise } from '#common/synthetic/pattern/latticeNoise';

describe('a sheet of noise', () => {
  it('reads as the noise that it was made from, up to what a blurred picture shows', () => {
    const sheet = createNoiseSheet({ across: 7.3, down: 3.1, seed: 5 });
    const exact = new Float64Array(4);
    let worst = 0;
    let largest = 0;
    for (let k = 0; k < 400; k++) {
      const [u, v] = [(k * 0.377) % 1, (k * 0.7131) % 1];
      simplexNoise(u * 7.3, v * 3.1, 0.37, 5, exact);
      worst = Math.max(worst, Math.abs(readNoiseSheet(sheet, u, v) - exact[0]));
      largest = Math.max(largest, Math.abs(exact[0]));
    }
    expect(largest).toBeGreaterThan(0.5);
    expect(worst).toBeLessThan(0.12);
  });

  it('does not change along an axis without features', () => {
    const sheet = createNoiseSheet({ across: 4, down: 0, seed: 9 });
    expect(readNoiseSheet(sheet, 0.3, 0)).toBe(readNoiseSheet(sheet, 0.3, 0.9));
    expect(readNoiseSheet(sheet, 0.3, 0)).not.toBe(readNoiseSheet(sheet, 0.7, 0));
  });

  it('can be read up to its borders', () => {
    const sheet = createNoiseSheet({ across: 2, down: 2, seed: 1 });
    for (const at of [0, 1]) expect(Number.isFinite(readNoiseSheet(sheet, at, 1 - at))).toBe(true);
  });
});
