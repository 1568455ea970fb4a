import { describe, expect, it } from 'vitest';
import type { HeadPartName } from '#common/head/headModel';
import { shapeDentition } from '#common/synthetic/heads/mouth/dentition';
import { readHeadModel } from '../../head/readHeadModel';

const model = readHeadModel();
const shaped = model.template.slice();
shapeDentition(model, shaped);

function verticesOf(name: HeadPartName): number[] {
  const part = model.parts.find((candidate) => candidate.name === name);
  return Array.from({ length: part?.vertexCount ?? 0 }, (_, v) => (part?.firstVertex ?? 0) + v);
}

/** Lowest point between two distances from the middle, metres. */
function lowest(name: HeadPartName, from: number, to: number): number {
  const within = verticesOf(name).filter((v) => {
    const x = Math.abs(model.template[v * 3]);
    return x >= from && x <= to;
  });
  return Math.min(...within.map((v) => shaped[v * 3 + 1]));
}

describe('dentition', () => {
  it('lets the upper edge rise from the incisors to the sides', () => {
    expect(lowest('teethUpper', 0, 0.009)).toBeLessThan(lowest('teethUpper', 0.012, 0.018) - 0.0005);
    expect(lowest('teethUpper', 0.012, 0.018)).toBeLessThan(lowest('teethUpper', 0.022, 0.027));
  });

  it('leaves gums where they are rooted', () => {
    for (const v of verticesOf('teethUpper')) {
      if (model.template[v * 3 + 1] < -0.03) continue;
      expect(shaped[v * 3 + 1]).toBeCloseTo(model.template[v * 3 + 1], 6);
    }
  });

  it('keeps both sides mirrored, and everything but teeth', () => {
    const teeth = new Set([...verticesOf('teethUpper'), ...verticesOf('teethLower')]);
    for (let v = 0; v < model.vertexCount; v++) {
      if (!teeth.has(v)) expect(shaped[v * 3 + 1]).toBe(model.template[v * 3 + 1]);
      else expect(shaped[model.mirrorVertex[v] * 3 + 1]).toBeCloseTo(shaped[v * 3 + 1], 4);
    }
  });

  it('goes with the size of a person', () => {
    const large = model.template.map((value) => value * 1.2);
    shapeDentition(model, large);
    for (const v of verticesOf('teethUpper'))
      expect(large[v * 3 + 1]).toBeCloseTo(shaped[v * 3 + 1] * 1.2, 5);
  });
});
