import { TEXEL_STRIDE } from '#common/raster/shading/mipTexture';
import type { MipTexture } from '#common/raster/shading/mipTexture';

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
const LEVEL_SCALE = 1 / (1 - 2 * LEVEL_MARGIN);

/** The most taps of a footprint. */
const MAX_TAPS = 8;
const TAP_SHARE = Float64Array.from({ length: MAX_TAPS + 1 }, (_, taps) => 1 / taps);

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
  const { texels, widths, heights, offsets } = texture;
  const detail = Math.min(texture.levelCount - 1, Math.max(0, footprint[FOOTPRINT_LEVEL]));
  const fine = detail | 0;
  // Close to a level its neighbour adds nothing that is seen: skipping it saves a third of the taps.
  const blend = Math.min(1, Math.max(0, (detail - fine - LEVEL_MARGIN) * LEVEL_SCALE));
  const first = blend < 1 ? fine : fine + 1;
  const last = blend > 0 ? fine + 1 : fine;
  const taps = footprint[FOOTPRINT_TAPS] | 0;
  const stepU = footprint[FOOTPRINT_STEP_U];
  const stepV = footprint[FOOTPRINT_STEP_V];
  const startU = footprint[FOOTPRINT_U] - stepU * (taps - 1) * 0.5;
  const startV = footprint[FOOTPRINT_V] - stepV * (taps - 1) * 0.5;
  let red = 0;
  let green = 0;
  let blue = 0;
  // Levels and taps in one function with local sums: split up, calls and memory traffic cost half of the time.
  for (let level = first; level <= last; level++) {
    const share = (level === fine ? 1 - blend : blend) * TAP_SHARE[taps];
    const lastColumn = widths[level] - 1;
    const lastRow = heights[level] - 1;
    const rowStride = (lastColumn + 1) * TEXEL_STRIDE;
    const offset = offsets[level];
    for (let tap = 0; tap < taps; tap++) {
      const tapX = (startU + tap * stepU) * (lastColumn + 1) - 0.5;
      const tapY = (startV + tap * stepV) * (lastRow + 1) - 0.5;
      // Clamping the position to the outer texel centres is the same as repeating the edge texels.
      const x = tapX > 0 ? (tapX < lastColumn ? tapX : lastColumn) : 0;
      const y = tapY > 0 ? (tapY < lastRow ? tapY : lastRow) : 0;
      const column = x | 0;
      const row = y | 0;
      const p = offset + row * rowStride + column * TEXEL_STRIDE;
      const q = row < lastRow ? p + rowStride : p;
      const right = column < lastColumn ? TEXEL_STRIDE : 0;
      const lower = (y - row) * share;
      const w11 = (x - column) * lower;
      const w01 = (x - column) * share - w11;
      const w10 = lower - w11;
      const w00 = share - lower - w01;
      red += w00 * texels[p] + w01 * texels[p + right] + w10 * texels[q] + w11 * texels[q + right];
      green +=
        w00 * texels[p + 1] + w01 * texels[p + right + 1] + w10 * texels[q + 1] + w11 * texels[q + right + 1];
      blue +=
        w00 * texels[p + 2] + w01 * texels[p + right + 2] + w10 * texels[q + 2] + w11 * texels[q + right + 2];
    }
  }
  out[0] = red;
  out[1] = green;
  out[2] = blue;
}
