// Renders the strip of pictures in README.md from an avatar file: `npm run docs:strip [avatar file]`.
import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { portraitCamera } from '#common/camera/portraitCamera';
import type { RgbaImage } from '#common/image/rasterImage';
import { AvatarFrameRenderer } from '#common/raster/avatarFrameRenderer';
import { poseFromSettings } from '#common/timeline/poseFromSettings';
import { decodeAvatar, openAvatarFile } from '#host/avatars/avatarFile';

const SIDE = 320;
const OUTPUT = 'assets/samples/strip.webp';

/** One tile each: pose settings as in `--set`, camera yaw and pitch in radians. */
const TILES: readonly { readonly set: string; readonly yaw?: number; readonly pitch?: number }[] = [
  { set: 'mouthSmileLeft=0.8,mouthSmileRight=0.8,jawOpen=0.15,cheekSquintLeft=0.4,cheekSquintRight=0.4' },
  {
    set: 'jawOpen=0.5,browInnerUp=0.8,browOuterUpLeft=0.8,browOuterUpRight=0.8,eyeWideLeft=0.7,eyeWideRight=0.7',
  },
  { set: 'eyeBlinkLeft=1,eyeBlinkRight=1,mouthPucker=0.6' },
  { set: 'head.yaw=18,neck.yaw=10,eyeLookOutLeft=0.4,eyeLookInRight=0.4' },
  { set: '', yaw: -0.5, pitch: 0.1 },
];

const path = process.argv[2] ?? 'avatars/ada.avatar';
const avatar = await decodeAvatar(await openAvatarFile(path));
const renderer = new AvatarFrameRenderer(avatar, {
  width: SIDE,
  height: SIDE,
  background: { kind: 'photo' },
});
const tiles: RgbaImage[] = [avatar.source.crop];
for (const tile of TILES) {
  const camera = portraitCamera(avatar.source.camera, { yaw: tile.yaw ?? 0, pitch: tile.pitch ?? 0 });
  const frame = renderer.render({ pose: poseFromSettings(tile.set), camera });
  tiles.push({ ...frame, data: frame.data.slice() });
}
const pictures = await Promise.all(
  tiles.map(async (tile, i) => ({
    input: await sharp(tile.data, { raw: { width: tile.width, height: tile.height, channels: 4 } })
      .resize(SIDE)
      .png()
      .toBuffer(),
    left: i * SIDE,
    top: 0,
  })),
);
const strip = sharp({
  create: { width: SIDE * tiles.length, height: SIDE, channels: 3, background: '#000' },
});
await writeFile(OUTPUT, await strip.composite(pictures).webp({ quality: 88 }).toBuffer());
console.log(`${OUTPUT}: ${tiles.length} tiles of ${SIDE} pixels`);
