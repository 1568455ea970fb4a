import { describe, expect, it } from 'vitest';
import { channelIndex } from '#common/head/arkitChannels';
import { createSeededRandom } from '#common/math/seededRandom';
import { sampleIdentity } from '#common/synthetic/heads/identity/sampleIdentity';
import { skinTone } from '#common/synthetic/heads/identity/skinTone';
import { paintSkin } from '#common/synthetic/heads/skin/paintSkin';
import { wrinkleActivity } from '#common/synthetic/heads/skin/wrinkleActivity';
import { WRINKLE_ZONES } from '#common/synthetic/heads/skin/wrinkleLines';
import { decodeReflectance, encodeReflectance } from '#common/synthetic/heads/texture/byteTexture';
import { readHeadModel } from '../../head/readHeadModel';

const person = sampleIdentity(createSeededRandom(5), { ageYears: 30, isMale: false });

describe('skin', () => {
  it('gets darker with melanin and redder with blood', () => {
    const tone = new Float64Array(3);
    let last = Infinity;
    for (let melanin = 0; melanin <= 1; melanin += 0.1) {
      skinTone(melanin, 0, 0, tone);
      expect(tone[1]).toBeLessThan(last);
      expect(tone[0]).toBeGreaterThan(tone[2]);
      last = tone[1];
    }
    const pale = skinTone(0.2, 0, 0, new Float64Array(3));
    const flushed = skinTone(0.2, 1, 0, new Float64Array(3));
    expect(flushed[0] / flushed[1]).toBeGreaterThan(pale[0] / pale[1]);
  });

  it('keeps reflectances through bytes', () => {
    for (const value of [0, 0.01, 0.2, 0.5, 1])
      expect(decodeReflectance(encodeReflectance(value))).toBeCloseTo(value, 1.9);
  });

  it('is painted deterministically, with freckles only where they are asked for', () => {
    const model = readHeadModel();
    const plain = { ...person, skin: { ...person.skin, freckles: 0, moles: 0 } };
    const a = paintSkin(model, plain, 128).levels[0].data;
    expect(paintSkin(model, plain, 128).levels[0].data).toEqual(a);
    const freckled = paintSkin(model, { ...plain, skin: { ...plain.skin, freckles: 1 } }, 128).levels[0].data;
    let darker = 0;
    let lighter = 0;
    a.forEach((value, k) => {
      if (freckled[k] < value - 2) darker++;
      else if (freckled[k] > value + 2) lighter++;
    });
    expect(darker).toBeGreaterThan(100);
    expect(lighter).toBe(0);
  });

  it('folds where the face moves, on its own side', () => {
    const weights = new Float32Array(52);
    const rest = wrinkleActivity(person, weights);
    weights[channelIndex('mouthSmileLeft')] = 1;
    const smiling = wrinkleActivity(person, weights);
    const at = (zone: (typeof WRINKLE_ZONES)[number]): number => WRINKLE_ZONES.indexOf(zone);
    expect(smiling[at('nasolabialLeft')]).toBeGreaterThan(rest[at('nasolabialLeft')] + 0.2);
    expect(smiling[at('nasolabialRight')]).toBe(rest[at('nasolabialRight')]);
    expect(
      wrinkleActivity({ ...person, skin: { ...person.skin, creases: 1 } }, weights)[at('forehead')],
    ).toBeGreaterThan(smiling[at('forehead')]);
  });
});
