import type { RgbaImage } from '#common/image/rasterImage';
import { createRgbaImage } from '#common/image/rasterImage';
import { PicturePyramid } from '#engine/tracking/PicturePyramid';
import type { Region, WarpOptions } from '#engine/tracking/warpRegion';
import { regionToPicture, warpRegion } from '#engine/tracking/warpRegion';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** Red is 10 x, green is 10 y, opaque. */
function rampPicture(width: number, height: number): RgbaImage {
  const image = createRgbaImage(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) image.data.set([10 * x, 10 * y, 7, 255], (y * width + x) * 4);
  }
  return image;
}

function warp(
  image: RgbaImage,
  region: Region,
  size: number,
  options: Partial<WarpOptions> = {},
): Float32Array {
  const target = new Float32Array(3 * size * size);
  const full = { low: 0, high: 255, border: 'replicate', ...options } as const;
  warpRegion(new PicturePyramid(image), region, { width: size, height: size }, full, target);
  return target;
}

const upright = (centreX: number, centreY: number, side: number, rotation = 0): Region => ({
  centreX,
  centreY,
  width: side,
  height: side,
  rotation,
});

describe('warpRegion', () => {
  it('copies pixels where one pixel is one step, planar by channel', () => {
    const result = warp(rampPicture(6, 6), upright(3, 3, 2), 2);
    [20, 30, 20, 30, 20, 20, 30, 30, 7, 7, 7, 7].forEach((value, index) =>
      expect(result[index]).toBeCloseTo(value, 4),
    );
  });

  it('turns clockwise: a quarter turn makes the picture column its row', () => {
    const result = warp(rampPicture(6, 6), upright(3, 3, 2, Math.PI / 2), 2);
    [30, 30, 20, 20].forEach((value, index) => expect(result[index]).toBeCloseTo(value, 3));
    [20, 30, 20, 30].forEach((value, index) => expect(result[4 + index]).toBeCloseTo(value, 3));
  });

  it('repeats the edge or takes the given grey outside', () => {
    const image = rampPicture(4, 4);
    expect(warp(image, upright(-10, 2, 1), 1)[0]).toBeCloseTo(0, 5);
    expect(warp(image, upright(14, 2, 1), 1)[0]).toBeCloseTo(30, 5);
    expect(warp(image, upright(-10, 2, 1), 1, { border: 128 })[0]).toBeCloseTo(128, 4);
    // Half of the sample lies beyond the left edge.
    expect(warp(image, upright(0, 0.5, 1), 1, { border: 100 })[0]).toBeCloseTo(50, 4);
  });

  it('maps bytes to the range the model wants', () => {
    const white = createRgbaImage(4, 4);
    white.data.fill(255);
    expect(warp(white, upright(2, 2, 2), 1, { low: -1, high: 1 })[0]).toBeCloseTo(1, 6);
  });

  it('averages instead of skipping pixels when much larger than its target', () => {
    const stripes = createRgbaImage(64, 64);
    for (let index = 0; index < 64 * 64; index++) {
      const value = index % 2 === 0 ? 0 : 200;
      stripes.data.set([value, value, value, 255], index * 4);
    }
    const result = warp(stripes, upright(32, 32, 64), 16);
    for (const value of result) expect(value).toBeCloseTo(100, 0);
  });

  it('agrees with regionToPicture on where a sample lies', () => {
    const image = rampPicture(25, 25);
    fc.assert(
      fc.property(
        fc.record({
          centreX: fc.double({ min: 10, max: 15, noNaN: true }),
          centreY: fc.double({ min: 10, max: 15, noNaN: true }),
          side: fc.double({ min: 2, max: 8, noNaN: true }),
          rotation: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
        }),
        ({ centreX, centreY, side, rotation }) => {
          const region = upright(centreX, centreY, side, rotation);
          const result = warp(image, region, 5);
          const [x, y] = regionToPicture(region, 4.5 / 5, 0.5 / 5);
          expect(result[4]).toBeCloseTo((x - 0.5) * 10, 2);
          expect(result[25 + 4]).toBeCloseTo((y - 0.5) * 10, 2);
        },
      ),
    );
  });
});

describe('PicturePyramid', () => {
  it('lays transparent pixels on middle grey and leaves an opaque picture alone', () => {
    const opaque = rampPicture(4, 4);
    expect(new PicturePyramid(opaque).base).toBe(opaque);
    const clear = createRgbaImage(2, 2);
    expect([...new PicturePyramid(clear).base.data.subarray(0, 4)]).toEqual([128, 128, 128, 255]);
  });
});
