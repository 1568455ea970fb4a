import { gaussianBlur } from '#common/image/boxBlur';
import type { ColorImage } from '#common/image/colorImage';
import { createColorImage, decodeSrgb, encodedFromRgba, encodeSrgb, rgbaFromEncoded } from '#common/image/colorImage'; // prettier-ignore
import { colorPyramid, resizeColor, sampleBicubic, sampleBilinear } from '#common/image/resample';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

function picture(width: number, height: number, value: (x: number, y: number) => number): ColorImage {
  const image = createColorImage(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      image.data.fill(value(x + 0.5, y + 0.5), (y * width + x) * 3, (y * width + x + 1) * 3);
  }
  return image;
}

describe('sampling', () => {
  it.each([sampleBilinear, sampleBicubic])('reproduces a ramp between pixel centres', (sample) => {
    const ramp = picture(16, 16, (x, y) => 0.03 * x + 0.01 * y);
    const out = new Float32Array(3);
    sample(ramp, 7.3, 8.9, out, 0);
    expect(out[1]).toBeCloseTo(0.03 * 7.3 + 0.01 * 8.9, 5);
  });

  it('keeps the mean of a picture at every level of a pyramid', () => {
    const noise = picture(32, 32, (x, y) => Math.abs(Math.sin(x * 12.9 + y * 78.2)));
    const mean = (image: ColorImage) => image.data.reduce((sum, value) => sum + value, 0) / image.data.length;
    for (const level of colorPyramid(noise, 4)) expect(mean(level)).toBeCloseTo(mean(noise), 5);
  });

  it.each([
    [20, 20],
    [64, 64],
    [7, 7],
  ])('resizes a ramp to a ramp, %i x %i', (width, height) => {
    const out = resizeColor(
      picture(32, 32, (x) => x / 32),
      width,
      height,
    );
    const middle = Math.floor(height / 2) * width;
    for (let x = 2; x < width - 2; x++) expect(out.data[(middle + x) * 3]).toBeCloseTo((x + 0.5) / width, 2);
  });
});

describe('gaussianBlur', () => {
  it.each([1.5, 4, 9])('spreads a point to a variance of sigma squared, sigma %f', (sigma) => {
    const side = 101;
    const data = new Float32Array(side * side);
    data[50 * side + 50] = 1;
    gaussianBlur(data, { width: side, height: side, channels: 1 }, sigma);
    let variance = 0;
    data.forEach((value, i) => (variance += value * ((i % side) - 50) ** 2));
    expect(Math.sqrt(variance)).toBeGreaterThan(sigma * 0.9);
    expect(Math.sqrt(variance)).toBeLessThan(sigma * 1.1);
  });
});

describe('encoding', () => {
  it('inverts decoding', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (encoded) => {
        expect(encodeSrgb(decodeSrgb(encoded))).toBeCloseTo(encoded, 3);
      }),
    );
  });

  it('keeps every byte', () => {
    const data = Uint8Array.from({ length: 256 * 4 }, (_, i) => (i % 4 === 3 ? 255 : i >> 2));
    const image = { width: 16, height: 16, data };
    expect(rgbaFromEncoded(encodedFromRgba(image))).toEqual(image);
  });
});
