import sharp from 'sharp';
import { AppError } from '#common/contract/errors';
import type { FloatImage, RgbaImage } from '#common/image/rasterImage';

/**
 * Pictures inside our own files. PNG, because it must be exact: adaptive filters at zlib level 1 are both the
 * smallest and the second fastest lossless choice we measured (a 1024-pixel photograph: 1.6 MB in 57 ms; level
 * 6 without filters 2.1 MB in 60 ms; lossless WebP 0.9 MB in 340 ms).
 */
const PNG_OPTIONS = { compressionLevel: 1, adaptiveFiltering: true } as const;

/** Width and height a stored picture must have. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** PNG of the colours; alpha is dropped where `alpha` is false. */
export async function encodePng(image: RgbaImage, alpha: boolean): Promise<Uint8Array> {
  const { width, height, data } = image;
  const picture = sharp(data, { raw: { width, height, channels: 4 } });
  return await (alpha ? picture : picture.removeAlpha()).png(PNG_OPTIONS).toBuffer();
}

/** 8-bit greyscale PNG of a matte in [0, 1]. */
export async function encodeMattePng(matte: FloatImage): Promise<Uint8Array> {
  const { width, height, data } = matte;
  const bytes = Uint8Array.from(data, (value) => Math.round(Math.min(1, Math.max(0, value)) * 255));
  return await sharp(bytes, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png(PNG_OPTIONS)
    .toBuffer();
}

/** WebP of a picture at most `side` pixels on a side, for looking at: lossy, alpha kept. */
export async function encodePreview({ width, height, data }: RgbaImage, side: number): Promise<Uint8Array> {
  return await sharp(data, { raw: { width, height, channels: 4 } })
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 88, effort: 2 })
    .toBuffer();
}

/** @throws AppError `avatar.damaged` when it is no PNG of exactly this size. */
export async function decodePng(bytes: Uint8Array, size: PictureSize, name: string): Promise<RgbaImage> {
  const data = await decodeRaw(bytes, size, name, 4);
  return { ...size, data };
}

/** The inverse of `encodeMattePng`; errors as `decodePng`. */
export async function decodeMattePng(
  bytes: Uint8Array,
  size: PictureSize,
  name: string,
): Promise<FloatImage> {
  const data = await decodeRaw(bytes, size, name, 1);
  return { ...size, data: Float32Array.from(data, (value) => value / 255) };
}

async function decodeRaw(
  bytes: Uint8Array,
  { width, height }: PictureSize,
  name: string,
  channels: 1 | 4,
): Promise<Uint8Array> {
  const damaged = (what: string, cause?: unknown): AppError =>
    new AppError(
      'avatar.damaged',
      `The avatar file is damaged: "${name}" ${what}.`,
      cause === undefined ? {} : { cause },
    );
  try {
    const picture = sharp(bytes, { failOn: 'error', limitInputPixels: width * height });
    const header = await picture.metadata();
    if (header.format !== 'png' || header.width !== width || header.height !== height) {
      throw damaged(`is not a PNG of ${width} x ${height} pixels`);
    }
    const coloured = channels === 1 ? picture.toColourspace('b-w').extractChannel(0) : picture.toColourspace('srgb').ensureAlpha(); // prettier-ignore
    const { data, info } = await coloured.raw().toBuffer({ resolveWithObject: true });
    if (info.channels !== channels) throw damaged('has the wrong kind of pixels');
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  } catch (error) {
    throw error instanceof AppError ? error : damaged('cannot be decoded', error);
  }
}
