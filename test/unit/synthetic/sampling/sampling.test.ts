import { describe, expect, it } from 'vitest';
import { channelIndex } from '#common/head/arkitChannels';
import { createSeededRandom } from '#common/math/seededRandom';
import { BACKGROUND_KINDS, sampleBackground } from '#common/synthetic/sampling/sampleBackground';
import { CAMERA_RANGES, sampleCamera } from '#common/synthetic/sampling/sampleCamera';
import { EXPRESSION_KINDS, sampleExpression } from '#common/synthetic/sampling/sampleExpression';
import { LIGHT_KINDS, sampleLight } from '#common/synthetic/sampling/sampleLight';

describe('sampled expressions', () => {
  const faces = Array.from({ length: 2000 }, (_, seed) => sampleExpression(createSeededRandom(seed)));

  it('are weights, the same for the same seed', () => {
    for (const { weights } of faces)
      expect(weights.length === 52 && weights.every((w) => w >= 0 && w <= 1)).toBe(true);
    expect(sampleExpression(createSeededRandom(9))).toEqual(faces[9]);
  });

  it('keep lips closed or apart, the wider the more: little lies between', () => {
    const jaw = channelIndex('jawOpen');
    const upper = channelIndex('mouthUpperUpLeft');
    const smiles = faces.filter(({ kind }) => kind === 'smile').map(({ weights }) => weights);
    const parted = smiles.filter((weights) => weights[upper] > 0.1);
    expect(parted.length / smiles.length).toBeGreaterThan(0.65);
    expect(parted.filter((weights) => weights[upper] > 0.45).length / parted.length).toBeGreaterThan(0.95);
    expect(parted.every((weights) => weights[jaw] < 0.75)).toBe(true);
    const strength = (weights: Float32Array) => weights[channelIndex('mouthSmileLeft')];
    const broad = parted.filter((weights) => strength(weights) > 0.85);
    const narrow = parted.filter((weights) => strength(weights) < 0.65);
    const meanOf = (list: readonly Float32Array[]) =>
      list.reduce((sum, w) => sum + w[upper], 0) / list.length;
    expect(meanOf(broad)).toBeGreaterThan(meanOf(narrow) + 0.1);
  });

  it('smile as often as people in portraits do, and use every channel', () => {
    const share = faces.filter(({ kind }) => kind === 'smile').length / faces.length;
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.68);
    expect(new Set(faces.map(({ kind }) => kind)).size).toBe(EXPRESSION_KINDS.length);
    for (let channel = 0; channel < 52; channel++)
      expect(faces.some(({ weights }) => weights[channel] > 0.1)).toBe(true);
  });

  it('never close lips farther than the jaw has opened them', () => {
    for (const { weights } of faces)
      expect(weights[channelIndex('mouthClose')]).toBeLessThanOrEqual(weights[channelIndex('jawOpen')]);
  });

  it('turn both eyes to one side', () => {
    for (const { weights } of faces) {
      const left = weights[channelIndex('eyeLookOutLeft')] - weights[channelIndex('eyeLookInLeft')];
      const right = weights[channelIndex('eyeLookInRight')] - weights[channelIndex('eyeLookOutRight')];
      expect(left).toBeCloseTo(right, 5);
    }
  });
});

describe('sampled cameras', () => {
  it('stay in the ranges of the paper', () => {
    const { yaw, pitch, roll } = CAMERA_RANGES.encoder;
    for (let seed = 0; seed < 200; seed++) {
      const drawn = sampleCamera(createSeededRandom(seed), 'encoder');
      expect(Math.abs(drawn.yaw)).toBeLessThanOrEqual(yaw[1]);
      expect(drawn.pitch).toBeGreaterThanOrEqual(pitch[0]);
      expect(drawn.pitch).toBeLessThanOrEqual(pitch[1]);
      expect(Math.abs(drawn.roll)).toBeLessThanOrEqual(roll[1]);
      expect(drawn.camera.focal).toBeCloseTo(4.2647, 6);
    }
  });
});

describe('sampled lights and backgrounds', () => {
  it('are unit directions and positive radiances', () => {
    for (const kind of LIGHT_KINDS)
      for (let seed = 0; seed < 20; seed++) {
        const rig = sampleLight(createSeededRandom(seed), kind);
        for (const { direction, color } of [rig.key, rig.fill, rig.rim]) {
          expect(Math.hypot(...direction)).toBeCloseTo(1, 6);
          expect(color.every((value) => value >= 0 && value < 4)).toBe(true);
        }
        expect([...rig.sky, ...rig.ground].every((value) => value > 0 && value < 2)).toBe(true);
      }
  });

  it('fill every pixel with light, the same again', () => {
    for (const kind of BACKGROUND_KINDS) {
      const paint = (): Float32Array => {
        const out = new Float32Array(24 * 24 * 3).fill(Number.NaN);
        sampleBackground(createSeededRandom(4), kind).paint(24, out);
        return out;
      };
      const picture = paint();
      expect(picture.every((value) => value >= 0 && value < 6)).toBe(true);
      expect(paint()).toEqual(picture);
    }
  });
});
