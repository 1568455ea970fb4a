import { createColorImage } from '#common/image/colorImage';
import { createFloatImage, createRgbaImage } from '#common/image/rasterImage';
import { backgroundPlate } from '#common/reconstruction/texture/surroundings/backgroundPlate';
import { extendForeground } from '#common/reconstruction/texture/surroundings/foregroundExtension';
import { describe, expect, it } from 'vitest';

const SIDE = 192;

/** A person-shaped blob that leaves through the lower border; soft over two pixels. */
function personCoverage(x: number, y: number): number {
  const head = 45 - Math.hypot(x - 96, y - 80);
  const body = y > 110 ? 70 - Math.abs(x - 96) : -1;
  return Math.min(1, Math.max(0, 0.5 + Math.max(head, body) / 2));
}

function scene(background: (x: number, y: number) => readonly number[], person: readonly number[]) {
  const crop = createRgbaImage(SIDE, SIDE);
  const matte = createFloatImage(SIDE, SIDE);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const alpha = personCoverage(x + 0.5, y + 0.5);
      const behind = background(x, y);
      const pixel = y * SIDE + x;
      matte.data[pixel] = alpha;
      for (let c = 0; c < 3; c++)
        crop.data[pixel * 4 + c] = Math.round(alpha * person[c] + (1 - alpha) * behind[c]);
      crop.data[pixel * 4 + 3] = 255;
    }
  }
  return { crop, matte };
}

function worstDifference(data: Uint8Array, expected: (x: number, y: number) => readonly number[]): number {
  let worst = 0;
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
    const value = expected(pixel % SIDE, Math.floor(pixel / SIDE));
    for (let c = 0; c < 3; c++) worst = Math.max(worst, Math.abs(data[pixel * 4 + c] - value[c]));
  }
  return worst;
}

describe('backgroundPlate', () => {
  it.each([
    ['plain', () => [120, 130, 140]],
    ['graded', (x: number, y: number) => [60 + 0.4 * x, 90 + 0.5 * y, 200 - 0.3 * x - 0.2 * y]],
    [
      'vignetted',
      (x: number, y: number) => [0, 20, 40].map((c) => c + 180 - 0.006 * ((x - 96) ** 2 + (y - 96) ** 2)),
    ],
  ])('continues a %s backdrop within 2/255', (_, background) => {
    const { crop, matte } = scene(background, [200, 150, 120]);
    const { plate, method } = backgroundPlate({ crop, matte });
    expect(method).toBe('smooth');
    expect(worstDifference(plate.data, background)).toBeLessThanOrEqual(2);
  });

  it('fills a textured wall from the wall', () => {
    const stripes = (x: number) => (x % 16 < 8 ? [40, 60, 50] : [180, 190, 160]);
    const { crop, matte } = scene(stripes, [220, 40, 40]);
    const { plate, method } = backgroundPlate({ crop, matte });
    expect(method).toBe('patches');
    let reddest = -255;
    let blurred = 0;
    for (let i = 0; i < plate.data.length; i += 4) {
      reddest = Math.max(reddest, plate.data[i] - plate.data[i + 1]);
      if (plate.data[i] > 75 && plate.data[i] < 145) blurred++;
    }
    expect(reddest).toBeLessThan(25);
    expect(blurred / (SIDE * SIDE)).toBeLessThan(0.1);
  });

  it('leaves a picture without a person as it is', () => {
    const { crop } = scene(() => [1, 2, 3], [1, 2, 3]);
    const { plate, method } = backgroundPlate({ crop, matte: createFloatImage(SIDE, SIDE) });
    expect(method).toBe('untouched');
    expect(Buffer.compare(plate.data, crop.data)).toBe(0);
  });

  it('paints over repeated borders', () => {
    const { crop, matte } = scene((x, y) => (x < 20 ? [255, 0, 0] : [100, 100 + y / 8, 90]), [200, 150, 120]);
    const validMask = createFloatImage(SIDE, SIDE);
    validMask.data.forEach((_, i) => (validMask.data[i] = i % SIDE < 22 ? 0 : 1));
    const { plate } = backgroundPlate({ crop, matte, validMask });
    expect(worstDifference(plate.data, (_, y) => [100, 100 + y / 8, 90])).toBeLessThanOrEqual(3);
  });
});

