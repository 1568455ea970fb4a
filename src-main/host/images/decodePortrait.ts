import sharp from 'sharp';
import type { Metadata } from 'sharp';
import { AppError } from '#common/contract/errors';
import type { RgbaImage } from '#common/image/rasterImage';
import { animationOf } from '#host/images/animationOf';

/** Longest side the later stages work on; larger pictures are reduced to it. */
export const WORKING_SIDE = 2048;

/** Limits on the decoded picture, checked on the header. */
const LARGEST_SIDE = 16_384;
const LARGEST_PIXELS = 120e6;
const SMALLEST_SIDE = 64;

/** What the header may say; everything else libvips could open (SVG, TIFF, ...) is refused. */
const FORMATS: ReadonlySet<string> = new Set(['png', 'jpeg', 'webp', 'heif', 'gif']);

const FORMAT_ADVICE = 'Use a PNG, JPEG, WebP or AVIF picture.';

/** A portrait ready for tracking. */
export interface DecodedPortrait {
  /** Upright, sRGB, at most WORKING_SIDE. Where `hasAlpha` its alpha is the matte the user gave. */
  readonly image: RgbaImage;
  /** True when some pixel is not opaque. */
  readonly hasAlpha: boolean;
  /** As libvips names it; AVIF is `avif`. */
  readonly format: string;
  /** The upright picture before it was reduced. */
  readonly width: number;
  readonly height: number;
  /** image pixel = upright picture pixel * scale. */
  readonly scale: number;
}

/**
 * Decodes a picture file: EXIF rotation applied, colours converted from the embedded profile to sRGB, 8 bits,
 * grey and CMYK (with a profile) to RGB, alpha kept. Fully transparent pixels get a middle grey instead of
 * their arbitrary colour, which a face tracker would see.
 *
 * @param name how the messages call the picture
 * @throws AppError `input.notAnImage`, `input.damagedImage`, `input.animatedImage`, `input.imageTooLarge`,
 * `input.imageTooSmall`, `input.unsupportedColour`
 */
export async function decodePortrait(bytes: Uint8Array, name: string): Promise<DecodedPortrait> {
  const header = await readHeader(bytes, name);
  const isSideways = (header.orientation ?? 1) >= 5;
  const width = isSideways ? header.height : header.width;
  const height = isSideways ? header.width : header.height;
  refuseSize(width, height, name);
  refuseColour(header, name);

  const image = await decodePixels(bytes, name);
  return {
    image,
    hasAlpha: header.hasAlpha === true && greyUnderTransparency(image),
    format: header.format === 'heif' ? 'avif' : header.format,
    width,
    height,
    scale: image.width / width,
  };
}

async function readHeader(bytes: Uint8Array, name: string): Promise<Metadata> {
  let header: Metadata;
  try {
    header = await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (error) {
    throw describeBadHeader(bytes, name, error);
  }
  if (!FORMATS.has(header.format) || (header.format === 'heif' && header.compression !== 'av1')) {
    throw new AppError(
      'input.notAnImage',
      `"${name}" is a ${header.format.toUpperCase()} file, which is not supported. ${FORMAT_ADVICE}`,
      { details: { format: header.format } },
    );
  }
  const animation = (header.pages ?? 1) > 1 && header.format !== 'heif' ? header.format : animationOf(bytes);
  if (animation !== undefined) {
    throw new AppError(
      'input.animatedImage',
      `"${name}" is animated. Save one frame of it as a still picture and use that.`,
      { details: { format: animation } },
    );
  }
  return header;
}

/** A file that begins like a picture was one once: it is damaged rather than something else. */
function describeBadHeader(bytes: Uint8Array, name: string, cause: unknown): AppError {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  const isPicture =
    start.startsWith('\x89PNG') ||
    start.startsWith('\xff\xd8\xff') ||
    start.startsWith('GIF8') ||
    (start.startsWith('RIFF') && start.slice(8, 12) === 'WEBP') ||
    /^ftypavi[fs]/.test(start.slice(4));
  return isPicture
    ? damagedPicture(name, cause)
    : new AppError('input.notAnImage', `"${name}" is not a picture. ${FORMAT_ADVICE}`, { cause });
}

function refuseSize(width: number, height: number, name: string): void {
  const details = { width, height };
  if (Math.max(width, height) > LARGEST_SIDE || width * height > LARGEST_PIXELS) {
    throw new AppError(
      'input.imageTooLarge',
      `"${name}" has ${width} x ${height} pixels; at most ${LARGEST_SIDE} on a side and ` +
        `${LARGEST_PIXELS / 1e6} million in all are read. Scale it down first.`,
      { details },
    );
  }
  if (Math.min(width, height) < SMALLEST_SIDE) {
    throw new AppError(
      'input.imageTooSmall',
      `"${name}" has ${width} x ${height} pixels; at least ${SMALLEST_SIDE} on each side are needed.`,
      { details },
    );
  }
}

/** CMYK numbers mean nothing without the profile of the printer they were made for. */
function refuseColour(header: Metadata, name: string): void {
  if (header.space === 'cmyk' && header.icc === undefined) {
    throw new AppError(
      'input.unsupportedColour',
      `"${name}" is a CMYK picture without a colour profile. Save it as RGB (sRGB) and use that.`,
      { details: { space: header.space } },
    );
  }
}

async function decodePixels(bytes: Uint8Array, name: string): Promise<RgbaImage> {
  try {
    const { data, info } = await sharp(bytes, { failOn: 'error', limitInputPixels: LARGEST_PIXELS })
      .autoOrient()
      .resize(WORKING_SIDE, WORKING_SIDE, { fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return {
      width: info.width,
      height: info.height,
      data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    };
  } catch (error) {
    throw damagedPicture(name, error);
  }
}

function damagedPicture(name: string, cause: unknown): AppError {
  return new AppError(
    'input.damagedImage',
    `"${name}" is damaged or incomplete and cannot be decoded. Get a fresh copy of it.`,
    { cause },
  );
}

/** Greys the colour of fully transparent pixels; true when any pixel is not opaque. */
function greyUnderTransparency({ data }: RgbaImage): boolean {
  let hasAlpha = false;
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] === 255) continue;
    hasAlpha = true;
    if (data[at + 3] === 0) data.fill(128, at, at + 3);
  }
  return hasAlpha;
}
