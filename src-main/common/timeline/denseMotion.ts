import { z } from 'zod';
import { ARKIT_CHANNELS } from '#common/head/arkitChannels';
import type { RigPose } from '#common/rig/rigPose';
import { badMotion, checkedNumber } from '#common/timeline/badMotion';
import { targetRange, targetScale } from '#common/timeline/motionTarget';
import { buildTrack, type MotionTrack } from '#common/timeline/motionTrack';

/** Rotations a dense frame may carry, with their order of angles. */
const FRAME_ANGLES = {
  head: ['head.yaw', 'head.pitch', 'head.roll'],
  neck: ['neck.yaw', 'neck.pitch', 'neck.roll'],
  gaze: ['gaze.yaw', 'gaze.pitch'],
} as const;

const DEGREES = 180 / Math.PI;

const frameSchema = z.strictObject({
  weights: z.array(z.unknown()),
  head: z.array(z.unknown()).optional(),
  neck: z.array(z.unknown()).optional(),
  gaze: z.array(z.unknown()).optional(),
});

/** One frame of a dense motion document: 52 weights in ARKIT_CHANNELS order, angles in degrees. */
export interface DenseFrame {
  readonly weights: readonly number[];
  /** [yaw, pitch, roll]. */
  readonly head?: readonly number[];
  readonly neck?: readonly number[];
  /** [yaw, pitch]. */
  readonly gaze?: readonly number[];
}

/**
 * Tracks of the frames of a dense document: frame i is at i / fps seconds, values in between run linearly.
 * Targets that are zero throughout give no track. Throws `input.badMotion` with the path of a bad value.
 */
export function framesToTracks(frames: readonly unknown[], fps: number, loop: boolean): MotionTrack[] {
  const targets = [...ARKIT_CHANNELS, ...Object.values(FRAME_ANGLES).flat()];
  const values = targets.map(() => new Float32Array(frames.length));
  frames.forEach((frame, index) => readFrame(frame, index, values));
  const times = Float64Array.from(frames, (_, index) => index / fps);
  const period = loop ? frames.length / fps : undefined;
  return targets.flatMap((target, k) =>
    values[k].every((value) => value === 0)
      ? []
      : [buildTrack({ target, interpolation: 'linear', times, values: values[k] }, period)],
  );
}

function readFrame(frame: unknown, index: number, out: readonly Float32Array[]): void {
  const path = `frames[${index}]`;
  const parsed = frameSchema.safeParse(frame);
  if (!parsed.success) {
    throw badMotion(path, 'must be an object with "weights" and, where wanted, "head", "neck", "gaze"');
  }
  const { weights } = parsed.data;
  if (weights.length !== ARKIT_CHANNELS.length) {
    throw badMotion(`${path}.weights`, `has ${weights.length} numbers; it must have 52, in ARKit order`);
  }
  ARKIT_CHANNELS.forEach((name, channel) => {
    out[channel][index] = checkedNumber(weights[channel], `${path}.weights[${channel}]`, targetRange(name)!);
  });
  let slot = ARKIT_CHANNELS.length;
  for (const key of ['head', 'neck', 'gaze'] as const) {
    const targets = FRAME_ANGLES[key];
    const angles = parsed.data[key];
    if (angles !== undefined && angles.length !== targets.length) {
      throw badMotion(
        `${path}.${key}`,
        `has ${angles.length} numbers; it must have ${targets.length} (degrees)`,
      );
    }
    targets.forEach((target, k) => {
      const angle = angles?.[k] ?? 0;
      out[slot++][index] =
        checkedNumber(angle, `${path}.${key}[${k}]`, targetRange(target)!) * targetScale(target);
    });
  }
}

/**
 * The dense document of recorded poses, ready for JSON.stringify: what trackers emit and `parseMotion` reads.
 * Weights are rounded to 1/10,000, angles to 1/1000 degree.
 */
export function denseMotionDocument(
  name: string,
  fps: number,
  poses: readonly RigPose[],
  loop = false,
): {
  format: 'avatarartist-motion';
  version: 1;
  name: string;
  loop: boolean;
  fps: number;
  frames: DenseFrame[];
} {
  const angles = (...list: number[]): number[] =>
    list.map((angle) => Math.round(angle * DEGREES * 1000) / 1000);
  const frames = poses.map(({ weights, head, neck, gaze }) => ({
    weights: Array.from(weights, (weight) => Math.round(weight * 10_000) / 10_000),
    head: angles(head.yaw, head.pitch, head.roll),
    neck: angles(neck.yaw, neck.pitch, neck.roll),
    gaze: angles(gaze.yaw, gaze.pitch),
  }));
  return { format: 'avatarartist-motion', version: 1, name, loop, fps, frames };
}
