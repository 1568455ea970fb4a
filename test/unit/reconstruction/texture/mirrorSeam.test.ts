import { createColorImage } from '#common/image/colorImage';
import { createSeenTexels } from '#common/reconstruction/texture/head/bakeSeen';
import { cellsOf, LIGHT_STEP, middleTexel, widenPlane } from '#common/reconstruction/texture/head/cellPlane';
import type { HeadChart } from '#common/reconstruction/texture/head/headChart';
import { foreignCells, litCells } from '#common/reconstruction/texture/head/mirrorLight';
import { seamCorrection } from '#common/reconstruction/texture/head/mirrorSeam';
import { describe, expect, it } from 'vitest';

const SIZE = 1024;
const SIDE = SIZE / LIGHT_STEP;
const MIDDLE = (SIDE / 2) * SIDE;

function plane(valueAt: (x: number) => number) {
  const data = Float32Array.from({ length: SIDE * SIDE }, (_, cell) => valueAt(cell % SIDE));
  return { width: SIDE, height: SIDE, data };
}

/** Seen skin left of column 128 (cells), mirrored skin everywhere, .2 lighter. */
function halves() {
  const seen = createSeenTexels(SIZE);
  const mirrored = createSeenTexels(SIZE);
  for (let texel = 0; texel < SIZE * SIZE; texel++) {
    seen.weight[texel] = texel % SIZE < SIZE / 2 ? 1 : 0;
    mirrored.weight[texel] = 1;
  }
  seen.color.data.fill(0.4);
  mirrored.color.data.fill(0.6);
  const light = { ratio: createColorImage(SIDE, SIDE), gain: plane(() => 1), skinLuminance: 0.5 };
  return { seen, mirrored, light, own: cellsOf(seen.weight, SIZE) };
}

describe('seamCorrection', () => {
  it('takes mirrored skin to the seen skin at their border and leaves it alone far away', () => {
    const { seen, mirrored, light, own } = halves();
    const { data } = seamCorrection(SIZE, seen, mirrored, light, { own, foreign: plane(() => 0) });
    const at = (column: number) => data[(MIDDLE + column) * 3];
    // From .6 to .4, as the logarithm of a factor.
    expect(at(130)).toBeCloseTo(-0.38, 1);
    expect(Math.abs(at(220))).toBeLessThan(0.1);
    for (let column = 129; column < 220; column++) {
      expect(Math.abs(at(column + 1) - at(column)), `column ${column}`).toBeLessThan(0.04);
    }
  });

  it('learns nothing from foreign texels', () => {
    const { seen, mirrored, light, own } = halves();
    const { data } = seamCorrection(SIZE, seen, mirrored, light, { own, foreign: plane(() => 1) });
    expect(Math.max(...data.subarray(MIDDLE * 3, (MIDDLE + SIDE) * 3).map(Math.abs))).toBe(0);
  });
});

describe('litCells', () => {
  /** A far half that turns away to the right, its near half in shade; `far` is its colour from column 200 on. */
  function turnedFace(far: number) {
    const seen = createSeenTexels(SIZE);
    const mirrored = createSeenTexels(SIZE);
    seen.weight.fill(1);
    mirrored.weight.fill(1);
    mirrored.cosine.fill(0.9);
    mirrored.color.data.fill(0.1);
    for (let texel = 0; texel < SIZE * SIZE; texel++) {
      const column = (texel % SIZE) / LIGHT_STEP;
      seen.cosine[texel] = column < 180 ? 0.8 : 0.25;
      seen.color.data.fill(column < 200 ? 0.8 : far, texel * 3, texel * 3 + 3);
    }
    const chart = { size: SIZE, part: new Uint8Array(SIZE * SIZE).fill(1) } as unknown as HeadChart;
    const lit = litCells(chart, seen, mirrored, 1);
    const light = { ratio: createColorImage(SIDE, SIDE), gain: plane(() => 1), skinLuminance: 0.5 };
    return { lit, foreign: foreignCells(chart, seen, mirrored, { light, lit }) };
  }

  it('keeps a sunlit far cheek though the near one is in shade', () => {
    const { lit, foreign } = turnedFace(0.78);
    expect(lit.data[MIDDLE + 220]).toBeGreaterThan(0.9);
    expect(foreign.data[MIDDLE + 220]).toBeLessThan(0.05);
  });

  it('does not take for light what does not go on as the skin beside it', () => {
    const { lit, foreign } = turnedFace(0.55);
    expect(lit.data[MIDDLE + 230]).toBeLessThan(0.05);
    expect(foreign.data[MIDDLE + 230]).toBeGreaterThan(0.5);
  });
});

describe('widenPlane', () => {
  it('keeps set cells, falls off around them and never lowers a value', () => {
    const set = plane((x) => (x === 50 ? 1 : x === 54 ? 0.45 : 0));
    widenPlane(set, 2, 6);
    const row = [...set.data.subarray(MIDDLE + 44, MIDDLE + 57)];
    expect(row).toEqual([0, 0.25, 0.5, 0.75, 1, 1, 1, 1, 1, 0.75, 0.5, 0.25, 0]);
  });
});

describe('cells', () => {
  it('have their texels in the middle', () => {
    expect(middleTexel(0, SIDE, SIZE)).toBe(2 * SIZE + 2);
    expect(middleTexel(SIDE + 1, SIDE, SIZE)).toBe(6 * SIZE + 6);
  });
});
