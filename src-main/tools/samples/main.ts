// Draws the sample portraits from their SVG sources: `npm run assets:samples`. `ines` is painted over in oil.
import { join } from 'node:path';
import sharp from 'sharp';
import type { RgbaImage } from '#common/image/rasterImage';
import type { BrushPass } from '#tools/samples/paintStrokes';
import { paintStrokes } from '#tools/samples/paintStrokes';

const FOLDER = 'assets/samples';

const OIL: readonly BrushPass[] = [
  { radius: 21, threshold: 0, length: 9, opacity: 1 },
  { radius: 10.5, threshold: 14, length: 9, opacity: 0.95 },
  { radius: 5.2, threshold: 13, length: 10, opacity: 0.9 },
  { radius: 2.6, threshold: 12, length: 10, opacity: 0.85 },
  { radius: 1.4, threshold: 13, length: 12, opacity: 0.9 },
];

async function rasterise(name: string, side: number): Promise<RgbaImage> {
  const { data, info } = await sharp(join(FOLDER, `${name}.svg`))
    .resize(side, side)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

/** `palette` for flat pictures, which lose nothing by it. */
async function write(name: string, { width, height, data }: RgbaImage, palette = false): Promise<void> {
  await sharp(data, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .png({ compressionLevel: 9, palette })
    .toFile(join(FOLDER, `${name}.png`));
}

for (const name of ['ada', 'pip']) await write(name, await rasterise(name, 800));
await write('bram', await rasterise('bram', 800), true);
await write('ines', paintStrokes(await rasterise('ines', 800), OIL, 20));
