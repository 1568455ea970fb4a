import sharp from 'sharp';
import type { RgbaImage } from '#common/image/rasterImage';
import type { RigPose } from '#common/rig/rigPose';

/**
 * The picture turned about its middle until the head in it stands upright. The recogniser does not undo roll:
 * the same photograph turned by 15 degrees is .33 from itself, more than the aim for another picture.
 *
 * @param pose the pose in which the picture shows the head (`avatar.source.pose`).
 */
export async function turnUpright(image: RgbaImage, pose: RigPose): Promise<RgbaImage> {
  // Roll is counter-clockwise seen from the front; sharp turns clockwise.
  const degrees = ((pose.head.roll + pose.neck.roll) * 180) / Math.PI;
  const raw = { width: image.width, height: image.height, channels: 4 } as const;
  const { data, info } = await sharp(image.data, { raw })
    .rotate(degrees, { background: { r: 128, g: 128, b: 128, alpha: 1 } })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}
