import { describe, expect, it } from 'vitest';
import { encodePpm, sampleGrid } from '#engine/training/sampleGrid';

describe('a grid of samples', () => {
  it('puts pictures in rows, channels together, black to white', () => {
    // Two pictures of one pixel: (black, grey, white) and (out of range, white, black).
    const grid = sampleGrid(Float32Array.of(-1, 0, 1, 9, 1, -1), 1, 2);
    expect(grid).toEqual({ width: 2, height: 1, pixels: Uint8Array.of(0, 128, 255, 255, 255, 0) });
    expect(new TextDecoder('latin1').decode(encodePpm(grid).subarray(0, 11))).toBe('P6\n2 1\n255\n');
  });

  it('leaves places of a last row black', () => {
    const { width, height, pixels } = sampleGrid(new Float32Array(9).fill(1), 1, 2);
    expect([width, height, [...pixels.subarray(9)]]).toEqual([2, 2, [0, 0, 0]]);
  });
});
