import { AppError } from '#common/contract/errors';
import { effectiveWeights } from '#common/rig/poseWeights';
import { rotationFromEuler } from '#common/rig/eulerRotation';
import type { EulerRotation, RigPose } from '#common/rig/rigPose';
import type { MotionClip } from '#common/timeline/motionClip';
import { sampleMotion } from '#common/timeline/sampleMotion';

/** A motion as glTF keeps it: one pose per key, evenly spaced. */
export interface GlbMotion {
  readonly name: string;
  readonly fps: number;
  readonly frames: readonly RigPose[];
}

/**
 * The poses of a clip from its start to its end, both included, so that the length is exact and a looping clip
 * closes on its first pose.
 */
export function sampleGlbMotion(clip: MotionClip, fps: number): GlbMotion {
  const count = Math.max(1, Math.round(clip.durationSeconds * fps));
  const frames = Array.from({ length: count + 1 }, (_, index) => sampleMotion(clip, index / fps));
  return { name: clip.name, fps, frames };
}

/** Key values of the three animated properties, one key per frame. */
export interface MotionCurves {
  readonly times: Float32Array;
  /** 52 per key, ARKIT_CHANNELS order, gaze included. */
  readonly weights: Float32Array;
  /** Unit quaternions x, y, z, w, each in the half of the one before, so that linear interpolation goes the short way. */
  readonly neck: Float32Array;
  readonly head: Float32Array;
}

/** Throws `input.badMotion` for a motion without frames or with numbers that are not finite. */
export function motionCurves({ fps, frames }: GlbMotion): MotionCurves {
  if (frames.length === 0 || !(fps > 0) || !Number.isFinite(fps)) {
    throw new AppError('input.badMotion', 'The motion needs at least one frame and a frame rate above zero.');
  }
  frames.forEach(checkFinite);
  const weights = new Float32Array(frames.length * 52);
  frames.forEach((pose, index) => effectiveWeights(pose, weights.subarray(index * 52, index * 52 + 52)));
  return {
    times: Float32Array.from(frames, (_, index) => index / fps),
    weights,
    neck: quaternionTrack(frames.map(({ neck }) => neck)),
    head: quaternionTrack(frames.map(({ head }) => head)),
  };
}

function checkFinite({ weights, head, neck, gaze }: RigPose, index: number): void {
  const angles = [head, neck].flatMap(({ yaw, pitch, roll }) => [yaw, pitch, roll]);
  if (weights.length !== 52 || ![...weights, ...angles, gaze.yaw, gaze.pitch].every(Number.isFinite)) {
    throw new AppError(
      'input.badMotion',
      `Frame ${index} of the motion must hold 52 weights and angles, all of them finite numbers.`,
      { details: { frameIndex: index } },
    );
  }
}

function quaternionTrack(rotations: readonly EulerRotation[]): Float32Array {
  const track = new Float32Array(rotations.length * 4);
  let last = [0, 0, 0, 1];
  rotations.forEach((rotation, index) => {
    let quaternion = quaternionFromMatrix(rotationFromEuler(rotation));
    const dot = quaternion.reduce((sum, value, k) => sum + value * last[k], 0);
    if (dot < 0) quaternion = quaternion.map((value) => -value);
    track.set(quaternion, index * 4);
    last = quaternion;
  });
  return track;
}

/** Row-major rotation to x, y, z, w; the largest component is computed first (Shepperd 1978). */
function quaternionFromMatrix(m: ArrayLike<number>): number[] {
  const trace = m[0] + m[4] + m[8];
  const squares = [m[0] * 2 - trace, m[4] * 2 - trace, m[8] * 2 - trace, trace];
  const largest = squares.indexOf(Math.max(...squares));
  const size = Math.sqrt(1 + squares[largest]) / 2;
  const scale = 1 / (4 * size);
  const x = (m[7] - m[5]) * scale;
  const y = (m[2] - m[6]) * scale;
  const z = (m[3] - m[1]) * scale;
  if (largest === 3) return [x, y, z, size];
  const xy = (m[1] + m[3]) * scale;
  const xz = (m[2] + m[6]) * scale;
  const yz = (m[5] + m[7]) * scale;
  if (largest === 0) return [size, xy, xz, x];
  if (largest === 1) return [xy, size, yz, y];
  return [xz, yz, size, z];
}
