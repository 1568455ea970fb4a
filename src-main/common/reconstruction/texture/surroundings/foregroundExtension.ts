import { boxBlur } from '#common/image/boxBlur';
import type { ColorImage } from '#common/image/colorImage';
import { createColorImage } from '#common/image/colorImage';
import { distanceTransform } from '#common/image/distanceTransform';
import { cellOfPixel, localRange } from '#common/image/localRange';
import { invertMask, maskAbove } from '#common/image/morphology';
import { pushPullHole } from '#common/image/pushPull';
import { smoothStep } from '#common/math/smoothStep';
import { squared } from '#common/math/portableMath';

/** Coverage up to which a pixel's colour does not count as the person's own. */
const OPAQUE = 0.92;

/** Pixels (at 512) inside the opaque ones' border from which the person is sure: mattes err by that much. */
const EDGE = 2.5;
/** Pixels (at 512) around within which sure ones bound the colours of the others, and how far past that they may go. */
const RANGE_REACH = 12;
const SLACK = 0.02;

export interface ForegroundInput {
  /** The crop, encoded. */
  readonly crop: ColorImage;
  /** Its matte, at its size. */
  readonly coverage: Float32Array;
  /** The background alone, encoded: what shines through where the matte is soft. */
  readonly plate: ColorImage;
  /** 1 where the crop shows picture; without it, everywhere. */
  readonly valid?: Uint8Array;
  /** 1 on the face: its skin says nothing of the colours of the hair that surrounds it. */
  readonly face?: Uint8Array;
}

/**
 * Continues the person's colours outward over the soft band of the matte and the background, so that a
 * silhouette never shows what was behind it. In the band the person's share is un-mixed from the background;
 * near the person the picture is reflected about the edge of what is surely person (strands and weave go on), farther out
 * it fades to a smooth spread of the edge colours.
 */
export function extendForeground(input: ForegroundInput): ColorImage {
  const { width, height } = input.crop;
  const unit = width / 512;
  const { opaque, trusted } = trustedMasks(input, EDGE * unit);
  const person = unmixAll(input);
  clampToPerson(person, trusted, RANGE_REACH * unit);
  const result = createColorImage(width, height);
  result.data.set(person.data);
  const field = distanceTransform(trusted, width, height);
  if (field.nearest[0] < 0) return result;
  pushPullHole(result, trusted);
  for (let pixel = 0; pixel < trusted.length; pixel++) {
    if (trusted[pixel] === 1) continue;
    const isUnseen = input.valid?.[pixel] === 0;
    // Where the picture ended inside the person there is nothing better than its mirror image.
    const smooth =
      isUnseen && input.coverage[pixel] > 0.5 ? 0 : smoothStep(3 * unit, 18 * unit, field.distance[pixel]);
    const from = reflect(pixel, field.nearest[pixel], trusted, width) * 3;
    const isDoubted = isUnseen || (input.coverage[pixel] > OPAQUE && opaque[pixel] === 0);
    const own = isDoubted ? 0 : smoothStep(0.5, 0.92, input.coverage[pixel]);
    for (let c = 0; c < 3; c++) {
      const i = pixel * 3 + c;
      const reflected = person.data[from + c];
      const extended = reflected + (result.data[i] - reflected) * smooth;
      result.data[i] = own > 0 ? extended + (person.data[i] - extended) * own : extended;
    }
  }
  return result;
}

/** The pixel as far inside the edge as this one is outside, or the edge itself where that is no person. */
function reflect(pixel: number, edge: number, trusted: Uint8Array, width: number): number {
  const x = 2 * (edge % width) - (pixel % width);
  const y = 2 * Math.floor(edge / width) - Math.floor(pixel / width);
  const mirror = y * width + x;
  return x >= 0 && x < width && trusted[mirror] === 1 ? mirror : edge;
}

/** Takes colours that are not surely the person's into the range of those nearby that are, a little widened. In place. */
function clampToPerson(person: ColorImage, trusted: Uint8Array, reach: number): void {
  const { width, data } = person;
  const range = localRange(person, trusted, reach);
  for (let pixel = 0; pixel < trusted.length; pixel++) {
    if (trusted[pixel] === 1) continue;
    const cell = cellOfPixel(range, pixel % width, Math.floor(pixel / width));
    if (range.low[cell] > range.high[cell]) continue;
    for (let c = 0; c < 3; c++) {
      const i = pixel * 3 + c;
      data[i] = Math.min(range.high[cell + c] + SLACK, Math.max(range.low[cell + c] - SLACK, data[i]));
    }
  }
}

