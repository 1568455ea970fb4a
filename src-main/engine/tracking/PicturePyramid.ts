import type { RgbaImage } from '#common/image/rasterImage';

/** What transparent pixels are tracked against: the middle of the models' input range. */
const BACKDROP = 128;

/** An opaque picture and its halvings, made when first asked for. Level k has 2^-k of the size. */
export class PicturePyramid {
  readonly width: number;
  readonly height: number;
  private readonly levels: RgbaImage[];

  constructor(image: RgbaImage) {
    this.width = image.width;
    this.height = image.height;
    this.levels = [flatten(image)];
  }

  /** The opaque picture itself. */
  get base(): RgbaImage {
    return this.levels[0];
  }

  /** The finest level on which one step of `stride` picture pixels spans less than two pixels. */
  forStride(stride: number): { readonly image: RgbaImage; readonly scale: number } {
    const wanted = Math.max(0, Math.floor(Math.log2(Math.max(stride, 1))));
    let level = 0;
    let image = this.levels[0];
    while (level < wanted && Math.min(image.width, image.height) >= 2) {
      level++;
      image = this.levels[level] ??= halve(image);
    }
    return { image, scale: 2 ** -level };
  }
}

/** Lays a picture with alpha on the backdrop; an opaque one is used as it is. */
function flatten(image: RgbaImage): RgbaImage {
  const { data } = image;
  let isOpaque = true;
  for (let at = 3; at < data.length && isOpaque; at += 4) isOpaque = data[at] === 255;
  if (isOpaque) return image;
  const flat = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] / 255;
    for (let channel = 0; channel < 3; channel++) {
      flat[at + channel] = data[at + channel] * alpha + BACKDROP * (1 - alpha) + 0.5;
    }
    flat[at + 3] = 255;
  }
  return { width: image.width, height: image.height, data: flat };
}

/** Mean of each 2x2 block; an odd last row or column is dropped, less than half a pixel of the next level. */
function halve(image: RgbaImage): RgbaImage {
  const width = image.width >> 1;
  const height = image.height >> 1;
  const source = image.data;
  const row = image.width * 4;
  const data = new Uint8Array(width * height * 4);
  let to = 0;
  for (let y = 0; y < height; y++) {
    let from = y * 2 * row;
    for (let x = 0; x < width; x++, from += 8, to += 4) {
      for (let channel = 0; channel < 4; channel++) {
        const at = from + channel;
        const sum = source[at] + source[at + 4] + source[at + row] + source[at + row + 4];
        data[to + channel] = (sum + 2) >> 2;
      }
    }
  }
  return { width, height, data };
}
