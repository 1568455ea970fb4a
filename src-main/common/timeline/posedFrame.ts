import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { portraitCamera } from '#common/camera/portraitCamera';
import type { FrameJob } from '#common/raster/avatarFrameRenderer';
import type { EulerRotation, RigPose } from '#common/rig/rigPose';
import type { MotionClip } from '#common/timeline/motionClip';
import { applyPoseSettings, type PoseSetting } from '#common/timeline/poseFromSettings';
import { sampleCameraOrbit, sampleMotion } from '#common/timeline/sampleMotion';

/** An orbit asked for by the user: radians, signs as OrbitOptions; `zoom` is a factor on the focal length. */
export interface AskedOrbit {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  readonly zoom: number;
}

/** What a moving avatar shows, from the pose up: base, then the motion on it, then the values held over both. */
export interface FrameRecipe {
  readonly base: RigPose;
  readonly motion: MotionClip | undefined;
  /** Memory units; later ones win. */
  readonly held: readonly PoseSetting[];
  /** `avatar.source.camera`. */
  readonly sourceCamera: PinholeCamera;
  readonly orbit: AskedOrbit | undefined;
}

/** Pose and camera at a time into the motion. The window and every export go through here, so they agree. */
export function posedFrame(recipe: FrameRecipe, timeSeconds: number): FrameJob {
  return { pose: poseAt(recipe, timeSeconds), camera: cameraAt(recipe, timeSeconds) };
}

/** The pose alone, for outputs without a camera. */
export function poseAt({ base, motion, held }: FrameRecipe, timeSeconds: number): RigPose {
  const moved = motion === undefined ? base : addPoses(base, sampleMotion(motion, timeSeconds));
  return applyPoseSettings(moved, held);
}

/** The portrait's own framing, orbited; an orbit asked for and the motion's own add up. */
function cameraAt({ motion, sourceCamera, orbit }: FrameRecipe, timeSeconds: number): PinholeCamera {
  const path = motion === undefined ? undefined : sampleCameraOrbit(motion, timeSeconds);
  return portraitCamera(sourceCamera, {
    yaw: (orbit?.yaw ?? 0) + (path?.yaw ?? 0),
    pitch: (orbit?.pitch ?? 0) + (path?.pitch ?? 0),
    roll: orbit?.roll ?? 0,
    zoom: (orbit?.zoom ?? 1) * (path?.zoom ?? 1),
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
