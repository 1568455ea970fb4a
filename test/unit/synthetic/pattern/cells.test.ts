import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#common/math/seededRandom';
import { createCells, spots, worleyCells } from '#common/synthetic/pattern/cellPattern';
import { CROSS_HATCH, hatching } from '#common/synthetic/pattern/hatching';
import {
  edgeCoverage,
  lineCoverage,
  stripeCoverage,
  tileBorder,
} from '#common/synthetic/pattern/linePattern';

const COUNT = 3000;
const random = createSeededRandom(8);
const canonical = Float32Array.from({ length: COUNT * 3 }, () => random.between(-0.1, 0.1));

function points(footprint: number) {
  return { count: COUNT, canonical, footprint: new Float32Array(COUNT).fill(footprint) };
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('worleyCells', () => {
  it('gives every point the hash of the seed it names and a border nearer than the neighbouring seed', () => {
    const cells = createCells(COUNT);
    worleyCells(points(0), { frequency: 60, seed: 4 }, cells);
    const seedOfCell = new Map<number, number>();
    for (let k = 0; k < COUNT; k++) {
      const known = seedOfCell.get(cells.cell[k]);
      if (known !== undefined) expect(cells.seeds[k * 3]).toBe(known);
      seedOfCell.set(cells.cell[k], cells.seeds[k * 3]);
      const distance = Math.hypot(
        canonical[k * 3] - cells.seeds[k * 3],
        canonical[k * 3 + 1] - cells.seeds[k * 3 + 1],
        canonical[k * 3 + 2] - cells.seeds[k * 3 + 2],
      );
      expect(cells.nearest[k]).toBeCloseTo(distance, 5);
      expect(cells.border[k]).toBeGreaterThanOrEqual(0);
    }
    expect(seedOfCell.size).toBeGreaterThan(500);
  });

  it('is a grid of cubes without jitter', () => {
    const cells = createCells(COUNT);
    worleyCells(points(0), { frequency: 50, seed: 4, jitter: 0 }, cells);
    for (let k = 0; k < 50; k++) {
      const borders = [0, 1, 2].map((axis) => tileBorder(canonical[k * 3 + axis], 0.02));
      expect(cells.border[k]).toBeCloseTo(Math.min(...borders), 5);
    }
  });
});

describe('spots', () => {
  it('keeps its mean darkness when samples grow', () => {
    const near = new Float32Array(COUNT);
    const far = new Float32Array(COUNT);
    const options = { frequency: 100, radius: 0.004, density: 0.5, seed: 6 };
    spots(points(0.0005), options, createCells(COUNT), near);
    spots(points(0.005), options, createCells(COUNT), far);
    expect(mean(near)).toBeGreaterThan(0.004);
    expect(mean(far) / mean(near)).toBeGreaterThan(0.7);
    expect(mean(far) / mean(near)).toBeLessThan(1.5);
    expect(Math.max(...far)).toBeLessThan(Math.max(...near));
  });
});

describe('lines', () => {
  it('cover their width exactly whatever the sample', () => {
    for (const footprint of [0.0001, 0.001, 0.004]) {
      let sum = 0;
      for (let at = -0.01; at < 0.01; at += 0.00001) sum += lineCoverage(at, 0.0008, footprint) * 0.00001;
      expect(sum).toBeCloseTo(0.0016, 5);
    }
  });

  it('become the mean where stripes are finer than a sample', () => {
    expect(stripeCoverage(0.0123, 0.001, 0.3, 0.02)).toBeCloseTo(0.3, 1);
    expect(stripeCoverage(0.0001, 0.001, 0.3, 0.00001)).toBeCloseTo(1, 6);
    expect(stripeCoverage(0.0005, 0.001, 0.3, 0.00001)).toBeCloseTo(0, 6);
  });

  it('step over one footprint', () => {
    expect(edgeCoverage(-0.01, 0.001)).toBe(0);
    expect(edgeCoverage(0, 0.001)).toBeCloseTo(0.5, 5);
    expect(edgeCoverage(0.01, 0.001)).toBe(1);
  });
});

describe('hatching', () => {
  it('lays more ink the darker it shall be, none in the light, the same each time', () => {
    const inkOf = (darkness: number): Float32Array => {
      const out = new Float32Array(COUNT);
      hatching(points(0.0005), new Float32Array(COUNT).fill(darkness), { period: 0.004, layers: CROSS_HATCH, seed: 2 }, out); // prettier-ignore
      return out;
    };
    const inks = [0, 0.3, 0.5, 0.8, 1].map((darkness) => mean(inkOf(darkness)));
    expect(inks[0]).toBe(0);
    for (let k = 1; k < inks.length; k++) expect(inks[k]).toBeGreaterThan(inks[k - 1] + 0.03);
    expect(inkOf(0.5)).toEqual(inkOf(0.5));
  });
});
