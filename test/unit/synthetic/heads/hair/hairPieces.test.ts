import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#common/math/seededRandom';
import { beardZone } from '#common/synthetic/heads/beard/beardZone';
import { hairPieces } from '#common/synthetic/heads/hair/hairPieces';
import { HULL_CENTRE_Y, headHull } from '#common/synthetic/heads/hair/headHull';
import { libraryStyle } from '#common/synthetic/heads/hair/libraryStyle';
import { modelledHair } from '#common/synthetic/heads/hair/modelledHair';
import { STRAND_COLUMN, STRAND_COLUMNS, strandSheet } from '#common/synthetic/heads/hair/strandSheet';
import { sampleIdentity } from '#common/synthetic/heads/identity/sampleIdentity';
import { grownColor } from '#common/synthetic/heads/identity/hairColor';
import type { HairStyle, IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { sampleBytes } from '#common/synthetic/heads/texture/byteTexture';
import { LIBRARY_HAIR } from '#common/synthetic/library/syntheticLibrary';
import type { LibraryHair, SyntheticLibrary } from '#common/synthetic/library/syntheticLibrary';
import { readHeadModel } from '../../../head/readHeadModel';

const model = readHeadModel();
const ground = { model, neutral: model.template, hull: headHull(model, model.template) };
const anybody = sampleIdentity(createSeededRandom(5), { ageYears: 50, isMale: true });

function wearing(style: HairStyle, hair: Partial<IdentityRecipe['hair']> = {}): IdentityRecipe {
  return {
    ...anybody,
    hair: { ...anybody.hair, style, fringe: 0, receding: 0.1, ...hair },
    hat: { ...anybody.hat, style: 'none' },
  };
}

/** A square of cards over the crown that lies 5 mm under the skin. */
function sunkenHair(name: LibraryHair['name']): LibraryHair {
  const positions: number[] = [];
  const uvs: number[] = [];
  for (const [x, z] of [
    [-0.02, -0.02],
    [0.03, -0.02],
    [0.03, 0.02],
    [-0.02, 0.02],
  ] as const) // prettier-ignore
  {
    const direction = [x, 0.1, z];
    const reach = (ground.hull.radius(x, 0.1, z) - 0.005) / Math.hypot(...direction);
    positions.push(x * reach, 0.1 * reach + HULL_CENTRE_Y, z * reach);
    uvs.push(x * 10 + 0.5, z * 10 + 0.5);
  }
  const data = new Uint8Array(32 * 32 * 4).fill(200);
  return {
    name,
    positions: Float32Array.from(positions),
    uvs: Float32Array.from(uvs),
    indices: Uint32Array.of(0, 2, 1, 0, 3, 2),
    texture: { width: 32, height: 32, channels: 4, data },
  };
}

const library: SyntheticLibrary = {
  name: 'makehuman',
  skins: [],
  skinCorners: new Float32Array(0),
  hair: LIBRARY_HAIR.map(sunkenHair),
};

describe('hair of the scalp', () => {
  it('has no single locks on balding heads', () => {
    for (const style of ['bald', 'receding', 'buzz'] as const) {
      const pieces = hairPieces(ground, wearing(style, { receding: 0.9 }));
      expect(pieces.length).toBeGreaterThan(0);
      // Shells are patches of the scalp: as far from the skin as short hair is.
      for (const { rest, layer } of pieces) {
        expect(layer).toBe('blended');
        let highest = 0;
        for (let k = 0; k < rest.length; k += 3) {
          const [x, y, z] = [rest[k], rest[k + 1] - HULL_CENTRE_Y, rest[k + 2]];
          highest = Math.max(highest, Math.hypot(x, y, z) - ground.hull.radius(x, y, z));
        }
        expect(highest).toBeLessThan(0.016);
      }
    }
  });

  it('lies under few enough triangles and keeps them all off the face', () => {
    for (const style of ['crew', 'bob', 'longStraight', 'ponytail', 'afro'] as const) {
      const pieces = hairPieces(ground, wearing(style));
      const triangles = pieces.reduce((sum, { indices }) => sum + indices.length / 3, 0);
      expect(triangles).toBeLessThan(15_000);
      let onFace = 0;
      for (const { rest } of pieces)
        for (let k = 0; k < rest.length; k += 3)
          onFace += +(
            Math.abs(rest[k]) < 0.035 &&
            rest[k + 1] < 0.03 &&
            rest[k + 1] > -0.07 &&
            rest[k + 2] > 0.085
          );
      expect(onFace).toBe(0);
    }
  });

  it('is drawn with strands that are dense in their middle and end one by one', () => {
    const sheet = strandSheet();
    const bytes = new Float64Array(4);
    const meanCover = (column: number, v: number): number => {
      let sum = 0;
      for (let k = 0; k < 40; k++) {
        sampleBytes(sheet, (column + 0.25 + k / 80) / STRAND_COLUMNS, v, 0, bytes);
        sum += bytes[0] / 255 / 40;
      }
      return sum;
    };
    expect(meanCover(STRAND_COLUMN.full, 0.5)).toBeGreaterThan(0.98);
    const ends = [0.75, 0.85, 0.95].map((v) => meanCover(STRAND_COLUMN.sparse, v));
    expect(ends).toEqual([...ends].sort((a, b) => b - a));
    expect(ends[2]).toBeLessThan(0.2);
    expect(strandSheet()).toBe(sheet);
  });
});

describe('hair of the library', () => {
  it('is worn by some, by their own number, and never with a hairline that has gone back', () => {
    const worn = (seed: number, receding: number) =>
      libraryStyle({ ...wearing('crew', { receding }), seed }, library)?.hair.name;
    const names = Array.from({ length: 200 }, (_, seed) => worn(seed, 0.1));
    expect(new Set(names)).toEqual(new Set(['short01', 'short02', undefined]));
    expect(names).toEqual(Array.from({ length: 200 }, (_, seed) => worn(seed, 0.1)));
    expect(Array.from({ length: 200 }, (_, seed) => worn(seed, 0.5))).toEqual(Array(200).fill(undefined));
  });

  it('comes out of the skin and can be mirrored', () => {
    const hair = sunkenHair('short01');
    const [plain] = modelledHair(ground, wearing('crew'), { hair, isMirrored: false, length: 1 });
    const [mirrored] = modelledHair(ground, wearing('crew'), { hair, isMirrored: true, length: 1 });
    for (let k = 0; k < plain.rest.length; k += 3) {
      const [x, y, z] = [plain.rest[k], plain.rest[k + 1] - HULL_CENTRE_Y, plain.rest[k + 2]];
      expect(Math.hypot(x, y, z)).toBeGreaterThan(ground.hull.radius(x, y, z) - 0.0015);
      expect(mirrored.canonical[k]).toBeCloseTo(-plain.canonical[k], 9);
    }
    expect([...mirrored.indices]).toEqual([0, 1, 2, 0, 2, 3]);
  });
});

describe('beards', () => {
  it('leave the lips free and cover the chin', () => {
    expect(beardZone('full', 0, -0.046, 0.105)).toBe(0);
    expect(beardZone('full', 0.018, -0.046, 0.1)).toBe(0);
    expect(beardZone('full', 0, -0.08, 0.1)).toBeGreaterThan(0.8);
    expect(beardZone('moustache', 0, -0.08, 0.1)).toBe(0);
  });
});

describe('colours of hair', () => {
  it('are blue, pink or green on one head in fifty at most', () => {
    const random = createSeededRandom(31);
    const people = Array.from({ length: 1500 }, () => sampleIdentity(random));
    const vivid = people.filter(({ hair }) => grownColor(hair.color) !== hair.color).length / people.length;
    expect(vivid).toBeGreaterThan(0.002);
    expect(vivid).toBeLessThan(0.02);
  });
});
