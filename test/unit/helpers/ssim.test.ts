import { expect, test } from 'vitest';
import { createRgbaImage } from '#common/image/rasterImage';
import type { RgbaImage } from '#common/image/rasterImage';
import { structuralSimilarity } from '#test/helpers/ssim';

function picture(grey: (x: number, y: number) => number): RgbaImage {
  const image = createRgbaImage(32, 24);
  for (let y = 0; y < 24; y++) {
    for (let x = 0; x < 32; x++) {
      const value = Math.round(grey(x, y));
      image.data.set([value, value, value, 255], (y * 32 + x) * 4);
    }
  }
  return image;
}

const waves = picture((x, y) => 128 + 60 * Math.sin(x / 2) + 40 * Math.cos(y / 3));

test('is 1 for equal pictures', () => {
  expect(structuralSimilarity(waves, waves)).toBeCloseTo(1, 12);
});

test('follows the formula on flat pictures, where only the means differ', () => {
  const similarity = structuralSimilarity(
    picture(() => 100),
    picture(() => 110),
  );
  expect(similarity).toBeCloseTo((2 * 100 * 110 + 6.5025) / (100 ** 2 + 110 ** 2 + 6.5025), 9);
});

test('falls with noise, with a shift of two pixels, and below zero for the negative', () => {
  const noisy = picture((x, y) => waves.data[(y * 32 + x) * 4] + (((x * 7 + y * 13) % 11) - 5) * 2);
  const shifted = picture((x, y) => waves.data[(y * 32 + ((x + 2) % 32)) * 4]);
  const negative = picture((x, y) => 255 - waves.data[(y * 32 + x) * 4]);
  const [slight, moved, inverted] = [noisy, shifted, negative].map((one) => structuralSimilarity(waves, one));
  expect(slight).toBeLessThan(0.999);
  expect(slight).toBeGreaterThan(0.9);
  expect(moved).toBeLessThan(0.8);
  expect(inverted).toBeLessThan(0);
});

test('refuses pictures of different sizes', () => {
  expect(() => structuralSimilarity(waves, createRgbaImage(32, 32))).toThrow('32 x 24 and 32 x 32');
});
