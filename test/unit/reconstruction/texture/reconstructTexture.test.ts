import { throwIfCancelled } from '#common/contract/errors';
import { rasterizeHeadChart } from '#common/reconstruction/texture/head/headChart';
import { reconstructTexture } from '#common/reconstruction/texture/reconstructTexture';
import type { TextureInput, TextureResult } from '#common/reconstruction/texture/textureInput';
import type { Rgb } from '#test/helpers/paintedHead';
import {
  EYE_COLORS,
  irisInChart,
  paintedHead,
  shippedHeadModel,
  templateGeometry,
} from '#test/helpers/paintedHead';
import { beforeAll, describe, expect, it } from 'vitest';

const SIZE = 256;
const SKIN: Rgb = [205, 152, 122];

/** Dark and light rings about the middle of the face, the same on both sides. */
function symmetricSkin(u: number, v: number): Rgb {
  const wave = Math.round(22 * Math.cos(25 * Math.hypot(u - 0.5, v - 0.35)));
  return [190 + wave, 140 + wave, 115 + wave];
}

function texelAt(result: TextureResult, x: number, y: number): number[] {
  return [...result.atlas.data.subarray((y * 2 * SIZE + x) * 4, (y * 2 * SIZE + x) * 4 + 3)];
}

/** Texels of one part of the template's chart. */
function texelsOf(name: string): { x: number; y: number }[] {
  const geometry = templateGeometry(shippedHeadModel());
  const chart = rasterizeHeadChart(geometry, SIZE);
  const number = geometry.parts.findIndex((part) => part.name === name) + 1;
  return [...chart.parts[number].texels].map((texel) => ({ x: texel % SIZE, y: Math.floor(texel / SIZE) }));
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i])));
}

function share<T>(items: readonly T[], accepts: (item: T) => boolean): number {
  return items.filter(accepts).length / items.length;
}

/** Lids are repainted with lash lines, whatever they were. */
function isOnLids({ x, y }: { x: number; y: number }): boolean {
  const aside = Math.abs(x / SIZE - 0.5);
  return aside > 0.07 && aside < 0.28 && y / SIZE > 0.17 && y / SIZE < 0.28;
}

describe('a face of one colour', () => {
  let input: TextureInput;
  let result: TextureResult;
  beforeAll(() => {
    input = paintedHead({ skin: () => SKIN, side: 256 }).input;
    result = reconstructTexture(input, { size: SIZE });
  });

  it('gives a 2S x S opaque atlas and a plate of the size of the crop', () => {
    expect([result.atlas.width, result.atlas.height]).toEqual([2 * SIZE, SIZE]);
    expect([result.plate.width, result.plate.height]).toEqual([input.crop.width, input.crop.height]);
    for (const { data } of [result.atlas, result.plate]) {
      for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) expect.fail('a transparent pixel');
    }
  });

  it('makes skin of that colour, seen or not', () => {
    const texels = texelsOf('skin').filter((texel) => !isOnLids(texel));
    expect(share(texels, ({ x, y }) => distance(texelAt(result, x, y), SKIN) <= 8)).toBeGreaterThan(0.9);
    // What is unseen is shaded a little under the jaw and has lip or hair colour guessed, nothing wilder.
    expect(texels.filter(({ x, y }) => distance(texelAt(result, x, y), SKIN) > 60)).toEqual([]);
  });

  it('brings no background into either square', () => {
    const { data } = result.atlas;
    for (let i = 0; i < data.length; i += 4) {
      const magenta = Math.min(data[i], data[i + 2]) - data[i + 1];
      if (magenta > 60) expect.fail(`texel ${i / 4} is ${data[i]} ${data[i + 1]} ${data[i + 2]}`);
    }
  });

  it('takes the person out of the plate', () => {
    const { data } = result.plate;
    for (let i = 0; i < data.length; i += 4) {
      if (distance([data[i], data[i + 1], data[i + 2]], [255, 0, 255]) > 2) expect.fail(`pixel ${i / 4}`);
    }
    expect(result.report.plate).toBe('smooth');
  });

  it('reports shares of each part that add up', () => {
    for (const { seen, mirrored, filled, texels } of result.report.parts) {
      expect(texels).toBeGreaterThan(0);
      expect(seen + mirrored + filled).toBeCloseTo(1, 5);
    }
    expect(result.report.parts.map(({ part }) => part)).toContain('mouthCavity');
  });

  it('gives the same bytes twice', () => {
    const again = reconstructTexture(input, { size: SIZE });
    expect(Buffer.compare(again.atlas.data, result.atlas.data)).toBe(0);
    expect(Buffer.compare(again.plate.data, result.plate.data)).toBe(0);
  });

  it('stops when cancelled and reports progress that rises', () => {
    const fractions: number[] = [];
    const signal = { aborted: false };
    const onProgress = ({ fraction }: { fraction: number }) => {
      fractions.push(fraction);
      signal.aborted = fraction > 0.3;
    };
    expect(() => reconstructTexture(input, { size: 128 }, { signal, onProgress })).toThrow(/cancelled/);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(() => throwIfCancelled(signal)).toThrow();
  });
});

