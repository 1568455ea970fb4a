import type { ColorImage } from '#common/image/colorImage';
import type { FloatImage } from '#common/image/rasterImage';
import { smoothStep } from '#common/math/smoothStep';
import { partNumber } from '#common/reconstruction/texture/head/headChart';
import {
  INNER_LIP_OUTLINE,
  insideDistance,
  LEFT_EYE_OUTLINE,
  OUTER_LIP_OUTLINE,
  outlinePoints,
  RIGHT_EYE_OUTLINE,
} from '#common/reconstruction/texture/view/landmarkPolygons';
import type { SourceView } from '#common/reconstruction/texture/view/sourceView';
import type { TextureInput } from '#common/reconstruction/texture/textureInput';
import { norm2 } from '#common/math/portableMath';

/** Linear light, three numbers. */
export type LinearColor = readonly [number, number, number];

/** The picture's typical colours, which everything invented is matched to. Linear light. */
export interface PictureTone {
  readonly skin: LinearColor;
  readonly hair: LinearColor;
  readonly lips: LinearColor;
  /** What a white, matte surface in the face would look like. */
  readonly white: LinearColor;
}

const FALLBACK_SKIN: LinearColor = [0.42, 0.24, 0.17];
/** Reflectance of the sclera as seen in portraits: off-white, half in the lids' shade. */
const SCLERA_REFLECTANCE = 0.62;

export function luminanceOf(color: LinearColor): number {
  return 0.2126 * color[0] + 0.7152 * color[1] + 0.0722 * color[2];
}

/** Measures the tone of skin, hair, lips and whites in the crop (`linear`: the crop in linear light). */
export function measureTone(
  input: TextureInput,
  view: SourceView,
  trust: FloatImage,
  linear: ColorImage,
): PictureTone {
  const skin = colorWhere(linear, skinPixels(input, view, trust), 0.25, 0.75) ?? FALLBACK_SKIN;
  const hair = colorWhere(linear, hairPixels(input, view), 0.15, 0.7) ?? skin;
  const lips =
    colorWhere(linear, lipPixels(input), 0.25, 0.75) ??
    mix(skin, [skin[0], skin[1] * 0.5, skin[2] * 0.5], 0.5);
  const bright = colorWhere(linear, skinPixels(input, view, trust), 0.9, 0.99) ?? skin;
  return { skin, hair, lips, white: whiteOf(input, linear, bright) };
}

function whiteOf(input: TextureInput, linear: ColorImage, brightSkin: LinearColor): LinearColor {
  const sclera = colorWhere(linear, scleraPixels(input), 0.55, 0.95);
  // Bright skin seen as if it reflected .55, its hue mostly taken out: the light's own is seldom so warm.
  const level = Math.max(0.12, luminanceOf(brightSkin)) / 0.55;
  const guess = mix([level, level, level], scale(brightSkin, 1 / 0.55), 0.2);
  const seen = sclera === undefined ? undefined : scale(sclera, 1 / SCLERA_REFLECTANCE);
  const white = seen !== undefined && luminanceOf(seen) > 0.5 * level ? mix(seen, guess, 0.3) : guess;
  const peak = Math.max(...white);
  return peak > 1.1 ? scale(white, 1.1 / peak) : white;
}

/** Chroma of the skin, relative to its brightness, below which a picture is surely grey and from which it is in colour. */
const GREY = [0.04, 0.18] as const;

/** A reflectance as it would look in the picture: in its light, and grey in a black-and-white picture. */
export function inLight(reflectance: LinearColor, tone: PictureTone): LinearColor {
  const { skin, white } = tone;
  const chroma = (Math.max(...skin) - Math.min(...skin)) / (Math.max(...skin) + 1e-6);
  const level = luminanceOf(reflectance);
  const color = mix([level, level, level], reflectance, smoothStep(GREY[0], GREY[1], chroma));
  return [color[0] * white[0], color[1] * white[1], color[2] * white[2]];
}

export function scale(color: LinearColor, factor: number): LinearColor {
  return [color[0] * factor, color[1] * factor, color[2] * factor];
}

export function mix(from: LinearColor, to: LinearColor, t: number): LinearColor {
  return [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t, from[2] + (to[2] - from[2]) * t];
}

