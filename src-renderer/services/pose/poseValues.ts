import { ARKIT_CHANNELS, isArkitChannel } from '#common/head/arkitChannels';
import { clampPoseValue } from '#common/project/documentEdits';
import type { PoseValues, StudioDocument } from '#common/project/studioDocument';
import type { RigPose } from '#common/rig/rigPose';
import type { MotionClip } from '#common/timeline/motionClip';
import { ANGLE_TARGETS, targetScale } from '#common/timeline/motionTarget';
import { sampleTrack } from '#common/timeline/motionTrack';
import { parsePoseSettings } from '#common/timeline/poseFromSettings';

/** Everything a pose can hold: the 52 channels, then the angles of head, neck and gaze. */
export const POSE_TARGETS: readonly string[] = [
  ...ARKIT_CHANNELS,
  ...ANGLE_TARGETS.filter((target) => !target.startsWith('camera.')),
];

/** Values nearer to rest than this show nothing and are left out of saved poses. */
const SMALLEST = 0.0005;

/** The same target of the other side, with the sign of its values there; a middle target is its own. */
export function mirroredTarget(target: string): { readonly target: string; readonly sign: 1 | -1 } {
  if (!isArkitChannel(target)) {
    return { target, sign: target.endsWith('.pitch') ? 1 : -1 };
  }
  const swapped = target.replace(/Left$|Right$/, (side) => (side === 'Left' ? 'Right' : 'Left'));
  return { target: swapped, sign: 1 };
}

/** The pose as a mirror shows it: left and right swapped, turns to the side reversed. */
export function mirrorPose(values: PoseValues): PoseValues {
  const mirrored: PoseValues = {};
  for (const [name, value] of Object.entries(values)) {
    const { target, sign } = mirroredTarget(name);
    // Not -0: it would differ from 0 in the journal's diff.
    mirrored[target] = sign * value || 0;
  }
  return mirrored;
}

/** What a target shows: the held value, else the motion's, else rest; document units. */
export function shownValue(
  document: Pick<StudioDocument, 'pose'>,
  target: string,
  clip: MotionClip | undefined,
  timeSeconds: number,
): number {
  const held = document.pose[target];
  return held ?? motionValue(target, clip, timeSeconds);
}

/** What the motion alone gives a target; document units, 0 where it leaves it alone. */
export function motionValue(target: string, clip: MotionClip | undefined, timeSeconds: number): number {
  const track = clip?.tracks.find((one) => one.target === target);
  if (clip === undefined || track === undefined) return 0;
  return sampleTrack(track, Math.min(clip.durationSeconds, timeSeconds)) / targetScale(target);
}

/** Every value that is not at rest, held or of the motion: what saving an expression keeps. */
export function shownPose(
  document: Pick<StudioDocument, 'pose'>,
  clip: MotionClip | undefined,
  timeSeconds: number,
): PoseValues {
  const shown: PoseValues = {};
  for (const target of POSE_TARGETS) {
    const shownNow = shownValue(document, target, clip, timeSeconds);
    const value = clampPoseValue(target, rounded(shownNow)) ?? 0;
    if (Math.abs(value) >= SMALLEST) shown[target] = value;
  }
  return shown;
}

/** A pose in memory as values a document can hold; what is at rest is left out. */
export function valuesOfPose(pose: RigPose): PoseValues {
  const { head, neck, gaze } = pose;
  const angles: PoseValues = {
    'head.yaw': head.yaw,
    'head.pitch': head.pitch,
    'head.roll': head.roll,
    'neck.yaw': neck.yaw,
    'neck.pitch': neck.pitch,
    'neck.roll': neck.roll,
    'gaze.yaw': gaze.yaw,
    'gaze.pitch': gaze.pitch,
  };
  const values: PoseValues = {};
  for (const target of POSE_TARGETS) {
    const memory = isArkitChannel(target) ? pose.weights[ARKIT_CHANNELS.indexOf(target)] : angles[target];
    const value = clampPoseValue(target, rounded(memory / targetScale(target))) ?? 0;
    if (Math.abs(value) >= SMALLEST) values[target] = value;
  }
  return values;
}

/** A pose as text: `jawOpen=0.6,head.yaw=10`, the same that the command line takes after `--set`. */
export function poseToText(values: PoseValues): string {
  return POSE_TARGETS.filter((target) => target in values)
    .map((target) => `${target}=${rounded(values[target])}`)
    .join(',');
}

/**
 * Reads what `poseToText` writes.
 *
 * @throws AppError `input.badOption` naming the bad piece
 */
export function poseFromText(text: string): PoseValues {
  const settings = parsePoseSettings(text.trim());
  return Object.fromEntries(
    settings.map(({ target, value }) => [
      target,
      clampPoseValue(target, rounded(value / targetScale(target))) ?? 0,
    ]),
  );
}

/** Four decimals: finer than any slider, and short in the journal. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4 || 0;
}
