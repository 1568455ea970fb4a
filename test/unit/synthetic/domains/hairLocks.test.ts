import { describe, expect, it } from 'vitest';
import { SKULL_CENTER, SkullMap } from '#common/synthetic/domains/hair/skullMap';
import { hairLocks } from '#common/synthetic/domains/hair/hairLocks';
import { propSchema, type PropOf } from '#common/synthetic/domains/props/propSchema';
import { readHeadModel } from '../../head/readHeadModel';

const model = readHeadModel();
const skull = new SkullMap(model, model.template);

function locks(wishes: Partial<PropOf<'locks'>>): PropOf<'locks'> {
  const prop = propSchema.parse({
    ...{ kind: 'locks', name: 'locks', count: 6, roots: [-60, 60], tips: [-70, 70], crown: [10, 20] },
    ...{ ends: [40], jag: 0, width: 20, thickness: 8, lift: [8, 8, 5] },
    surface: { base: { color: '#000000' }, shading: { kind: 'flat' } },
    ...wishes,
  });
  if (prop.kind !== 'locks') throw new Error('locks were asked for');
  return prop;
}

const heights = (positions: Float32Array): number[] =>
  Array.from({ length: positions.length / 3 }, (_, v) => positions[v * 3 + 1]);

describe('hair locks', () => {
  it('end where they are asked to, on the skull and hanging', () => {
    for (const end of [60, 30, -120, -240]) {
      const { positions } = hairLocks(locks({ ends: [end], roots: [70, 100], tips: [80, 100] }), skull);
      expect(Math.min(...heights(positions)) * 1000).toBeGreaterThan(end - 9);
      expect(Math.min(...heights(positions)) * 1000).toBeLessThan(end + 9);
    }
  });

  it('lie outside the skull', () => {
    const { positions } = hairLocks(locks({ ends: [30], jag: 3 }), skull);
    for (let k = 0; k < positions.length; k += 3) {
      const [x, y, z] = [0, 1, 2].map((c) => positions[k + c] - SKULL_CENTER[c]);
      const length = Math.hypot(x, y, z);
      // Half as thick inwards as outwards, and a chord over the round of the skull.
      expect(length).toBeGreaterThan(skull.reach(x / length, y / length, z / length) - 0.004);
    }
  });

  it('are the same for the same seed and others for another', () => {
    const of = (seed: number): string => hairLocks(locks({ seed, jag: 6 }), skull).positions.join();
    expect(of(3)).toBe(of(3));
    expect(of(4)).not.toBe(of(3));
  });
});
