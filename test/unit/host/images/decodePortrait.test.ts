import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '#common/contract/errors';
import { decodePortrait, WORKING_SIDE } from '#host/images/decodePortrait';

/** Left half orange, right half blue; `height` rows. */
function twoColours(width = 120, height = 80, channels: 3 | 4 = 3, alpha = 255): Sharp {
  const data = new Uint8Array(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const colour = pixel % width < width / 2 ? [230, 120, 40] : [30, 60, 200];
    data.set(channels === 4 ? [...colour, alpha] : colour, pixel * channels);
  }
  return sharp(data, { raw: { width, height, channels } });
}

async function pixelOf(bytes: Uint8Array, x: number, y: number): Promise<number[]> {
  const { image } = await decodePortrait(bytes, 'p');
  const at = (y * image.width + x) * 4;
  return [...image.data.subarray(at, at + 4)];
}

function expectNear(actual: readonly number[], wanted: readonly number[], tolerance: number): void {
  const worst = Math.max(...actual.map((value, index) => Math.abs(value - wanted[index])));
  expect(worst, `${actual.join()} should be near ${wanted.join()}`).toBeLessThanOrEqual(tolerance);
}

async function codeOf(bytes: Uint8Array): Promise<ErrorCode | undefined> {
  try {
    await decodePortrait(bytes, 'p');
    return undefined;
  } catch (error) {
    return (error as { code: ErrorCode }).code;
  }
}

describe('decodePortrait', () => {
  it.each([
    ['png', 0, (picture: Sharp) => picture.png()],
    ['jpeg', 6, (picture: Sharp) => picture.jpeg({ quality: 95, chromaSubsampling: '4:4:4' })],
    ['webp', 8, (picture: Sharp) => picture.webp({ quality: 95 })],
    ['avif', 8, (picture: Sharp) => picture.avif({ quality: 90, effort: 0 })],
    ['gif', 8, (picture: Sharp) => picture.gif()],
  ] as const)('reads %s', async (format, tolerance, encode) => {
    const bytes = await encode(twoColours()).toBuffer();
    const portrait = await decodePortrait(bytes, 'p');
    expect(portrait).toMatchObject({ format, width: 120, height: 80, scale: 1, hasAlpha: false });
    expectNear(await pixelOf(bytes, 20, 40), [230, 120, 40, 255], tolerance);
    expectNear(await pixelOf(bytes, 100, 40), [30, 60, 200, 255], tolerance);
  });

  it.each([
    [3, 120, 80, [100, 40], [20, 40]],
    [6, 80, 120, [40, 20], [40, 100]],
    [8, 80, 120, [40, 100], [40, 20]],
  ] as const)('turns EXIF orientation %i upright', async (orientation, width, height, orange, blue) => {
    const bytes = await twoColours().withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer();
    expect(await decodePortrait(bytes, 'p')).toMatchObject({ width, height });
    expectNear(await pixelOf(bytes, orange[0], orange[1]), [230, 120, 40, 255], 8);
    expectNear(await pixelOf(bytes, blue[0], blue[1]), [30, 60, 200, 255], 8);
  });

  it('converts a wide-gamut profile to sRGB', async () => {
    const bytes = await twoColours().withIccProfile('p3').png().toBuffer();
    const stored = await sharp(bytes).metadata();
    expect(stored.icc).toBeDefined();
    const raw = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
    expect(Math.abs(raw[0] - 230)).toBeGreaterThan(4);
    expectNear(await pixelOf(bytes, 20, 40), [230, 120, 40, 255], 2);
  });

  it('reduces 16 bits to 8 without shifting the tone', async () => {
    const bytes = await twoColours().toColourspace('rgb16').png().toBuffer();
    expect((await sharp(bytes).metadata()).depth).toBe('ushort');
    expectNear(await pixelOf(bytes, 20, 40), [230, 120, 40, 255], 1);
  });

  it('spreads grey over three channels, with and without alpha', async () => {
    const grey = await twoColours().greyscale().toColourspace('b-w').png().toBuffer();
    expect((await sharp(grey).metadata()).channels).toBe(1);
    const [red, green, blue, alpha] = await pixelOf(grey, 20, 40);
    expect([green, blue, alpha]).toEqual([red, red, 255]);
    expect(red).toBeGreaterThan(100);
  });

  it('keeps a given alpha and greys what is fully transparent', async () => {
    const half = await twoColours(120, 80, 4, 128).png().toBuffer();
    expect((await decodePortrait(half, 'p')).hasAlpha).toBe(true);
    expectNear(await pixelOf(half, 20, 40), [230, 120, 40, 128], 0);
    const none = await twoColours(120, 80, 4, 0).png().toBuffer();
    expectNear(await pixelOf(none, 20, 40), [128, 128, 128, 0], 0);
    const opaque = await twoColours(120, 80, 4, 255).png().toBuffer();
    expect((await decodePortrait(opaque, 'p')).hasAlpha).toBe(false);
  });

  it('converts CMYK with a profile', async () => {
    const bytes = await twoColours()
      .withIccProfile('cmyk')
      .toColourspace('cmyk')
      .jpeg({ quality: 95 })
      .toBuffer();
    expect(await sharp(bytes).metadata()).toMatchObject({ space: 'cmyk', channels: 4 });
    // Print inks cannot reach the saturated orange and blue: the hue is what must survive.
    const [red, green, blue] = await pixelOf(bytes, 20, 40);
    expect(red).toBeGreaterThan(green + 60);
    expect(green).toBeGreaterThan(blue + 20);
  });

  it('reduces a large picture to the working size', async () => {
    const bytes = await twoColours(3000, 1500).png({ compressionLevel: 1 }).toBuffer();
    const { image, width, height, scale } = await decodePortrait(bytes, 'p');
    expect([image.width, image.height, width, height]).toEqual([WORKING_SIDE, WORKING_SIDE / 2, 3000, 1500]);
    expect(scale).toBeCloseTo(WORKING_SIDE / 3000, 9);
  });
});

