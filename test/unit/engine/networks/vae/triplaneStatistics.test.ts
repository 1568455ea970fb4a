import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runOnCpu } from '../../../../helpers/golden';
import { input } from '#engine/graph/ops/sources';
import { Parameters } from '#engine/graph/parameters';
import { evaluate } from '#engine/graph/reference/evaluate';
import { stackLatent, unstackLatent } from '#engine/networks/vae/latentLayout';
import {
  denormaliseTriplane,
  measureLatentScale,
  measureTriplanes,
  normaliseTriplane,
  triplaneStatistics,
} from '#engine/networks/vae/triplaneStatistics';
import { normals, streamAt } from '#engine/training/randomStreams';

describe('normalising a triplane', () => {
  const parameters = new Parameters();
  const statistics = triplaneStatistics(parameters.scope(), 4);
  const triplane = input('triplane', [2, 4, 3, 5, 5]);
  const normalised = normaliseTriplane(triplane, statistics);
  const values = normals(streamAt(1, 'triplane', 0), triplane.size).map(
    (value, index) => value * (1 + (Math.floor(index / 75) % 4)) - 2,
  );

  // T11
  it('is undone exactly, and has four numbers of each kind', async () => {
    // Powers of 2 and small whole numbers: nothing is rounded.
    const whole = values.map((value) => Math.round(value * 64) / 64);
    const feeds = new Map([
      ['triplane', whole],
      ['final_mean', Float32Array.of(0.5, -1, 2, 0.25)],
      ['final_std', Float32Array.of(0.5, 2, 4, 0.25)],
    ]);
    const back = denormaliseTriplane(normalised, statistics);
    expect(back.shape).toEqual(triplane.shape);
    expect((await runOnCpu({ back }, feeds)).get('back')).toEqual(whole);
    expect(parameters.all.map(({ attributes, shape }) => [attributes.name, shape])).toEqual([
      ['final_mean', [4]],
      ['final_std', [4]],
    ]);
    expect(parameters.trained).toEqual([]);
  });

  it('by what was measured leaves mean 0 and deviation 1 in each plane, channels before planes', async () => {
    const half = values.length / 2;
    const { mean, deviation } = measureTriplanes([values.subarray(0, half), values.subarray(half)], 4);
    const feeds = new Map([
      ['triplane', values],
      ['final_mean', mean],
      ['final_std', deviation],
    ]);
    expect(normalised.shape).toEqual([2, 3, 4, 5, 5]);
    const result = (await runOnCpu({ normalised }, feeds)).get('normalised') as Float32Array;
    for (let plane = 0; plane < 4; plane++) {
      const own = result.filter((_, index) => Math.floor(index / 25) % 4 === plane);
      const average = own.reduce((sum, value) => sum + value, 0) / own.length;
      const square = own.reduce((sum, value) => sum + value * value, 0) / own.length;
      expect(average).toBeCloseTo(0, 5);
      expect(square).toBeCloseTo(1, 5);
    }
  });
});

describe('stacking the planes of a latent', () => {
  // T12
  it('is undone by unstacking', () => {
    fc.assert(
      fc.property(fc.tuple(...[3, 4, 4, 3].map((max) => fc.integer({ min: 1, max }))), (sizes) => {
        const [channels, planes, rows, columns] = sizes;
        const latent = input('latent', [2, channels, planes, rows, columns]);
        const stacked = stackLatent(latent, 0.5);
        expect(stacked.shape).toEqual([2, channels, planes * rows, columns]);
        const back = unstackLatent(stacked, planes, 0.5);
        const values = Float64Array.from({ length: latent.size }, (_, k) => k);
        expect(evaluate([back], new Map([['latent', values]]))[0]).toEqual(values);
      }),
      { numRuns: 20 },
    );
  });

  it('puts plane f, row h at row f * rows + h', () => {
    const latent = input('latent', [1, 1, 2, 2, 3]);
    const values = Float64Array.from({ length: 12 }, (_, k) => k);
    const [stacked] = evaluate([stackLatent(latent, 2)], new Map([['latent', values]]));
    // Plane 1, row 0, column 2 is number 8.
    expect(stacked[2 * 3 + 2]).toBe(16);
  });

  it('is refused where planes do not fit', () => {
    expect(() => unstackLatent(input('x', [1, 1, 6, 2]), 4, 1)).toThrow(/4 planes/);
  });

  it('measures the factor that makes deviations 1', () => {
    expect(measureLatentScale([Float32Array.of(2, -2), Float32Array.of(2, 2)])).toBe(0.5);
  });
});
