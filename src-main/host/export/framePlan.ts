import type { ExportAvatarRequest } from '#common/contract/hostApi';
import type { FrameJob } from '#common/raster/avatarFrameRenderer';
import type { Avatar } from '#common/rig/avatar';
import type { RigPose } from '#common/rig/rigPose';
import { neutralPose } from '#common/rig/rigPose';
import type { MotionClip } from '#common/timeline/motionClip';
import { poseAt, posedFrame, type FrameRecipe } from '#common/timeline/posedFrame';

/** What every frame of one export shows; the same plan gives the same frames. */
export interface FramePlan {
  readonly frameCount: number;
  readonly durationSeconds: number;
  /** False when every frame is the rest pose. */
  readonly hasPose: boolean;
  poseAt(timeSeconds: number): RigPose;
  /** `frameIndex / fps` seconds into the motion. */
  frameAt(frameIndex: number): FrameJob;
}

/** A video of a pose that does not move. */
const STILL_VIDEO_SECONDS = 2;

/** Lays out the frames of an export; frames are computed when asked for, so a long export holds none. */
export function planFrames(
  avatar: Avatar,
  motion: MotionClip | undefined,
  request: ExportAvatarRequest,
): FramePlan {
  const { fps, pose, set, video, camera } = request;
  const still = video === undefined ? 1 / fps : STILL_VIDEO_SECONDS;
  const wanted = request.durationSeconds ?? motion?.durationSeconds ?? still;
  const frameCount = Math.max(1, Math.round(wanted * fps));
  const { source } = avatar;
  const recipe: FrameRecipe = {
    base: pose === 'source' ? source.pose : neutralPose(),
    motion,
    held: set,
    sourceCamera: source.camera,
    orbit: camera,
  };
  const movesCamera = motion?.tracks.some(({ target }) => target.startsWith('camera.')) ?? false;
  const isSourceView = pose === 'source' && camera === undefined && !movesCamera;
  return {
    frameCount,
    durationSeconds: frameCount / fps,
    hasPose: motion !== undefined || pose === 'source' || set.length > 0,
    poseAt: (timeSeconds) => poseAt(recipe, timeSeconds),
    frameAt(frameIndex) {
      const frame = posedFrame(recipe, frameIndex / fps);
      return isSourceView ? { ...frame, camera: source.camera } : frame;
    },
  };
}