describe('a patterned, symmetric face', () => {
  it('is recovered where the camera saw it', () => {
    const { input, painted } = paintedHead({ skin: symmetricSkin, chartSize: SIZE });
    const result = reconstructTexture(input, { size: SIZE });
    // The middle of the face chart, away from eyes and lips.
    const middle = texelsOf('skin').filter(
      ({ x, y }) => Math.abs(x - 128) < 55 && y > 20 && y < 60 && !isOnLids({ x, y }),
    );
    expect(middle.length).toBeGreaterThan(500);
    const close = share(middle, ({ x, y }) => {
      const at = (y * SIZE + x) * 4;
      return distance(texelAt(result, x, y), [...painted.data.subarray(at, at + 3)]) < 12;
    });
    expect(close).toBeGreaterThan(0.95);
  });

  it('is completed from the other side when it is turned away', () => {
    const { input, painted } = paintedHead({ skin: symmetricSkin, yaw: 0.8, chartSize: SIZE });
    const result = reconstructTexture(input, { size: SIZE });
    const skin = result.report.parts.find(({ part }) => part === 'skin');
    expect(skin?.mirrored).toBeGreaterThan(0.1);
    // The far half (subject's right, left in the chart) at the height of the cheeks.
    const far = texelsOf('skin').filter(({ x, y }) => x > 50 && x < 115 && y > 30 && y < 60);
    const close = share(far, ({ x, y }) => {
      const at = (y * SIZE + x) * 4;
      return distance(texelAt(result, x, y), [...painted.data.subarray(at, at + 3)]) < 20;
    });
    expect(close).toBeGreaterThan(0.85);
  });
});

describe('eyes', () => {
  it('are round, centred and of the seen colours, also where the lids hide them', () => {
    const { input } = paintedHead({ skin: () => SKIN, side: 512 });
    const result = reconstructTexture(input, { size: SIZE });
    expect(result.report.eyesSeen).toEqual({ left: true, right: true });
    for (const side of ['left', 'right'] as const) {
      const iris = irisInChart(shippedHeadModel(), side, SIZE);
      for (let step = 0; step < 24; step++) {
        const angle = (step / 24) * 2 * Math.PI;
        const at = (radius: number) =>
          texelAt(
            result,
            Math.floor(iris.x + radius * iris.radius * Math.cos(angle)),
            Math.floor(iris.y + radius * iris.radius * Math.sin(angle)),
          );
        expect(distance(at(0.2), EYE_COLORS.pupil)).toBeLessThan(65);
        expect(distance(at(0.78), EYE_COLORS.iris)).toBeLessThan(65);
        expect(distance(at(1.4), EYE_COLORS.sclera)).toBeLessThan(65);
      }
    }
  });

  it('get a brown default where the picture shows none', () => {
    const { input } = paintedHead({ skin: () => SKIN, side: 256 });
    const landmarks = input.observation.landmarks.slice();
    // Both lids on the line between the corners: the eyes are closed.
    for (const [first, second, points] of [
      [33, 133, [7, 163, 144, 145, 153, 154, 155, 173, 157, 158, 159, 160, 161, 246]],
      [263, 362, [249, 390, 373, 374, 380, 381, 382, 398, 384, 385, 386, 387, 388, 466]],
    ] as const) {
      for (const point of points) {
        landmarks[point * 3 + 1] = (landmarks[first * 3 + 1] + landmarks[second * 3 + 1]) / 2;
      }
    }
    const result = reconstructTexture(
      { ...input, observation: { ...input.observation, landmarks } },
      { size: SIZE },
    );
    expect(result.report.eyesSeen).toEqual({ left: false, right: false });
    const iris = irisInChart(shippedHeadModel(), 'left', SIZE);
    const [r, g, b] = texelAt(result, Math.floor(iris.x + 0.7 * iris.radius), Math.floor(iris.y + 2));
    expect(r).toBeGreaterThan(g);
    expect(g).toBeGreaterThan(b);
    expect(r).toBeLessThan(170);
  });
});
