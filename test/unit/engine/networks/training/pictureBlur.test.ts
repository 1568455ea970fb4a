import { describe, expect, it } from 'vitest';
import { evaluate } from '#engine/graph/reference/evaluate';
import { input } from '#engine/graph/ops/sources';
import { blur, blurTapCount, blurTaps } from '#engine/networks/training/pictureBlur';

const SCHEDULE = { deviation: 2, pictures: 1000 };

describe('the blur of what a discriminator sees', () => {
  it('is widest at the start and nothing at the end, in one size of filter', () => {
    const spread = (seen: number): number => {
      const taps = blurTaps(SCHEDULE, seen);
      expect(taps).toHaveLength(blurTapCount(SCHEDULE));
      expect(taps.reduce((sum, tap) => sum + tap)).toBeCloseTo(1, 6);
      return taps.reduce((sum, tap, k) => sum + tap * (k - (taps.length - 1) / 2) ** 2, 0);
    };
    const spreads = [0, 250, 500, 1000, 5000].map(spread);
    expect([...spreads].sort((a, b) => b - a)).toEqual(spreads);
    expect(spreads.slice(3)).toEqual([0, 0]);
    // exp2(-(x / 2)^2) has the deviation 2 / sqrt(2 ln 2).
    expect(Math.sqrt(spreads[0])).toBeCloseTo(2 / Math.sqrt(2 * Math.LN2), 1);
  });

  it('leaves a picture as it is once it is gone, and spreads a point evenly before', () => {
    const picture = new Float32Array(2 * 9 * 9);
    picture[40] = 1;
    picture[81 + 10] = 1;
    const [x, taps] = [input('x', [1, 2, 9, 9]), input('taps', [blurTapCount(SCHEDULE)])];
    const blurred = (seen: number): Float32Array => {
      const values = new Map([
        ['x', Float64Array.from(picture)],
        ['taps', Float64Array.from(blurTaps(SCHEDULE, seen))],
      ]);
      return Float32Array.from(evaluate([blur(x, taps)], values)[0]);
    };
    expect(blurred(1000)).toEqual(picture);
    const spread = blurred(500);
    // Rows and columns alike about the point in the middle of the first channel.
    expect(spread[39]).toBeCloseTo(spread[31], 6);
    expect(spread[41]).toBeCloseTo(spread[49], 6);
    expect(spread[40]).toBeLessThan(1);
  });
});
