import { AppError } from '#common/contract/errors';
import { ARKIT_CHANNELS } from '#common/head/arkitChannels';
import type { AvatarGeometry } from '#common/rig/avatarGeometry';
import { rotationFromEuler } from '#common/rig/eulerRotation';
import { RigEvaluator } from '#common/rig/evaluateRig';
import { effectiveWeights } from '#common/rig/poseWeights';
import { neutralPose, type EulerRotation, type RigPose } from '#common/rig/rigPose';
import type { GlbMotion } from '#host/export/glb/glbMotion';
import { GlbReplay } from '#host/export/glb/GlbReplay';

/** How far the file, read again and played, is from the avatar. */
export interface GlbComparison {
  readonly framesCompared: number;
  readonly weightError: number;
  readonly rotationErrorDegrees: number;
  /** Largest distance of a vertex, correctives left out. */
  readonly positionErrorMetres: number;
  /** What glTF cannot say: the largest movement that correctives add in the frames compared. */
  readonly correctiveMetres: number;
}

const COMPARED_FRAMES = 6;
const WEIGHT_TOLERANCE = 1e-5;
const ROTATION_TOLERANCE_DEGREES = 0.01;
const POSITION_TOLERANCE_METRES = 2e-5;

/**
 * Reads the file again, plays it at frames spread over the motion (the rest pose without one) and compares
 * weights, rotations and every vertex with the avatar's own evaluator. Throws `export.invalidGltf` when they differ.
 */
export async function compareGlb(
  bytes: Uint8Array,
  geometry: AvatarGeometry,
  motion: GlbMotion | undefined,
): Promise<GlbComparison> {
  const replay = await GlbReplay.read(bytes);
  refuse(
    replay.targetNames.join() !== ARKIT_CHANNELS.join(),
    'the morph targets are not the 52 ARKit channels in their order',
  );
  refuse(replay.keyTimes.length !== (motion?.frames.length ?? 0), 'the animation has another number of keys');
  // The deltas that the writer drops as negligible are within the tolerance.
  const linear = new RigEvaluator({ ...geometry, correctives: [] });
  const full = new RigEvaluator(geometry);
  let weightError = 0;
  let rotationErrorDegrees = 0;
  let positionErrorMetres = 0;
  let correctiveMetres = 0;
  const frames = comparedFrames(motion);
  for (const { pose, timeSeconds } of frames) {
    const played = replay.frameAt(timeSeconds);
    const expected = linear.evaluate(pose);
    weightError = Math.max(weightError, largestDifference(played.weights, effectiveWeights(pose)));
    for (const [name, rotation] of [
      ['neck', pose.neck],
      ['head', pose.head],
    ] as const) {
      rotationErrorDegrees = Math.max(rotationErrorDegrees, angleDegrees(played[name], rotation));
    }
    positionErrorMetres = Math.max(positionErrorMetres, largestDistance(played.positions, expected));
    correctiveMetres = Math.max(correctiveMetres, largestDistance(full.evaluate(pose), expected));
  }
  refuse(!(weightError <= WEIGHT_TOLERANCE), `weights differ by ${weightError}`);
  refuse(
    !(rotationErrorDegrees <= ROTATION_TOLERANCE_DEGREES),
    `rotations differ by ${rotationErrorDegrees} degrees`,
  );
  refuse(!(positionErrorMetres <= POSITION_TOLERANCE_METRES), `vertices differ by ${positionErrorMetres} m`);
  return {
    framesCompared: frames.length,
    weightError,
    rotationErrorDegrees,
    positionErrorMetres,
    correctiveMetres,
  };
}

function refuse(isWrong: boolean, what: string): void {
  if (isWrong) {
    throw new AppError(
      'export.invalidGltf',
      `The GLB does not play back as the avatar: ${what}. It was not kept.`,
    );
  }
}

function comparedFrames(motion: GlbMotion | undefined): { pose: RigPose; timeSeconds: number }[] {
  if (motion === undefined) return [{ pose: neutralPose(), timeSeconds: 0 }];
  const last = motion.frames.length - 1;
  const count = Math.min(COMPARED_FRAMES, motion.frames.length);
  return Array.from({ length: count }, (_, index) => {
    const frame = count === 1 ? 0 : Math.round((index * last) / (count - 1));
    return { pose: motion.frames[frame], timeSeconds: Math.fround(frame / motion.fps) };
  });
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((worst, value, index) => Math.max(worst, Math.abs(value - b[index])), 0);
}

function largestDistance(a: Float32Array, b: Float32Array): number {
  let worst = 0;
  for (let k = 0; k < a.length; k += 3) {
    worst = Math.max(worst, Math.hypot(a[k] - b[k], a[k + 1] - b[k + 1], a[k + 2] - b[k + 2]));
  }
  return a.length === b.length ? worst : Infinity;
}

/** Angle between a quaternion (x, y, z, w) and a rotation, from the rotated axes. */
function angleDegrees(quaternion: readonly number[], euler: EulerRotation): number {
  const [x, y, z, w] = quaternion;
  const played = [
    1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w),
    2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w),
    2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y),
  ]; // prettier-ignore
  const wanted = rotationFromEuler(euler);
  // Frobenius norm of the difference = 2 sqrt(2) sin(angle / 2); exact for small angles, where a trace is not.
  const distance = Math.hypot(...played.map((value, index) => value - wanted[index]));
  return (2 * Math.asin(Math.min(1, distance / Math.sqrt(8))) * 180) / Math.PI;
}
