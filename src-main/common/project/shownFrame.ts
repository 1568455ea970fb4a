import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { ARKIT_CHANNELS } from '#common/head/arkitChannels';
import type { CameraValues, PoseValues, StudioDocument } from '#common/project/studioDocument';
import type { FrameJob } from '#common/raster/avatarFrameRenderer';
import type { RigPose } from '#common/rig/rigPose';
import { neutralPose } from '#common/rig/rigPose';
import type { MotionClip } from '#common/timeline/motionClip';
import { targetScale } from '#common/timeline/motionTarget';
import type { PoseSetting } from '#common/timeline/poseFromSettings';
import { posedFrame, type AskedOrbit } from '#common/timeline/posedFrame';
import { withLoop } from '#common/timeline/sampleMotion';

const RADIANS = Math.PI / 180;

export interface ShownScene {
  readonly document: StudioDocument;
  /** The clip `document.motion` names, loaded; undefined where there is none. */
  readonly clip: MotionClip | undefined;
  /** Into the clip; beyond one pass it repeats or holds, as `document.motion.loop` says. */
  readonly timeSeconds: number;
  /** `avatar.source.camera`. */
  readonly sourceCamera: PinholeCamera;
  /**
   * Momentary: where not empty, only these pose targets keep their value and all others rest. The camera is
   * never muted. An export knows no solo.
   */
  readonly soloTargets?: ReadonlySet<string>;
}

/** What the studio shows of a document at a time: the frame that `exportRequest` makes the host render. */
export function shownFrame(scene: ShownScene): FrameJob {
  const { document, clip, timeSeconds, sourceCamera, soloTargets } = scene;
  const recipe = {
    base: neutralPose(),
    motion: clip && withLoop(clip, document.motion?.loop),
    held: heldSettings(document.pose),
    sourceCamera,
    orbit: orbitOf(document.camera),
  };
  const frame = posedFrame(recipe, timeSeconds);
  if (soloTargets === undefined || soloTargets.size === 0) return frame;
  return { ...frame, pose: soloPose(frame.pose, soloTargets) };
}

/** Held values in memory units, as `avatars.export` takes them in `set`. */
export function heldSettings(pose: PoseValues): PoseSetting[] {
  return Object.entries(pose).map(([target, value]) => ({ target, value: value * targetScale(target) }));
}

/** The document's camera in radians, as `avatars.export` takes it. */
export function orbitOf({ yaw, pitch, roll, zoom }: CameraValues): AskedOrbit {
  return { yaw: yaw * RADIANS, pitch: pitch * RADIANS, roll: roll * RADIANS, zoom };
}

function soloPose(pose: RigPose, solo: ReadonlySet<string>): RigPose {
  const keep = (target: string, value: number): number => (solo.has(target) ? value : 0);
  return {
    weights: pose.weights.map((weight, channel) => keep(ARKIT_CHANNELS[channel], weight)),
    head: {
      yaw: keep('head.yaw', pose.head.yaw),
      pitch: keep('head.pitch', pose.head.pitch),
      roll: keep('head.roll', pose.head.roll),
    },
    neck: {
      yaw: keep('neck.yaw', pose.neck.yaw),
      pitch: keep('neck.pitch', pose.neck.pitch),
      roll: keep('neck.roll', pose.neck.roll),
    },
    gaze: { yaw: keep('gaze.yaw', pose.gaze.yaw), pitch: keep('gaze.pitch', pose.gaze.pitch) },
  };
}
