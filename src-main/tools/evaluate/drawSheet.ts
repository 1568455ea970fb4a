import { join } from 'node:path';
import sharp from 'sharp';
import type { RgbaImage } from '#common/image/rasterImage';
import { neutralPose } from '#common/rig/rigPose';
import { frameMaker, orbit, poseWith } from '#tools/evaluate/faceViews';
import type { Subject } from '#tools/evaluate/subjects';

const TILE = 480;
const COLUMNS = 5;
const BACKGROUND = { kind: 'color', rgb: [48, 80, 160] } as const;

/**
 * A contact sheet of one avatar as a PNG, for eyes. Rows from left to right:
 *
 *   source, source view over the plate, its difference (x4 about grey), neutral, neutral over the plate
 *   yaw 30, yaw -30, pitch 20 (from above), pitch -20 (from below), head turned 25 on the neck over the plate
 *   blink, jaw open, smile, surprise, pucker
 *
 * @returns the file's path.
 */
export async function drawSheet({ name, kind, avatar }: Subject, folder: string): Promise<string> {
  const bare = frameMaker(avatar, TILE, BACKGROUND);
  const over = frameMaker(avatar, TILE, { kind: 'photo' });
  const front = orbit();
  const { crop, pose, camera } = avatar.source;
  const still = neutralPose();
  const again = over({ pose, camera });
  const source = await resize(crop);
  const tiles: RgbaImage[] = [
    source,
    again,
    difference(source, again),
    bare({ pose: still, camera: front }),
    over({ pose: still, camera: front }),
    bare({ pose: still, camera: orbit(30) }),
    bare({ pose: still, camera: orbit(-30) }),
    bare({ pose: still, camera: orbit(0, 20) }),
    bare({ pose: still, camera: orbit(0, -20) }),
    over({ pose: { ...still, head: { yaw: 0.44, pitch: 0.1, roll: 0.05 } }, camera: front }),
    bare({ pose: poseWith({ eyeBlinkLeft: 1, eyeBlinkRight: 1 }), camera: front }),
    bare({ pose: poseWith({ jawOpen: 0.8 }), camera: front }),
    bare({
      pose: poseWith({ mouthSmileLeft: 1, mouthSmileRight: 1, cheekSquintLeft: 0.4, cheekSquintRight: 0.4 }),
      camera: front,
    }),
    bare({
      pose: poseWith({
        jawOpen: 0.45,
        browInnerUp: 1,
        browOuterUpLeft: 0.7,
        browOuterUpRight: 0.7,
        eyeWideLeft: 1,
        eyeWideRight: 1,
      }),
      camera: front,
    }),
    bare({ pose: poseWith({ mouthPucker: 1, browDownLeft: 0.7, browDownRight: 0.7 }), camera: front }),
  ];
  const path = join(folder, `${kind}-${name}.png`);
  await sharp({
    create: {
      width: TILE * COLUMNS,
      height: TILE * Math.ceil(tiles.length / COLUMNS),
      channels: 3,
      background: '#000',
    },
  })
    .composite(
      tiles.map(({ data, width, height }, at) => ({
        input: Buffer.from(data),
        raw: { width, height, channels: 4 as const },
        left: (at % COLUMNS) * TILE,
        top: Math.floor(at / COLUMNS) * TILE,
      })),
    )
    .png({ compressionLevel: 3 })
    .toFile(path);
  return path;
}

async function resize({ width, height, data }: RgbaImage): Promise<RgbaImage> {
  const pixels = await sharp(data, { raw: { width, height, channels: 4 } })
    .resize(TILE, TILE)
    .raw()
    .toBuffer();
  return { width: TILE, height: TILE, data: new Uint8Array(pixels) };
}

function difference(a: RgbaImage, b: RgbaImage): RgbaImage {
  const data = new Uint8Array(a.data.length);
  for (let at = 0; at < data.length; at++) {
    const value = at % 4 === 3 ? 255 : 128 + 4 * (b.data[at] - a.data[at]);
    data[at] = Math.min(255, Math.max(0, value));
  }
  return { width: a.width, height: a.height, data };
}
