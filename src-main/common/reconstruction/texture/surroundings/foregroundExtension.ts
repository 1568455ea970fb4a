import type { ColorImage } from '#common/image/colorImage';
import { createColorImage } from '#common/image/colorImage';
import { distanceTransform } from '#common/image/distanceTransform';
import { invertMask, maskAbove } from '#common/image/morphology';
import { pushPullHole } from '#common/image/pushPull';
import { smoothStep } from '#common/reconstruction/texture/view/pictureTrust';

/** Coverage up to which a pixel's colour does not count as the person's own. */
const OPAQUE = 0.92;

export interface ForegroundInput {
  /** The crop, encoded. */
  readonly crop: ColorImage;
  /** Its matte, at its size. */
  readonly coverage: Float32Array;
  /** The background alone, encoded: what shines through where the matte is soft. */
  readonly plate: ColorImage;
  /** 1 where the crop shows picture; without it, everywhere. */
  readonly valid?: Uint8Array;
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
  const trusted = trustedMask(input, 1.5 * unit);
  const result = createColorImage(width, height);
  result.data.set(input.crop.data);
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
    const own = isUnseen ? 0 : smoothStep(0.35, 0.9, input.coverage[pixel]);
    for (let c = 0; c < 3; c++) {
      const i = pixel * 3 + c;
      const reflected = input.crop.data[from + c];
      const extended = reflected + (result.data[i] - reflected) * smooth;
      result.data[i] = own > 0 ? extended + (unmix(input, pixel, c) - extended) * own : extended;
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

/** Foreground of I = a F + (1 - a) B, kept in range. */
function unmix(input: ForegroundInput, pixel: number, channel: number): number {
  const alpha = Math.max(0.3, input.coverage[pixel]);
  const i = pixel * 3 + channel;
  const value = (input.crop.data[i] - (1 - alpha) * input.plate.data[i]) / alpha;
  return Math.min(1, Math.max(0, value));
}

/** Opaque seen pixels further than `margin` from any that are not; the bare opaque ones if that leaves none. */
function trustedMask(input: ForegroundInput, margin: number): Uint8Array {
  const opaque = maskAbove(input.coverage, OPAQUE);
  const { valid } = input;
  if (valid !== undefined) for (let i = 0; i < opaque.length; i++) opaque[i] &= valid[i];
  const { distance } = distanceTransform(invertMask(opaque), input.crop.width, input.crop.height);
  const trusted = maskAbove(distance, margin);
  return trusted.includes(1) ? trusted : opaque;
}
