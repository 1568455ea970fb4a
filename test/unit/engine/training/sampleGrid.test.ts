import { describe, expect, it } from 'vitest';
import { sampleGrid } from '#engine/training/sampleGrid';

describe('a grid of samples', () => {
  it('puts pictures in rows, channels together, black to white', () => {
    // Two pictures of one pixel: (black, grey, white) and (out of range, white, black).
    const grid = sampleGrid(Float32Array.of(-1, 0, 1, 9, 1, -1), 1, 2);
    const data = Uint8Array.of(0, 128, 255, 255, 255, 255, 0, 255);
    expect(grid).toEqual({ width: 2, height: 1, data });
  });

  it('leaves places of a last row black', () => {
    const { width, height, data } = sampleGrid(new Float32Array(9).fill(1), 1, 2);
    expect([width, height, [...data.subarray(12)]]).toEqual([2, 2, [0, 0, 0, 255]]);
  });
});
