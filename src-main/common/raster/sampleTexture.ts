import { TEXEL_STRIDE } from '#common/raster/mipTexture';
import type { MipTexture } from '#common/raster/mipTexture';

/**
 * What one pixel covers of a texture: a line of `taps` samples about (u, v), each as wide as `levelOfDetail`
 * says (log2 of texels of level 0; below 0 the texture is magnified). u and v in [0, 1], v down. A typed
 * array, because an object's numbers would be boxed: see the FOOTPRINT_ indices.
 */
export type Footprint = Float64Array;
export const FOOTPRINT_U = 0;
export const FOOTPRINT_V = 1;
/** From one tap to the next. */
export const FOOTPRINT_STEP_U = 2;
export const FOOTPRINT_STEP_V = 3;
export const FOOTPRINT_TAPS = 4;
export const FOOTPRINT_LEVEL = 5;

const LEVEL_MARGIN = 0.15;

/** One round, unit-wide tap at (0, 0). */
export function createFootprint(): Footprint {
  return Float64Array.of(0, 0, 0, 0, 1, 0);
}

/**
 * The mean of the texture over a footprint: bilinear taps, blended between the two nearest levels.
 *
 * @param out red, green, blue in linear 16-bit scale
 */
export function sampleTexture(texture: MipTexture, footprint: Footprint, out: Float64Array): void {
  out[0] = 0;
  out[1] = 0;
  out[2] = 0;
  const last = texture.levelCount - 1;
  const detail = Math.min(last, Math.max(0, footprint[FOOTPRINT_LEVEL]));
  const level = detail | 0;
  // Close to a level its neighbour adds nothing that is seen: skipping it saves a third of the taps.
  const blend = Math.min(1, Math.max(0, (detail - level - LEVEL_MARGIN) / (1 - 2 * LEVEL_MARGIN)));
  if (blend < 1) addLevel(texture, footprint, level, 1 - blend, out);
  if (blend > 0) addLevel(texture, footprint, level + 1, blend, out);
}

/** Adds `share` times the mean of a footprint's taps in one level. */
function addLevel(
  texture: MipTexture,
  footprint: Footprint,
  level: number,
  share: number,
  out: Float64Array,
): void {
  const { texels } = texture;
  const width = texture.widths[level];
  const height = texture.heights[level];
  const offset = texture.offsets[level];
  const taps = footprint[FOOTPRINT_TAPS];
  const stepX = footprint[FOOTPRINT_STEP_U] * width;
  const stepY = footprint[FOOTPRINT_STEP_V] * height;
  let tapX = footprint[FOOTPRINT_U] * width - 0.5 - (stepX * (taps - 1)) / 2;
  let tapY = footprint[FOOTPRINT_V] * height - 0.5 - (stepY * (taps - 1)) / 2;
  const weight = share / taps;
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let tap = 0; tap < taps; tap++) {
    // Clamping the position to the outer texel centres is the same as repeating the edge texels.
    const x = tapX > 0 ? (tapX < width - 1 ? tapX : width - 1) : 0;
    const y = tapY > 0 ? (tapY < height - 1 ? tapY : height - 1) : 0;
    tapX += stepX;
    tapY += stepY;
    const column = x | 0;
    const row = y | 0;
    const fractionX = x - column;
    const fractionY = y - row;
    const p = offset + (row * width + column) * TEXEL_STRIDE;
    const q = row < height - 1 ? p + width * TEXEL_STRIDE : p;
    const right = column < width - 1 ? TEXEL_STRIDE : 0;
    const w11 = fractionX * fractionY;
    const w10 = fractionY - w11;
    const w01 = fractionX - w11;
    const w00 = 1 - fractionX - w10;
    red += w00 * texels[p] + w01 * texels[p + right] + w10 * texels[q] + w11 * texels[q + right];
    green += w00 * texels[p + 1] + w01 * texels[p + right + 1] + w10 * texels[q + 1] + w11 * texels[q + right + 1]; // prettier-ignore
    blue +=
      w00 * texels[p + 2] + w01 * texels[p + right + 2] + w10 * texels[q + 2] + w11 * texels[q + right + 2];
  }
  out[0] += weight * red;
  out[1] += weight * green;
  out[2] += weight * blue;
}
