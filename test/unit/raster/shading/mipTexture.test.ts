import { describe, expect, it } from 'vitest';
import { LINEAR16_TO_SRGB, SRGB_TO_LINEAR16 } from '#common/image/linear16';
import { createRgbaImage } from '#common/image/rasterImage';
import { buildMipTexture } from '#common/raster/shading/mipTexture';
import { createFootprint, FOOTPRINT_LEVEL, FOOTPRINT_STEP_U, FOOTPRINT_TAPS, FOOTPRINT_U, FOOTPRINT_V, sampleTexture } from '#common/raster/shading/sampleTexture'; // prettier-ignore

/** A grey picture from bytes. */
function grey(width: number, height: number, bytes: readonly number[]) {
  const image = createRgbaImage(width, height);
  bytes.forEach((byte, pixel) => image.data.set([byte, byte, byte, 255], pixel * 4));
  return image;
}

describe('linear16', () => {
  it('brings every sRGB byte back', () => {
    for (let byte = 0; byte < 256; byte++) expect(LINEAR16_TO_SRGB[SRGB_TO_LINEAR16[byte]]).toBe(byte);
  });
});

describe('buildMipTexture', () => {
  it('averages black and white to half the light, not to half the byte', () => {
    const texture = buildMipTexture(grey(2, 2, [0, 255, 255, 0]));
    expect(texture.levelCount).toBe(2);
    const average = texture.texels[texture.offsets[1]];
    expect(average).toBe(32768);
    expect(LINEAR16_TO_SRGB[average]).toBe(188);
  });

  it('keeps the mean light of odd sizes', () => {
    const bytes = Array.from({ length: 35 }, (_, index) => (index * 37) % 256);
    const texture = buildMipTexture(grey(7, 5, bytes));
    const mean = bytes.reduce((sum, byte) => sum + SRGB_TO_LINEAR16[byte], 0) / bytes.length;
    expect([...texture.widths]).toEqual([7, 3, 1]);
    expect([...texture.heights]).toEqual([5, 2, 1]);
    expect(Math.abs(texture.texels[texture.offsets[2]] - mean)).toBeLessThan(2);
  });
});

describe('sampleTexture', () => {
  const texture = buildMipTexture(grey(4, 1, [0, 255, 0, 255]));
  const sample = (u: number, level = 0, taps = 1, step = 0) => {
    const footprint = createFootprint();
    const out = new Float64Array(3);
    footprint[FOOTPRINT_U] = u;
    footprint[FOOTPRINT_V] = 0.5;
    footprint[FOOTPRINT_LEVEL] = level;
    footprint[FOOTPRINT_TAPS] = taps;
    footprint[FOOTPRINT_STEP_U] = step;
    sampleTexture(texture, footprint, out);
    return out[1];
  };

  it('reads texel centres, blends between them and repeats the edge', () => {
    expect([sample(0.125), sample(0.375), sample(0.25)]).toEqual([0, 65535, 32767.5]);
    expect([sample(-3), sample(7)]).toEqual([0, 65535]);
  });

  it('reads coarser levels and clamps to the last', () => {
    expect([sample(0.375, 1), sample(0.9, 2), sample(0.9, 12)]).toEqual([32768, 32768, 32768]);
    expect(sample(0.375, 0.5)).toBeCloseTo((65535 + 32768) / 2, 6);
  });

  it('averages the taps of a stretched footprint', () => {
    expect(sample(0.5, 0, 2, 0.25)).toBe(32767.5);
    expect(sample(0.375, 0, 3, 0.25)).toBeCloseTo(65535 / 3, 6);
  });
});
