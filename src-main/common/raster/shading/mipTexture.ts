import { SRGB_TO_LINEAR16 } from '#common/image/linear16';
import type { RgbaImage } from '#common/image/rasterImage';
import { portableLog2 } from '#common/math/portableMath';

/** Numbers per texel: red, green, blue and one unused, so that a texel never straddles a cache line. */
export const TEXEL_STRIDE = 4;

/**
 * An opaque texture with its halved copies down to 1 x 1, in linear light (16 bits), all in one array.
 * Sampling clamps at the edges.
 */
export interface MipTexture {
  readonly width: number;
  readonly height: number;
  readonly levelCount: number;
  readonly texels: Uint16Array;
  /** First element of each level in `texels`. */
  readonly offsets: Int32Array;
  readonly widths: Int32Array;
  readonly heights: Int32Array;
}

/**
 * Builds the levels from an sRGB picture; alpha is ignored. Each level is the area average, in linear light,
 * of the one above, also where a side is odd.
 */
export function buildMipTexture(image: RgbaImage): MipTexture {
  const levelCount = Math.floor(portableLog2(Math.max(image.width, image.height))) + 1;
  const offsets = new Int32Array(levelCount);
  const widths = new Int32Array(levelCount);
  const heights = new Int32Array(levelCount);
  let size = 0;
  for (let level = 0; level < levelCount; level++) {
    widths[level] = Math.max(1, image.width >> level);
    heights[level] = Math.max(1, image.height >> level);
    offsets[level] = size;
    size += widths[level] * heights[level] * TEXEL_STRIDE;
  }
  const texels = new Uint16Array(size);
  for (let at = 0; at < image.width * image.height * 4; at += 4) {
    texels[at] = SRGB_TO_LINEAR16[image.data[at]];
    texels[at + 1] = SRGB_TO_LINEAR16[image.data[at + 1]];
    texels[at + 2] = SRGB_TO_LINEAR16[image.data[at + 2]];
  }
  const texture = { width: image.width, height: image.height, levelCount, texels, offsets, widths, heights };
  for (let level = 1; level < levelCount; level++) halveLevel(texture, level);
  return texture;
}

/** Fills a level with area averages of the level above it. */
function halveLevel(texture: MipTexture, level: number): void {
  const { widths, heights } = texture;
  if (widths[level - 1] === widths[level] * 2 && heights[level - 1] === heights[level] * 2) {
    halveEven(texture, level);
  } else {
    halveOdd(texture, level);
  }
}

function halveEven({ texels, offsets, widths, heights }: MipTexture, level: number): void {
  const stride = widths[level - 1] * TEXEL_STRIDE;
  let at = offsets[level];
  for (let y = 0; y < heights[level]; y++) {
    let source = offsets[level - 1] + y * 2 * stride;
    for (let x = 0; x < widths[level]; x++, at += TEXEL_STRIDE, source += 2 * TEXEL_STRIDE) {
      for (let channel = 0; channel < 3; channel++) {
        const k = source + channel;
        const sum =
          texels[k] + texels[k + TEXEL_STRIDE] + texels[k + stride] + texels[k + stride + TEXEL_STRIDE];
        texels[at + channel] = (sum + 2) >> 2;
      }
    }
  }
}

function halveOdd({ texels, offsets, widths, heights }: MipTexture, level: number): void {
  const columns = areaTaps(widths[level - 1], widths[level]);
  const rows = areaTaps(heights[level - 1], heights[level]);
  let at = offsets[level];
  for (let y = 0; y < heights[level]; y++) {
    for (let x = 0; x < widths[level]; x++, at += TEXEL_STRIDE) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let i = y * 3; i < y * 3 + 3; i++) {
        const row = offsets[level - 1] + rows.sources[i] * widths[level - 1] * TEXEL_STRIDE;
        for (let j = x * 3; j < x * 3 + 3; j++) {
          const weight = rows.weights[i] * columns.weights[j];
          const source = row + columns.sources[j] * TEXEL_STRIDE;
          red += weight * texels[source];
          green += weight * texels[source + 1];
          blue += weight * texels[source + 2];
        }
      }
      texels[at] = Math.round(red);
      texels[at + 1] = Math.round(green);
      texels[at + 2] = Math.round(blue);
    }
  }
}

/** The up to three source texels that one halved texel covers along an axis, with their shares. */
function areaTaps(from: number, to: number): { sources: Int32Array; weights: Float64Array } {
  const sources = new Int32Array(to * 3);
  const weights = new Float64Array(to * 3);
  const scale = from / to;
  for (let index = 0; index < to; index++) {
    const start = index * scale;
    const end = start + scale;
    for (let tap = 0; tap < 3; tap++) {
      const source = Math.floor(start) + tap;
      const overlap = Math.min(end, source + 1) - Math.max(start, source);
      sources[index * 3 + tap] = Math.min(source, from - 1);
      weights[index * 3 + tap] = Math.max(0, overlap) / scale;
    }
  }
  return { sources, weights };
}
