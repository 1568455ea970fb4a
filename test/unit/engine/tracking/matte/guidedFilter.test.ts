import { createRgbaImage } from '#common/image/rasterImage';
import { alphaMatte } from '#engine/tracking/matte/alphaMatte';
import { fitLocalModels } from '#engine/tracking/matte/guidedFilter';
import { describe, expect, it } from 'vitest';

const SIZE = 48;

/** Left half dark, right half bright; the matte's edge is soft and six pixels off. */
function softStep(): { guide: Float32Array; matte: Float32Array } {
  const guide = new Float32Array(3 * SIZE * SIZE);
  const matte = new Float32Array(SIZE * SIZE);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const at = y * SIZE + x;
      guide[at] = guide[at + SIZE * SIZE] = guide[at + 2 * SIZE * SIZE] = x < SIZE / 2 ? 0.2 : 0.7;
      matte[at] = Math.min(Math.max((x - SIZE / 2 + 3) / 6, 0), 1);
    }
  }
  return { guide, matte };
}

function evaluate(models: readonly Float32Array[], guide: Float32Array, at: number): number {
  const count = SIZE * SIZE;
  return (
    models[0][at] * guide[at] +
    models[1][at] * guide[at + count] +
    models[2][at] * guide[at + 2 * count] +
    models[3][at]
  );
}

describe('fitLocalModels', () => {
  it('moves a soft edge of the matte onto the edge of the picture', () => {
    const { guide, matte } = softStep();
    const models = fitLocalModels({ width: SIZE, height: SIZE, guide, matte }, 5, 1e-4);
    const row = 20 * SIZE;
    const middle = SIZE / 2;
    const before = matte[row + middle] - matte[row + middle - 1];
    const after = evaluate(models, guide, row + middle) - evaluate(models, guide, row + middle - 1);
    expect(before).toBeLessThan(0.2);
    expect(after).toBeGreaterThan(0.6);
    expect(evaluate(models, guide, row + 4)).toBeCloseTo(0, 2);
    expect(evaluate(models, guide, row + SIZE - 5)).toBeCloseTo(1, 2);
  });

  it('keeps a constant matte whatever the picture, and a flat picture blurs', () => {
    const { guide } = softStep();
    const constant = new Float32Array(SIZE * SIZE).fill(0.3);
    const models = fitLocalModels({ width: SIZE, height: SIZE, guide, matte: constant }, 3, 1e-4);
    for (const at of [0, 700, SIZE * SIZE - 1]) expect(evaluate(models, guide, at)).toBeCloseTo(0.3, 3);
    const flat = new Float32Array(3 * SIZE * SIZE).fill(0.5);
    const { matte } = softStep();
    const blurred = fitLocalModels({ width: SIZE, height: SIZE, guide: flat, matte }, 3, 1e-4);
    expect(evaluate(blurred, flat, 20 * SIZE + SIZE / 2)).toBeCloseTo(matte[20 * SIZE + SIZE / 2], 1);
  });
});

describe('alphaMatte', () => {
  it('takes the alpha of a cut-out picture and ignores an opaque one', () => {
    const image = createRgbaImage(10, 10);
    for (let index = 0; index < 100; index++)
      image.data[index * 4 + 3] = index < 30 ? 0 : index < 40 ? 102 : 255;
    const matte = alphaMatte(image);
    expect([matte?.data[0], matte?.data[99]]).toEqual([0, 1]);
    expect(matte?.data[35]).toBeCloseTo(0.4, 6);
    const opaque = createRgbaImage(10, 10);
    opaque.data.fill(255);
    expect(alphaMatte(opaque)).toBeUndefined();
  });
});
