import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#common/math/seededRandom';
import { sampleIdentity } from '#common/synthetic/heads/identity/sampleIdentity';
import { fillHoles } from '#common/synthetic/heads/skin/fillHoles';
import { paintSkin } from '#common/synthetic/heads/skin/paintSkin';
import { PHOTO_SIZE, photoSkins } from '#common/synthetic/heads/skin/photoSkins';
import { skinMixture } from '#common/synthetic/heads/skin/skinMixture';
import { TONE_PEOPLE } from '#common/synthetic/heads/skin/skinTones.data';
import type { LibraryTexture, PhotoSkin, SyntheticLibrary } from '#common/synthetic/library/syntheticLibrary';
import { readHeadModel } from '../../head/readHeadModel';

const SIDE = 64;

/** A picture of one colour, darker by `stripe` in a band across the lower face. */
function skinTexture(color: readonly number[], stripe: number): LibraryTexture {
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++)
    for (let c = 0; c < 3; c++) {
      const row = Math.floor(pixel / SIDE);
      data[pixel * 3 + c] = color[c] * (row > 30 && row < 36 ? stripe : 1);
    }
  return { width: SIDE, height: SIDE, channels: 3, data };
}

/** Whose textures are laid out as our own atlas is. */
function aLibrary(stripes: readonly [number, number] = [1, 0.7]): SyntheticLibrary {
  const model = readHeadModel();
  const skin = model.parts[0];
  const skinCorners = new Float32Array(skin.indexCount * 2);
  for (let k = 0; k < skin.indexCount; k++) {
    const vertex = model.indices[skin.firstIndex + k];
    skinCorners.set(model.uvs.subarray(vertex * 2, vertex * 2 + 2), k * 2);
  }
  const of = (name: string, texture: LibraryTexture): PhotoSkin => ({
    name,
    ageYears: 22,
    isMale: true,
    ancestry: 'european',
    texture,
  });
  return {
    name: 'makehuman',
    skinCorners,
    skins: [
      of('plain', skinTexture([200, 150, 120], stripes[0])),
      of('striped', skinTexture([120, 80, 60], stripes[1])),
    ],
    hair: [],
  };
}

describe('photographed skins', () => {
  const model = readHeadModel();
  const library = aLibrary();

  it('are what differs from place to place, whatever the tone', () => {
    const { mean, own } = photoSkins(model, library);
    const area = PHOTO_SIZE * PHOTO_SIZE;
    const at = (map: Float32Array, row: number): number => map[area + row * PHOTO_SIZE + PHOTO_SIZE / 4];
    // Forehead: no difference. Band: half of ln(0.7 ^ 2.2) each way from the mean.
    expect(at(own[0], 60)).toBeCloseTo(0, 1);
    expect(at(own[0], 133)).toBeGreaterThan(0.25);
    expect(at(own[1], 133)).toBeCloseTo(-at(own[0], 133), 5);
    expect(at(mean, 133)).toBeLessThan(-0.1);
  });

  it('show in what is painted of them', () => {
    const person = sampleIdentity(createSeededRandom(2), { ageYears: 25, isMale: true });
    const paint = (stripes: readonly [number, number]): Uint8Array =>
      paintSkin(model, person, 128, aLibrary(stripes)).levels[0].data;
    const striped = paint([0.7, 0.7]);
    expect(paint([0.7, 0.7])).toEqual(striped);
    const light = (data: Uint8Array): number =>
      data.subarray((66 * 128 + 25) * 4, (66 * 128 + 45) * 4).reduce((a, b) => a + b, 0);
    expect(light(striped)).toBeLessThan(0.95 * light(paint([1, 1])));
  });

  it('are of people like the person more often than not, and others for each', () => {
    const people = Array.from({ length: 40 }, (_, seed) =>
      sampleIdentity(createSeededRandom(seed), { ageYears: 70, isMale: false }),
    );
    const mixtures = people.map((person) => skinMixture(person, TONE_PEOPLE));
    const sums = TONE_PEOPLE.map((_, k) => mixtures.reduce((sum, { coarse }) => sum + coarse[k], 0));
    const of = (keep: (skin: (typeof TONE_PEOPLE)[number]) => boolean): number =>
      TONE_PEOPLE.reduce((sum, skin, k) => sum + (keep(skin) ? sums[k] : 0), 0);
    expect(of(({ isMale }) => !isMale)).toBeGreaterThan(2 * of(({ isMale }) => isMale));
    expect(of(({ ageYears }) => ageYears > 60)).toBeGreaterThan(2 * of(({ ageYears }) => ageYears < 30));
    expect(new Set(mixtures.map(({ coarse }) => coarse.join())).size).toBe(40);
  });
});

describe('fillHoles', () => {
  it('goes on smoothly where nothing is known and leaves alone what is', () => {
    const plane = Float32Array.from({ length: 256 }, (_, k) => ((k & 15) < 8 ? 3 : -100));
    const known = Float32Array.from(plane, (value) => (value > 0 ? 1 : 0));
    fillHoles(plane, known, 16);
    for (const value of plane) expect(value).toBeCloseTo(3, 5);
  });
});