describe('decodePortrait refuses', () => {
  it.each(['jpeg', 'png', 'webp', 'avif'] as const)('a truncated %s', async (format) => {
    const noise = sharp({ create: { width: 200, height: 200, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 60 } } }); // prettier-ignore
    const bytes = await noise.toFormat(format).toBuffer();
    expect(await codeOf(bytes)).toBeUndefined();
    expect(await codeOf(bytes.subarray(0, Math.floor(bytes.length * 0.6)))).toBe('input.damagedImage');
    expect(await codeOf(bytes.subarray(0, 24))).toBe('input.damagedImage');
  });

  it('a corrupt PNG', async () => {
    const bytes = await twoColours(300, 300).png({ compressionLevel: 0 }).toBuffer();
    bytes.fill(0x5a, 200, 4000);
    expect(await codeOf(bytes)).toBe('input.damagedImage');
  });

  it.each([
    ['text', Buffer.from('this is no picture at all, only a line of text')],
    ['a zip', Buffer.from('PK\x03\x04 and something more after it')],
    [
      'SVG',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><rect width="9"/></svg>'),
    ],
  ])('%s', async (_, bytes) => {
    expect(await codeOf(bytes)).toBe('input.notAnImage');
  });

  it('animated GIF, WebP and PNG', async () => {
    const frames = [twoColours(), twoColours().negate()].map((frame) => frame.png().toBuffer());
    const joined = (): Sharp => sharp(pending, { join: { animated: true } });
    const pending = await Promise.all(frames);
    expect(await codeOf(await joined().gif().toBuffer())).toBe('input.animatedImage');
    expect(await codeOf(await joined().webp().toBuffer())).toBe('input.animatedImage');
    const still = pending[0];
    // acTL: two frames, endless; the decoder ignores its checksum as it ignores the chunk.
    const chunk = Buffer.from([
      0, 0, 0, 8, 0x61, 0x63, 0x54, 0x4c, 0, 0, 0, 2, 0, 0, 0, 0, 0xf3, 0x8d, 0x93, 0x70,
    ]);
    const animated = Buffer.concat([still.subarray(0, 33), chunk, still.subarray(33)]);
    expect(await codeOf(animated)).toBe('input.animatedImage');
  });

  it('20,000 pixels on a side, from the header alone', async () => {
    const bytes = await twoColours(64, 64).png().toBuffer();
    bytes.writeUInt32BE(20_000, 16);
    bytes.writeUInt32BE(20_000, 20);
    expect(await codeOf(bytes)).toBe('input.imageTooLarge');
  });

  it('a tiny picture', async () => {
    expect(await codeOf(await twoColours(63, 400).png().toBuffer())).toBe('input.imageTooSmall');
  });

  it('CMYK without a profile', async () => {
    const bytes = await twoColours().toColourspace('cmyk').jpeg().toBuffer();
    const { space, icc } = await sharp(bytes).metadata();
    expect([space, icc]).toEqual(['cmyk', undefined]);
    expect(await codeOf(bytes)).toBe('input.unsupportedColour');
  });
});
