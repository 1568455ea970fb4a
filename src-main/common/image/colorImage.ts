import type { RgbaImage } from '#common/image/rasterImage';
import { SRGB_TO_LINEAR } from '#common/image/srgb';
import { portablePower, squared } from '#common/math/portableMath';

/**
 * Three floats per pixel, interleaved r g b, rows top to bottom. Whether the values are linear light or
 * sRGB-encoded [0, 1] is said by the name of the variable or parameter (`linear`, `encoded`).
 */
export interface ColorImage {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

export function createColorImage(width: number, height: number): ColorImage {
  return { width, height, data: new Float32Array(width * height * 3) };
}

/** Linear light of the colour channels; alpha is ignored. */
export function linearFromRgba(image: RgbaImage): ColorImage {
  const result = createColorImage(image.width, image.height);
  const { data } = result;
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    data[to] = SRGB_TO_LINEAR[image.data[from]];
    data[to + 1] = SRGB_TO_LINEAR[image.data[from + 1]];
    data[to + 2] = SRGB_TO_LINEAR[image.data[from + 2]];
  }
  return result;
}

/** The encoded values as floats in [0, 1]; alpha is ignored. */
export function encodedFromRgba(image: RgbaImage): ColorImage {
  const result = createColorImage(image.width, image.height);
  const { data } = result;
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    data[to] = image.data[from] / 255;
    data[to + 1] = image.data[from + 1] / 255;
    data[to + 2] = image.data[from + 2] / 255;
  }
  return result;
}

/** Opaque 8-bit picture of encoded values; out-of-range values are clamped. */
export function rgbaFromEncoded(encoded: ColorImage): RgbaImage {
  const pixels = encoded.width * encoded.height;
  const data = new Uint8Array(pixels * 4);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = encoded.data[pixel * 3 + channel] * 255 + 0.5;
      data[pixel * 4 + channel] = value <= 0 ? 0 : value >= 255 ? 255 : value;
    }
    data[pixel * 4 + 3] = 255;
  }
  return { width: encoded.width, height: encoded.height, data };
}

const ENCODE_STEPS = 2048;
// Even in the square root, where the sRGB curve is nearly straight: linear interpolation errs by < 1e-5.
const ENCODE_TABLE = Float32Array.from({ length: ENCODE_STEPS + 2 }, (_, index) => {
  const value = squared(index / ENCODE_STEPS);
  return value <= 0.0031308 ? value * 12.92 : 1.055 * portablePower(value, 1 / 2.4) - 0.055;
});

/** Linear light -> sRGB-encoded float in [0, 1]; values outside are clamped. */
export function encodeSrgb(linear: number): number {
  if (!(linear > 0)) return 0;
  if (linear >= 1) return 1;
  const position = Math.sqrt(linear) * ENCODE_STEPS;
  const index = position | 0;
  const low = ENCODE_TABLE[index];
  return low + (ENCODE_TABLE[index + 1] - low) * (position - index);
}

/** sRGB-encoded float -> linear light; exact curve, not for hot loops. */
export function decodeSrgb(encoded: number): number {
  return encoded <= 0.04045 ? encoded / 12.92 : portablePower((encoded + 0.055) / 1.055, 2.4);
}
