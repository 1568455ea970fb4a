import { portraitCamera } from '#common/camera/portraitCamera';
import type { PinholeCamera } from '#common/camera/pinholeCamera';
import type { ExportAvatarRequest } from '#common/contract/hostApi';
import type { FrameJob } from '#common/raster/avatarFrameRenderer';
import type { Avatar } from '#common/rig/avatar';
import type { EulerRotation, RigPose } from '#common/rig/rigPose';
import { neutralPose } from '#common/rig/rigPose';
import type { MotionClip } from '#common/timeline/motionClip';
import { applyPoseSettings } from '#common/timeline/poseFromSettings';
import { sampleCameraOrbit, sampleMotion } from '#common/timeline/sampleMotion';

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
  const base = pose === 'source' ? avatar.source.pose : neutralPose();
  const poseAt = (time: number): RigPose => {
    const moved = motion === undefined ? base : addPoses(base, sampleMotion(motion, time));
    return applyPoseSettings(moved, set);
  };
  return {
    frameCount,
    durationSeconds: frameCount / fps,
    hasPose: motion !== undefined || pose === 'source' || set.length > 0,
    poseAt,
    frameAt(frameIndex) {
      const time = frameIndex / fps;
      const path = motion === undefined ? undefined : sampleCameraOrbit(motion, time);
      const isSourceView = pose === 'source' && camera === undefined && path === undefined;
      return {
        pose: poseAt(time),
        camera: isSourceView ? avatar.source.camera : orbitCamera(avatar.source.camera, camera, path),
      };
    },
  };
}

/** The portrait's own framing, orbited; an orbit asked for and the motion's own add up. */
function orbitCamera(
  source: PinholeCamera,
  asked: ExportAvatarRequest['camera'],
  path: { readonly yaw: number; readonly pitch: number; readonly zoom: number } | undefined,
): PinholeCamera {
  return portraitCamera(source, {
    yaw: (asked?.yaw ?? 0) + (path?.yaw ?? 0),
    pitch: (asked?.pitch ?? 0) + (path?.pitch ?? 0),
    roll: asked?.roll ?? 0,
    zoom: (asked?.zoom ?? 1) * (path?.zoom ?? 1),
  });
}

function addPoses(base: RigPose, added: RigPose): RigPose {
  return {
    weights: base.weights.map((weight, channel) => Math.min(1, weight + added.weights[channel])),
    head: addAngles(base.head, added.head),
    neck: addAngles(base.neck, added.neck),
    gaze: { yaw: base.gaze.yaw + added.gaze.yaw, pitch: base.gaze.pitch + added.gaze.pitch },
  };
}

function addAngles(base: EulerRotation, added: EulerRotation): EulerRotation {
  return { yaw: base.yaw + added.yaw, pitch: base.pitch + added.pitch, roll: base.roll + added.roll };
}
