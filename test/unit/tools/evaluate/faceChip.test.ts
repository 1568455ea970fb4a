import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRgbaImage } from '#common/image/rasterImage';
import type { PicturePoint } from '#tools/evaluate/faceChip';
import { CHIP_SIZE, cutFaceChip, fitPlanarSimilarity } from '#tools/evaluate/faceChip';

/** The template's five points in the chip, as dlib places them with a padding of 0.25. */
const IN_CHIP: readonly PicturePoint[] = [
  [110.957, 46.35],
  [89.606, 47.897],
  [37.058, 46.373],
  [58.408, 47.906],
  [74.011, 87.78],
];

function turned([x, y]: PicturePoint, degrees: number, scale: number): PicturePoint {
  const angle = (degrees * Math.PI) / 180;
  const [c, s] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  return [c * (x - 75) - s * (y - 75) + 160, s * (x - 75) + c * (y - 75) + 150];
}

describe('fitPlanarSimilarity', () => {
  it('recovers what moved the points', () => {
    const size = fc.double({ min: 0.2, max: 5, noNaN: true });
    const shift = fc.double({ min: -300, max: 300, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), size, shift, shift, (angle, scale, x, y) => {
        const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)];
        const moved = IN_CHIP.map(([u, v]): PicturePoint => [a * u - b * v + x, b * u + a * v + y]);
        const found = fitPlanarSimilarity(IN_CHIP, moved);
        for (const [value, truth] of [[found.a, a], [found.b, b], [found.x, x], [found.y, y]]) {
          expect(value).toBeCloseTo(truth, 6);
        }
      }),
    ); // prettier-ignore
  });
});

describe('cutFaceChip', () => {
  it('brings eye corners and nose to their places, however the face is turned', () => {
    const picture = createRgbaImage(320, 300);
    const points = IN_CHIP.map((point) => turned(point, 28, 1.7));
    for (const [x, y] of points) {
      for (let row = -4; row <= 4; row++) {
        for (let column = -4; column <= 4; column++) {
          const at = ((Math.floor(y) + row) * 320 + Math.floor(x) + column) * 4;
          picture.data.fill(255, at, at + 4);
        }
      }
    }
    const chip = cutFaceChip(picture, points);
    const redAt = (x: number, y: number): number =>
      chip.data[(Math.floor(y) * CHIP_SIZE + Math.floor(x)) * 4];
    for (const [x, y] of IN_CHIP) {
      expect(redAt(x, y)).toBe(255);
      expect(redAt(x, y + 10)).toBe(0);
    }
  });

  it('is black outside the picture', () => {
    const picture = createRgbaImage(100, 150);
    picture.data.fill(200);
    const chip = cutFaceChip(picture, IN_CHIP);
    const row = 80 * CHIP_SIZE;
    expect(chip.data[(row + 50) * 4]).toBe(200);
    expect(chip.data[(row + 120) * 4]).toBe(0);
  });
});
