import type { RgbaImage } from '#common/image/rasterImage';
import { cubic } from '#engine/networks/encoders/resizePositions';

/** How an encoder wants its pictures. */
export interface PicturePreparation {
  /** Pixels along each side of what comes out. */
  readonly size: number;
  /** The shorter side is resized to this, and the middle cut out; `size` keeps all of a square picture. */
  readonly edge: number;
  /** Of r, g, b in 0 to 1: subtracted, then divided by. */
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

/** What is behind a picture that lets light through, 0 to 255. */
const BACKGROUND = 127;

/** Sharpness of the cubic that Pillow resizes with. */
const PILLOW_SHARPNESS = -0.5;

/** For CLIP; the numbers are its training pictures'. */
export const CLIP_PICTURE: PicturePreparation = {
  size: 224,
  edge: 224,
  mean: [0.48145466, 0.4578275, 0.40821073],
  deviation: [0.26862954, 0.26130258, 0.27577711],
};

/**
 * For DINO; the numbers are ImageNet's. Its published processor cuts the middle 224 out of 256; a portrait's crop is square
 * and fits already, and its hair reaches the border, so all of it is kept (spec 5.4).
 */
export const DINO_PICTURE: PicturePreparation = {
  size: 224,
  edge: 224,
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
};

/** For our own encoders: -1 to 1. */
export function plainPicture(size: number): PicturePreparation {
  return { size, edge: size, mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };
}

/**
 * A picture as an encoder takes it: on grey, resized by bicubic filtering as Pillow does it (8 bits between the passes),
 * its middle, normalised.
 *
 * @returns [3, size, size]
 */
export function preparePicture(image: RgbaImage, preparation: PicturePreparation): Float32Array {
  const { size, edge, mean, deviation } = preparation;
  const scale = edge / Math.min(image.width, image.height);
  const width = Math.max(edge, Math.round(image.width * scale));
  const height = Math.max(edge, Math.round(image.height * scale));
  const rgb = onBackground(image);
  const wide = resizeColumns(rgb, { width: image.width, height: image.height }, width);
  const resized = resizeRows(wide, { width, height: image.height }, height);
  const left = Math.floor((width - size) / 2);
  const top = Math.floor((height - size) / 2);
  const result = new Float32Array(3 * size * size);
  for (let channel = 0; channel < 3; channel++) {
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const value = pixelOf(resized, { width, height }, column + left, row + top, channel) / 255;
        result[(channel * size + row) * size + column] = (value - mean[channel]) / deviation[channel];
      }
    }
  }
  return result;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** 0 outside, as cutting more than there is pads. */
function pixelOf(rgb: Uint8Array, { width, height }: Size, x: number, y: number, channel: number): number {
  return x < 0 || y < 0 || x >= width || y >= height ? 0 : rgb[(y * width + x) * 3 + channel];
}

function onBackground({ width, height, data }: RgbaImage): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const alpha = data[pixel * 4 + 3];
    for (let channel = 0; channel < 3; channel++) {
      const value = data[pixel * 4 + channel];
      rgb[pixel * 3 + channel] = Math.round((value * alpha + BACKGROUND * (255 - alpha)) / 255);
    }
  }
  return rgb;
}

/** Which source pixels make one target pixel, and how much of each. */
interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

/** The cubic, widened when shrinking; taps outside are left out, the others sum to 1. */
function tapsOf(source: number, target: number): readonly Taps[] {
  const scale = source / target;
  const reach = Math.max(1, scale);
  return Array.from({ length: target }, (_, at) => {
    const centre = (at + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - 2 * reach + 0.5));
    const end = Math.min(source, Math.trunc(centre + 2 * reach + 0.5));
    const weights = Float64Array.from({ length: end - first }, (_, tap) =>
      cubic((first + tap - centre + 0.5) / reach, PILLOW_SHARPNESS),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: weights.map((weight) => weight / total) };
  });
}

function resizeColumns(rgb: Uint8Array, { width, height }: Size, target: number): Uint8Array {
  if (target === width) return rgb;
  const taps = tapsOf(width, target);
  const result = new Uint8ClampedArray(target * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < target; x++) {
      const { first, weights } = taps[x];
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) {
          sum += weights[k] * rgb[(y * width + first + k) * 3 + channel];
        }
        result[(y * target + x) * 3 + channel] = Math.floor(sum + 0.5);
      }
    }
  }
  return new Uint8Array(result.buffer);
}

function resizeRows(rgb: Uint8Array, { width, height }: Size, target: number): Uint8Array {
  if (target === height) return rgb;
  const taps = tapsOf(height, target);
  const line = width * 3;
  const result = new Uint8ClampedArray(line * target);
  for (let y = 0; y < target; y++) {
    const { first, weights } = taps[y];
    for (let x = 0; x < line; x++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k] * rgb[(first + k) * line + x];
      result[y * line + x] = Math.floor(sum + 0.5);
    }
  }
  return new Uint8Array(result.buffer);
}
