import { invariant } from '#common/contract/errors';
import type { RgbaImage } from '#common/image/rasterImage';
import { createRgbaImage } from '#common/image/rasterImage';

/**
 * Pictures side by side, to look at; places of the last row that are left over stay black.
 *
 * @param pictures [count, 3, size, size], -1 black to 1 white
 */
export function sampleGrid(pictures: Float32Array, size: number, columns: number): RgbaImage {
  const plane = size * size;
  const count = pictures.length / (3 * plane);
  invariant(Number.isInteger(count) && count > 0, `pictures of 3 x ${size} x ${size} fill the array`);
  const image = createRgbaImage(columns * size, Math.ceil(count / columns) * size);
  for (let alpha = 3; alpha < image.data.length; alpha += 4) image.data[alpha] = 255;
  for (let at = 0; at < pictures.length; at++) {
    const [picture, channel] = [Math.floor(at / (3 * plane)), Math.floor(at / plane) % 3];
    const [row, column] = [Math.floor((at % plane) / size), at % size];
    const y = Math.floor(picture / columns) * size + row;
    const x = (picture % columns) * size + column;
    const value = Math.round((pictures[at] + 1) * 127.5);
    image.data[(y * image.width + x) * 4 + channel] = Math.min(255, Math.max(0, value));
  }
  return image;
}
