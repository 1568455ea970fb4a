import { AppError } from '#common/contract/errors';
import { channelIndex, isArkitChannel } from '#common/head/arkitChannels';
import { neutralPose, type EulerRotation, type RigPose } from '#common/rig/rigPose';
import { nearestTarget, targetRange, targetScale } from '#common/timeline/motionTarget';

/** One `name=value` of a settings text; `value` in memory units (weights, radians). */
export interface PoseSetting {
  readonly target: string;
  readonly value: number;
}

/**
 * Reads `jawOpen=0.6,head.yaw=10,gaze.pitch=-5` (weights in [0, 1], angles in degrees; camera targets are not
 * part of a pose). Throws `input.badOption` naming the bad piece and what would be right.
 */
export function parsePoseSettings(text: string): PoseSetting[] {
  const pieces = text.split(',').map((piece) => piece.trim());
  return pieces.filter((piece) => piece !== '').map(parsePiece);
}

/** The pose with the given settings on top; the given pose stays as it is. */
export function applyPoseSettings(pose: RigPose, settings: readonly PoseSetting[]): RigPose {
  const weights = Float32Array.from(pose.weights);
  const turned: Record<'head' | 'neck', EulerRotation> = { head: pose.head, neck: pose.neck };
  let gaze = pose.gaze;
  for (const { target, value } of settings) {
    const [group, angle] = target.split('.');
    if (isArkitChannel(target)) weights[channelIndex(target)] = value;
    else if (group === 'gaze') gaze = { ...gaze, [angle]: value };
    else if (group === 'head' || group === 'neck') turned[group] = { ...turned[group], [angle]: value };
  }
  return { weights, head: turned.head, neck: turned.neck, gaze };
}

/** The rest pose with the settings of a text such as `jawOpen=0.6,head.yaw=10`; errors as `parsePoseSettings`. */
export function poseFromSettings(text: string): RigPose {
  return applyPoseSettings(neutralPose(), parsePoseSettings(text));
}

function parsePiece(piece: string): PoseSetting {
  const split = piece.indexOf('=');
  const target = piece.slice(0, Math.max(0, split)).trim();
  if (split < 0) throw badSetting(piece, 'write it as name=value, such as jawOpen=0.6');
  const range = target.startsWith('camera.') ? undefined : targetRange(target);
  if (range === undefined) {
    const near = nearestTarget(target) ?? 'an ARKit channel such as jawOpen, or head.yaw';
    throw badSetting(piece, `there is no channel "${target}"; did you mean ${near}?`);
  }
  const raw = piece.slice(split + 1).trim();
  const value = raw === '' ? NaN : Number(raw);
  if (!(value >= range.low && value <= range.high)) {
    const unit = range.unit === '' ? '' : ` ${range.unit}`;
    throw badSetting(piece, `${target} takes a number from ${range.low} to ${range.high}${unit}`);
  }
  return { target, value: value * targetScale(target) };
}

function badSetting(piece: string, advice: string): AppError {
  return new AppError('input.badOption', `The setting "${piece}" is wrong: ${advice}`, {
    details: { piece },
  });
}