/** Foreground F of I = a F + (1 - a) B, kept in range; where a is small it means little and is not used. */
function unmixAll(input: ForegroundInput): ColorImage {
  const { width, height, data } = input.crop;
  const result = createColorImage(width, height);
  for (let i = 0; i < data.length; i++) {
    const alpha = input.coverage[(i / 3) | 0];
    if (alpha >= 1) {
      result.data[i] = data[i];
      continue;
    }
    const kept = Math.max(0.3, alpha);
    result.data[i] = Math.min(1, Math.max(0, (data[i] - (1 - kept) * input.plate.data[i]) / kept));
  }
  return result;
}

/** Pixels this near the matte's edge (at 512) are checked against the background's colour. */
const DOUBTFUL_REACH = 24;
/** Squared difference (encoded, three channels) below which person and background are too alike to tell. */
const LEAST_CONTRAST = 0.06;
/** Share of the squared difference to the person up to which the one to the background says that it shines through. */
const LIKE_BACKGROUND = 0.4;

/**
 * Mattes take gaps between strands for person: pixels near the edge that are much more like the background behind them than
 * like the person's inner colours are taken out of `opaque`.
 */
function dropBackgroundLike(input: ForegroundInput, opaque: Uint8Array): void {
  const { width, height } = input.crop;
  const { distance } = distanceTransform(invertMask(opaque), width, height);
  const reach = (DOUBTFUL_REACH * width) / 512;
  const inner = maskAbove(distance, reach);
  dropSkin(inner, input);
  if (!inner.includes(1)) return;
  const person = createColorImage(width, height);
  person.data.set(input.crop.data);
  pushPullHole(person, inner);
  const apart = (other: ColorImage, pixel: number) => {
    let sum = 0;
    for (let i = pixel * 3; i < pixel * 3 + 3; i++) sum += squared(input.crop.data[i] - other.data[i]);
    return sum;
  };
  const alike = new Float32Array(opaque.length);
  for (let pixel = 0; pixel < opaque.length; pixel++) {
    if (opaque[pixel] === 0 || inner[pixel] === 1) continue;
    const toPerson = apart(person, pixel);
    if (toPerson > LEAST_CONTRAST && apart(input.plate, pixel) < LIKE_BACKGROUND * toPerson) alike[pixel] = 1;
  }
  // Only where most of a neighbourhood agrees: single dark threads before a dark wall are the person's.
  boxBlur(alike, { width, height, channels: 1 }, Math.round((3 * width) / 512));
  for (let pixel = 0; pixel < opaque.length; pixel++) if (alike[pixel] > 0.6) opaque[pixel] = 0;
}

/** Skin goes on this far around the face zone, up to the hairline; pixels at 512. */
const FACE_RIM = 12;

/** Takes the face and the skin around it out of a mask, in place. */
function dropSkin(mask: Uint8Array, { face, crop }: ForegroundInput): void {
  if (face?.includes(1) !== true) return;
  const { distance } = distanceTransform(face, crop.width, crop.height);
  const rim = (FACE_RIM * crop.width) / 512;
  for (let pixel = 0; pixel < mask.length; pixel++) if (distance[pixel] <= rim) mask[pixel] = 0;
}

/**
 * `opaque`: seen pixels that are the person's alone; `trusted`: those further than `margin` from any other, or
 * the opaque ones if that leaves none.
 */
function trustedMasks(input: ForegroundInput, margin: number): { opaque: Uint8Array; trusted: Uint8Array } {
  const opaque = maskAbove(input.coverage, OPAQUE);
  const { valid } = input;
  if (valid !== undefined) for (let i = 0; i < opaque.length; i++) opaque[i] &= valid[i];
  dropBackgroundLike(input, opaque);
  const { distance } = distanceTransform(invertMask(opaque), input.crop.width, input.crop.height);
  const trusted = maskAbove(distance, margin);
  return { opaque, trusted: trusted.includes(1) ? trusted : opaque };
}
