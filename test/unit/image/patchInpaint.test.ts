import { createColorImage } from '#common/image/colorImage';
import { inpaintPatches } from '#common/image/patchInpaint';
import { describe, expect, it } from 'vitest';

const SIDE = 96;

/** Bricks: rows of 12 pixels with dark joints. */
function wall() {
  const image = createColorImage(SIDE, SIDE);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const isJoint = y % 12 < 2 || (x + (Math.floor(y / 12) % 2) * 12) % 24 < 2;
      image.data.set(isJoint ? [0.2, 0.2, 0.2] : [0.7, 0.4, 0.3], (y * SIDE + x) * 3);
    }
  }
  return image;
}

function holeInTheMiddle(): Uint8Array {
  return Uint8Array.from({ length: SIDE * SIDE }, (_, i) =>
    Math.hypot((i % SIDE) - 48, Math.floor(i / SIDE) - 50) < 18 ? 1 : 0,
  );
}

function filledWall() {
  const image = wall();
  const hole = holeInTheMiddle();
  hole.forEach((value, pixel) => {
    if (value === 1) image.data.set([1, 0, 1], pixel * 3);
  });
  inpaintPatches(image, hole);
  return image;
}

describe('inpaintPatches', () => {
  it('continues the joints of a brick wall through a hole', () => {
    const filled = filledWall();
    const truth = wall();
    let wrong = 0;
    const hole = holeInTheMiddle();
    hole.forEach((value, pixel) => {
      if (value === 1 && Math.abs(filled.data[pixel * 3] - truth.data[pixel * 3]) > 0.25) wrong++;
    });
    const holeSize = hole.reduce((sum, value) => sum + value, 0);
    // A plain fill gets every joint wrong: 24 % of the pixels.
    expect(wrong / holeSize).toBeLessThan(0.12);
  });

  it('brings in nothing of what was in the hole', () => {
    const { data } = filledWall();
    for (let i = 0; i < data.length; i += 3) expect(data[i + 2] - data[i + 1]).toBeLessThan(0.05);
  });

  it('gives the same picture twice', () => {
    expect(filledWall().data).toEqual(filledWall().data);
  });

  it('interpolates, and says so, where no whole patch is known', () => {
    const image = createColorImage(16, 16);
    image.data.fill(0.5);
    const hole = new Uint8Array(256).fill(1);
    hole[0] = 0;
    expect(inpaintPatches(image, hole)).toBe(false);
    expect(image.data[255 * 3]).toBeCloseTo(0.5, 5);
  });
});