describe('extendForeground', () => {
  it('leaves nothing of a magenta background and keeps the person', () => {
    const { crop, matte } = scene(() => [255, 0, 255], [150, 100, 70]);
    const encoded = createColorImage(SIDE, SIDE);
    const plate = createColorImage(SIDE, SIDE);
    for (let i = 0; i < SIDE * SIDE * 3; i++) {
      encoded.data[i] = crop.data[Math.floor(i / 3) * 4 + (i % 3)] / 255;
      plate.data[i] = i % 3 === 1 ? 0 : 1;
    }
    const { data } = extendForeground({ crop: encoded, coverage: matte.data, plate });
    for (let i = 0; i < data.length; i += 3) {
      const worst = Math.max(...[150, 100, 70].map((value, c) => Math.abs(data[i + c] * 255 - value)));
      if (worst > 6) expect.fail(`pixel ${i / 3} differs by ${worst}`);
    }
  });
});

describe('dark hair before a dark background', () => {
  it('is not taken for background because the face within it is bright', () => {
    const hair = [50, 35, 30];
    const isFace = (pixel: number): boolean =>
      Math.hypot((pixel % SIDE) - 96, Math.floor(pixel / SIDE) - 80) < 38;
    const { crop, matte } = scene(() => [35, 40, 30], hair);
    const encoded = createColorImage(SIDE, SIDE);
    const plate = createColorImage(SIDE, SIDE);
    const face = new Uint8Array(SIDE * SIDE).map((_, pixel) => (isFace(pixel) ? 1 : 0));
    for (let i = 0; i < SIDE * SIDE * 3; i++) {
      const pixel = Math.floor(i / 3);
      encoded.data[i] = (face[pixel] === 1 ? [220, 180, 160][i % 3] : crop.data[pixel * 4 + (i % 3)]) / 255;
      plate.data[i] = [35, 40, 30][i % 3] / 255;
    }
    const { data } = extendForeground({ crop: encoded, coverage: matte.data, plate, face });
    const above = (80 - 41) * SIDE + 96;
    expect(hair.map((value, c) => Math.abs(data[above * 3 + c] * 255 - value) < 6)).toEqual([
      true,
      true,
      true,
    ]);
  });
});

describe('foreground and plate at uncertain borders', () => {
  it('does not un-mix colours the person does not have', () => {
    const { crop, matte } = scene(() => [30, 30, 30], [150, 100, 70]);
    const encoded = createColorImage(SIDE, SIDE);
    const plate = createColorImage(SIDE, SIDE);
    for (let i = 0; i < SIDE * SIDE * 3; i++) {
      encoded.data[i] = crop.data[Math.floor(i / 3) * 4 + (i % 3)] / 255;
      plate.data[i] = 30 / 255;
    }
    // A matte that claims too little: un-mixing against the dark background overshoots to white.
    const coverage = matte.data.map((alpha) => (alpha > 0.99 ? 1 : 0.4 * alpha));
    for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
      const isRim = Math.abs(Math.hypot((pixel % SIDE) - 96, Math.floor(pixel / SIDE) - 80) - 42) < 2;
      if (isRim) coverage[pixel] = 0.6;
    }
    const { data } = extendForeground({ crop: encoded, coverage, plate });
    let brightest = 0;
    for (let i = 0; i < data.length; i += 3) brightest = Math.max(brightest, data[i] * 255);
    expect(brightest).toBeLessThan(160);
  });

  it('continues a wall that is plain around the person though dark things stand farther off', () => {
    const isDark = (x: number, y: number) => (x > 160 && y < 70) || (x < 32 && y < 95);
    const wall = (x: number, y: number) => (isDark(x, y) ? [40, 35, 30] : [200, 205, 210]);
    const { crop, matte } = scene(wall, [120, 80, 60]);
    const { plate } = backgroundPlate({ crop, matte });
    for (let y = 60; y < 110; y++) {
      const green = plate.data[(y * SIDE + 96) * 4 + 1];
      expect(green, `row ${y}`).toBeGreaterThan(175);
    }
  });
});
