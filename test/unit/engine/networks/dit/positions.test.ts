import { describe, expect, it } from 'vitest';
import { DIT_CONFIGS } from '#engine/networks/dit/ditConfig';
import { tokenPositions } from '#engine/networks/dit/positions';

describe('positions of tokens', () => {
  it('as published: a square raster, columns first, half a column and two rows apart', () => {
    const table = tokenPositions(DIT_CONFIGS.released);
    expect(table).toHaveLength(1024 * 1152);
    // Token 33 is row 1, column 1 of 32 x 32; the first wave of each half has the rate 1.
    const start = 33 * 1152;
    expect(table[start]).toBeCloseTo(Math.sin(0.5), 6);
    expect(table[start + 288]).toBeCloseTo(Math.cos(0.5), 6);
    expect(table[start + 576]).toBeCloseTo(Math.sin(2), 6);
    expect(table[start + 864]).toBeCloseTo(Math.cos(2), 6);
    // The last wave is about 2 pi * 10,000 long.
    expect(table[start + 287]).toBeCloseTo(0.5 * 10_000 ** (-287 / 288), 8);
  });

  it('plane, row and column tell every token from every other', () => {
    const config = DIT_CONFIGS['compact-cpu'];
    const table = tokenPositions(config);
    const seen = new Set<string>();
    for (let token = 0; token < 256; token++) seen.add(table.subarray(token * 192, (token + 1) * 192).join());
    expect(seen.size).toBe(256);
    // Token 139 = 2 * 64 + 1 * 8 + 3: plane 2, row 1, column 3.
    const sines = [0, 64, 128].map((part) => table[139 * 192 + part]);
    [2, 1, 3].forEach((place, k) => {
      expect(sines[k]).toBeCloseTo(Math.sin(place), 6);
    });
  });
});
