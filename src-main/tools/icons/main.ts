// Draws the icons of the desktop program from assets/icons/icon.svg: PNG for Linux and the window, ICO for Windows,
// ICNS for macOS. Run after changing the drawing: `npm run assets:icons`.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { encodeIcns, encodeIco } from '#tools/icons/iconContainers';

const FOLDER = 'assets/icons';
const LINUX_SIZES = [16, 32, 48, 64, 128, 256, 512];

const drawing = await readFile(join(FOLDER, 'icon.svg'));

const draw = async (size: number): Promise<Uint8Array> =>
  // Rendered at the size it has, so that thin lines of small icons are not scaled ones.
  await sharp(drawing, { density: Math.max(18, (72 * size) / 1024) })
    .resize(size, size)
    .png({ compressionLevel: 9 })
    .toBuffer();

const pictures = async (sizes: readonly number[]) =>
  await Promise.all(sizes.map(async (size) => ({ size, png: await draw(size) })));

await mkdir(join(FOLDER, 'linux'), { recursive: true });
for (const { size, png } of await pictures(LINUX_SIZES)) {
  await writeFile(join(FOLDER, 'linux', `${size}x${size}.png`), png);
}
await writeFile(join(FOLDER, 'icon.png'), await draw(512));
await writeFile(join(FOLDER, 'icon.ico'), encodeIco(await pictures([16, 24, 32, 48, 64, 128, 256])));
await writeFile(join(FOLDER, 'icon.icns'), encodeIcns(await pictures([16, 32, 64, 128, 256, 512, 1024])));
