import { canonicalCamera } from '#common/camera/canonicalCamera';
import type { ArkitChannel } from '#common/head/arkitChannels';
import { channelIndex } from '#common/head/arkitChannels';
import type { RgbaImage } from '#common/image/rasterImage';
import type { AvatarBackground, FrameJob, RenderableAvatar } from '#common/raster/avatarFrameRenderer';
import { AvatarFrameRenderer } from '#common/raster/avatarFrameRenderer';
import { CROP_DISTANCE } from '#common/reconstruction/sourceCrop';
import type { RigPose } from '#common/rig/rigPose';
import { neutralPose } from '#common/rig/rigPose';

const DEGREE = Math.PI / 180;

/** The source crop's frontal camera, orbited; degrees, + to the subject's left and up. */
export function orbit(yaw = 0, pitch = 0): FrameJob['camera'] {
  return canonicalCamera({ yaw: yaw * DEGREE, pitch: pitch * DEGREE, distance: CROP_DISTANCE });
}

export function poseWith(weights: Partial<Record<ArkitChannel, number>>): RigPose {
  const pose = neutralPose();
  for (const [channel, weight] of Object.entries(weights)) {
    pose.weights[channelIndex(channel as ArkitChannel)] = weight;
  }
  return pose;
}

/** Renders one avatar at one size; every frame is a picture of its own. */
export function frameMaker(
  avatar: RenderableAvatar,
  size: number,
  background: AvatarBackground = { kind: 'transparent' },
): (job: FrameJob) => RgbaImage {
  const renderer = new AvatarFrameRenderer(avatar, { width: size, height: size, background });
  return (job) => {
    const { data } = renderer.render(job);
    return { width: size, height: size, data: data.slice() };
  };
}
