import { describe, expect, it } from 'vitest';
import { createRgbaImage } from '#common/image/rasterImage';
import { paintStrokes } from '#tools/samples/paintStrokes';

/** A bright disc on a dark ground. */
function aPicture(side: number) {
  const image = createRgbaImage(side, side);
  for (let pixel = 0; pixel < side * side; pixel++) {
    const [x, y] = [(pixel % side) - side / 2, Math.floor(pixel / side) - side / 2];
    image.data.set(Math.hypot(x, y) < side / 4 ? [220, 180, 150, 255] : [40, 50, 60, 255], pixel * 4);
  }
  return image;
}

const PASSES = [
  { radius: 8, threshold: 0, length: 6, opacity: 1 },
  { radius: 2, threshold: 12, length: 8, opacity: 0.9 },
];

describe('a painted picture', () => {
  const picture = aPicture(64);
  const painted = paintStrokes(picture, PASSES, 1);

  it('covers the whole canvas and keeps what the picture shows', () => {
    let difference = 0;
    for (let i = 0; i < picture.data.length; i++) difference += Math.abs(picture.data[i] - painted.data[i]);
    expect(difference / picture.data.length).toBeLessThan(10);
    expect(painted.data.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true);
  });

  it('comes nearer to the picture with finer brushes', () => {
    const distance = (other: { data: Uint8Array }): number =>
      picture.data.reduce((sum, value, i) => sum + Math.abs(value - other.data[i]), 0);
    expect(distance(painted)).toBeLessThan(0.8 * distance(paintStrokes(picture, PASSES.slice(0, 1), 1)));
  });

  it('is the same for the same seed and another for another', () => {
    expect(paintStrokes(picture, PASSES, 1).data).toEqual(painted.data);
    expect(paintStrokes(picture, PASSES, 2).data).not.toEqual(painted.data);
  });
});
