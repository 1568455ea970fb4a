import type { PicturePyramid } from '#engine/tracking/PicturePyramid';

/** A rotated rectangle in picture pixels; `rotation` in radians turns x towards y (clockwise on the screen). */
export interface Region {
  readonly centreX: number;
  readonly centreY: number;
  readonly width: number;
  readonly height: number;
  readonly rotation: number;
}

export interface WarpOptions {
  /** Values that bytes 0 and 255 become. */
  readonly low: number;
  readonly high: number;
  /** What lies outside of the picture: its nearest pixel, or a grey of this byte value. */
  readonly border: 'replicate' | number;
}

/**
 * Resamples a region to `width` x `height` and writes it planar (all red, all green, all blue) to `target`.
 * Bilinear with pixel centres at .5, as MediaPipe's GPU path samples; where the region is more than twice
 * as large as the target it reads a halved picture, which MediaPipe does not and which keeps large
 * pictures from aliasing.
 */
export function warpRegion(
  pyramid: PicturePyramid,
  region: Region,
  size: { readonly width: number; readonly height: number },
  options: WarpOptions,
  target: Float32Array,
): void {
  const stepX = region.width / size.width;
  const stepY = region.height / size.height;
  const { image, scale } = pyramid.forStride(Math.min(stepX, stepY));
  const cos = Math.cos(region.rotation) * scale;
  const sin = Math.sin(region.rotation) * scale;
  const plane = size.width * size.height;
  const gain = (options.high - options.low) / 255;
  const { data, width, height } = image;
  const isReplicated = options.border === 'replicate';
  const border = options.border === 'replicate' ? 0 : options.border;
  let to = 0;
  for (let row = 0; row < size.height; row++) {
    const v = (row + 0.5) * stepY - region.height / 2;
    for (let column = 0; column < size.width; column++, to++) {
      const u = (column + 0.5) * stepX - region.width / 2;
      const x = region.centreX * scale + cos * u - sin * v - 0.5;
      const y = region.centreY * scale + sin * u + cos * v - 0.5;
      const x0 = Math.floor(x);
      const y0 = Math.floor(y);
      const fx = x - x0;
      const fy = y - y0;
      const left = clampIndex(x0, width);
      const right = clampIndex(x0 + 1, width);
      const top = clampIndex(y0, height);
      const bottom = clampIndex(y0 + 1, height);
      let w00 = (1 - fx) * (1 - fy);
      let w10 = fx * (1 - fy);
      let w01 = (1 - fx) * fy;
      let w11 = fx * fy;
      let outside = 0;
      if (!isReplicated) {
        if (left !== x0 || top !== y0) w00 = 0;
        if (right !== x0 + 1 || top !== y0) w10 = 0;
        if (left !== x0 || bottom !== y0 + 1) w01 = 0;
        if (right !== x0 + 1 || bottom !== y0 + 1) w11 = 0;
        outside = (1 - w00 - w10 - w01 - w11) * border;
      }
      const a = (top * width + left) * 4;
      const b = (top * width + right) * 4;
      const c = (bottom * width + left) * 4;
      const d = (bottom * width + right) * 4;
      for (let channel = 0; channel < 3; channel++) {
        const value =
          data[a + channel] * w00 +
          data[b + channel] * w10 +
          data[c + channel] * w01 +
          data[d + channel] * w11 +
          outside;
        target[to + channel * plane] = value * gain + options.low;
      }
    }
  }
}

function clampIndex(index: number, length: number): number {
  return index < 0 ? 0 : index >= length ? length - 1 : index;
}

/** Moves a point of the unit square over the region to picture pixels. */
export function regionToPicture(region: Region, u: number, v: number): [number, number] {
  const x = (u - 0.5) * region.width;
  const y = (v - 0.5) * region.height;
  const cos = Math.cos(region.rotation);
  const sin = Math.sin(region.rotation);
  return [region.centreX + cos * x - sin * y, region.centreY + sin * x + cos * y];
}
