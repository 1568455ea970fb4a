/**
 * A picture in memory: 8-bit sRGB, straight (not premultiplied) alpha, rows top to bottom.
 * Pixel (x, y) covers [x, x+1) x [y, y+1); its centre is (x + 0.5, y + 0.5). Every 2D coordinate in the
 * project uses this convention.
 */
export interface RgbaImage {
  readonly width: number;
  readonly height: number;
  /** width * height * 4 bytes: r, g, b, a. */
  readonly data: Uint8Array;
}

/** One float per pixel, rows top to bottom; used for mattes (coverage in [0, 1]) and depth (metres). */
export interface FloatImage {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

export function createRgbaImage(width: number, height: number): RgbaImage {
  return { width, height, data: new Uint8Array(width * height * 4) };
}

export function createFloatImage(width: number, height: number): FloatImage {
  return { width, height, data: new Float32Array(width * height) };
}
