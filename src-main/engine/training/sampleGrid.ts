import { invariant } from '#common/contract/errors';

/** Rows of 8-bit RGB. */
export interface RgbGrid {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/**
 * Pictures side by side, to look at.
 *
 * @param pictures [count, 3, size, size], -1 black to 1 white
 */
export function sampleGrid(pictures: Float32Array, size: number, columns: number): RgbGrid {
  const plane = size * size;
  const count = pictures.length / (3 * plane);
  invariant(Number.isInteger(count) && count > 0, `pictures of 3 x ${size} x ${size} fill the array`);
  const [width, height] = [columns * size, Math.ceil(count / columns) * size];
  const pixels = new Uint8Array(width * height * 3);
  for (let at = 0; at < pictures.length; at++) {
    const [picture, channel] = [Math.floor(at / (3 * plane)), Math.floor(at / plane) % 3];
    const [row, column] = [Math.floor((at % plane) / size), at % size];
    const y = Math.floor(picture / columns) * size + row;
    const x = (picture % columns) * size + column;
    pixels[(y * width + x) * 3 + channel] = Math.min(
      255,
      Math.max(0, Math.round((pictures[at] + 1) * 127.5)),
    );
  }
  return { width, height, pixels };
}

/** A binary PPM file: what every picture viewer opens and no library is needed for. */
export function encodePpm({ width, height, pixels }: RgbGrid): Uint8Array {
  const head = new TextEncoder().encode(`P6\n${width} ${height}\n255\n`);
  const bytes = new Uint8Array(head.length + pixels.length);
  bytes.set(head);
  bytes.set(pixels, head.length);
  return bytes;
}