/**
 * Mean colour of the pixels whose luminance lies between two quantiles of the set; undefined for fewer than 12
 * pixels. `pixels` are indices in the picture.
 */
export function colorWhere(
  linear: ColorImage,
  pixels: readonly number[],
  low: number,
  high: number,
): LinearColor | undefined {
  if (pixels.length < 12) return undefined;
  const luminance = (pixel: number) =>
    0.2126 * linear.data[pixel * 3] +
    0.7152 * linear.data[pixel * 3 + 1] +
    0.0722 * linear.data[pixel * 3 + 2];
  const keyed = pixels.map((pixel) => ({ pixel, key: luminance(pixel) })).sort((a, b) => a.key - b.key);
  const kept = keyed.slice(Math.floor(low * keyed.length), Math.max(Math.ceil(high * keyed.length), 1));
  const sum: [number, number, number] = [0, 0, 0];
  for (const { pixel } of kept) for (let c = 0; c < 3; c++) sum[c] += linear.data[pixel * 3 + c];
  return [sum[0] / kept.length, sum[1] / kept.length, sum[2] / kept.length];
}

const STRIDE = 3;

function collect(input: TextureInput, accepts: (x: number, y: number) => boolean): number[] {
  const pixels: number[] = [];
  const { width, height } = input.crop;
  for (let y = 0; y < height; y += STRIDE) {
    for (let x = 0; x < width; x += STRIDE) if (accepts(x, y)) pixels.push(y * width + x);
  }
  return pixels;
}

function skinPixels(input: TextureInput, view: SourceView, trust: FloatImage): number[] {
  const skin = partNumber(input.geometry, 'skin');
  return collect(
    input,
    (x, y) =>
      trust.data[y * trust.width + x] > 0.9 &&
      view.part[y * view.scale * view.size + x * view.scale] === skin,
  );
}

function hairPixels(input: TextureInput, view: SourceView): number[] {
  const shell = partNumber(input.geometry, 'shell');
  // Brows: shell above them is hair or hat, below them it may be ear, neck or cloth.
  const browRow = Math.min(
    input.observation.landmarks[105 * 3 + 1],
    input.observation.landmarks[334 * 3 + 1],
  );
  const { matte } = input;
  return collect(
    input,
    (x, y) =>
      y < browRow &&
      view.part[y * view.scale * view.size + x * view.scale] === shell &&
      matte.data[
        Math.floor((y * matte.height) / input.crop.height) * matte.width +
          Math.floor((x * matte.width) / input.crop.width)
      ] > 0.97,
  );
}

function lipPixels(input: TextureInput): number[] {
  const outer = outlinePoints(input.observation, OUTER_LIP_OUTLINE);
  const inner = outlinePoints(input.observation, INNER_LIP_OUTLINE);
  return pixelsIn(
    input,
    outer,
    (x, y) => insideDistance(outer, x, y) > 1.5 && insideDistance(inner, x, y) < -1,
  );
}

function scleraPixels(input: TextureInput): number[] {
  const { landmarks } = input.observation;
  return [RIGHT_EYE_OUTLINE, LEFT_EYE_OUTLINE].flatMap((outline, side) => {
    const points = outlinePoints(input.observation, outline);
    const iris = 468 + side * 5;
    const x = landmarks[iris * 3];
    const y = landmarks[iris * 3 + 1];
    const radius = norm2(landmarks[iris * 3 + 3] - x, landmarks[iris * 3 + 4] - y);
    return pixelsIn(
      input,
      points,
      (px, py) => insideDistance(points, px, py) > 1.5 && norm2(px - x, py - y) > 1.3 * radius,
    );
  });
}

function pixelsIn(
  input: TextureInput,
  outline: Float64Array,
  accepts: (x: number, y: number) => boolean,
): number[] {
  const pixels: number[] = [];
  const { width, height } = input.crop;
  const xs = outline.filter((_, index) => index % 2 === 0);
  const ys = outline.filter((_, index) => index % 2 === 1);
  for (let y = Math.max(0, Math.floor(Math.min(...ys))); y < Math.min(height, Math.max(...ys)); y++) {
    for (let x = Math.max(0, Math.floor(Math.min(...xs))); x < Math.min(width, Math.max(...xs)); x++) {
      if (accepts(x + 0.5, y + 0.5)) pixels.push(y * width + x);
    }
  }
  return pixels;
}
