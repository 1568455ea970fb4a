import { createColorImage } from '#common/image/colorImage';
import { limitRatios, logRatio, relit } from '#common/reconstruction/texture/head/lightRatio';
import { sideLight } from '#common/reconstruction/texture/head/sideLight';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const SIDE = 24;

/** Normals of a half ball before the chart: x grows with the column, y falls with the row. */
function ballNormals(): Float32Array {
  const normals = new Float32Array(SIDE * SIDE * 3);
  for (let cell = 0; cell < SIDE * SIDE; cell++) {
    const x = ((cell % SIDE) + 0.5) / (SIDE / 2) - 1;
    const y = 1 - (Math.floor(cell / SIDE) + 0.5) / (SIDE / 2);
    const scale = 1 / Math.max(1, Math.hypot(x, y));
    normals.set([x * scale, y * scale, Math.sqrt(Math.max(0, 1 - (x * x + y * y) * scale ** 2))], cell * 3);
  }
  return normals;
}

/** What a lamp at the side makes of a surface against its mirror image. */
function measuredUnderLamp(normals: Float32Array, strength: number) {
  const measured = createColorImage(SIDE, SIDE);
  for (let cell = 0; cell < SIDE * SIDE; cell++) {
    measured.data.fill(strength * normals[cell * 3], cell * 3, cell * 3 + 3);
  }
  return measured;
}

describe('sideLight', () => {
  const normals = ballNormals();

  it('tells the light where nothing was measured from where it was', () => {
    const measured = measuredUnderLamp(normals, 0.5);
    const weight = Float32Array.from({ length: SIDE * SIDE }, (_, cell) =>
      Math.abs((cell % SIDE) - (SIDE - 1) / 2) < 7 ? 1 : 0,
    );
    for (let cell = 0; cell < weight.length; cell++) if (weight[cell] === 0) measured.data[cell * 3] = 9;
    const light = sideLight(measured, weight, normals);
    for (const column of [1, 22]) {
      const cell = 12 * SIDE + column;
      expect(light.data[cell * 3] / normals[cell * 3]).toBeCloseTo(0.6 * 0.5, 1);
    }
  });

  it('does not take hair over one cheek for light', () => {
    const measured = measuredUnderLamp(normals, 0.3);
    const weight = new Float32Array(SIDE * SIDE).fill(1);
    for (let row = 14; row < 19; row++)
      measured.data.fill(-1.2, (row * SIDE + 16) * 3, (row * SIDE + 22) * 3);
    const light = sideLight(measured, weight, normals);
    const cell = 8 * SIDE + 18;
    expect(light.data[cell * 3] / normals[cell * 3]).toBeCloseTo(0.6 * 0.3, 1);
  });

  it('says nothing where nothing was measured', () => {
    const light = sideLight(createColorImage(SIDE, SIDE), new Float32Array(SIDE * SIDE), normals);
    expect(light.data.every((value) => value === 0)).toBe(true);
  });
});

describe('light as a factor', () => {
  it('takes one value to the other', () => {
    const value = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(value, value, (from, to) => {
        expect(relit(from, logRatio(from, to))).toBeCloseTo(to, 9);
      }),
    );
  });

  it('keeps brightness and tint within what light does', () => {
    const ratios = createColorImage(1, 1);
    ratios.data.set([3, 2, 1]);
    limitRatios(ratios);
    expect(ratios.data[0] - ratios.data[2]).toBeLessThan(0.2);
    expect(ratios.data[1]).toBeCloseTo(0.8, 6);
  });
});
