import { invariant } from '#common/contract/errors';
import { cutText } from '#common/project/cutText';
import type { CameraValues, PoseValues, StudioDocument } from '#common/project/studioDocument';
import { RESTING_CAMERA } from '#common/project/studioDocument';
import { targetRange } from '#common/timeline/motionTarget';

// Every edit gives a valid document: values are clamped into their range, and what is not a number leaves its
// place as it was (a number field may hand one over while it is being typed in). An edit that changes nothing
// gives back the very same document, so that callers can tell by `===`.

const CAMERA_RANGES: Readonly<Record<keyof CameraValues, readonly [low: number, high: number]>> = {
  yaw: [-180, 180],
  pitch: [-89, 89],
  roll: [-180, 180],
  zoom: [0.2, 5],
};

const LONGEST_NAME = 120;

/** Holds one pose target at a value in document units. */
export function setPoseValue(document: StudioDocument, target: string, value: number): StudioDocument {
  return setPoseValues(document, { [target]: value });
}

/**
 * Holds several pose targets at once (linked left and right channels, one gesture of a gizmo).
 *
 * @throws AppError `internal.invariant` for a name that is no pose target
 */
export function setPoseValues(document: StudioDocument, values: PoseValues): StudioDocument {
  const changed = Object.entries(values)
    .map(([target, value]) => [target, clampPoseValue(target, value)] as const)
    .filter(([target, value]) => value !== undefined && value !== document.pose[target]);
  if (changed.length === 0) return document;
  return { ...document, pose: { ...document.pose, ...(Object.fromEntries(changed) as PoseValues) } };
}

/** Lets targets follow the motion again, or rest. */
export function releasePoseValues(document: StudioDocument, targets: Iterable<string>): StudioDocument {
  const released = new Set(targets);
  const kept = Object.entries(document.pose).filter(([target]) => !released.has(target));
  if (kept.length === Object.keys(document.pose).length) return document;
  return { ...document, pose: Object.fromEntries(kept) };
}

/** Lets go of every held value. */
export function resetPose(document: StudioDocument): StudioDocument {
  return Object.keys(document.pose).length === 0 ? document : { ...document, pose: {} };
}

/** Moves the camera; angles of a full turn wrap, so that a drag may go round and round. */
export function setCamera(document: StudioDocument, values: Partial<CameraValues>): StudioDocument {
  const camera = { ...document.camera };
  for (const name of Object.keys(CAMERA_RANGES) as (keyof CameraValues)[]) {
    const value = values[name];
    if (value === undefined || !Number.isFinite(value)) continue;
    const isFullTurn = name === 'yaw' || name === 'roll';
    camera[name] = clamp(isFullTurn ? wrapDegrees(value) : value, ...CAMERA_RANGES[name]);
  }
  const isSame = Object.entries(camera).every(
    ([name, value]) => document.camera[name as keyof CameraValues] === value,
  );
  return isSame ? document : { ...document, camera };
}

/** The portrait's own view again. */
export function resetCamera(document: StudioDocument): StudioDocument {
  return setCamera(document, RESTING_CAMERA);
}

/** `photo`, `transparent` or `#rrggbb`; anything else leaves the background as it was. */
export function setBackground(
  document: StudioDocument,
  background: StudioDocument['background'],
): StudioDocument {
  const wanted = background.toLowerCase();
  const isKnown = wanted === 'photo' || wanted === 'transparent' || /^#[0-9a-f]{6}$/.test(wanted);
  return !isKnown || wanted === document.background ? document : { ...document, background: wanted };
}

/** Puts a preset motion under the pose, or takes it away. */
export function setMotion(document: StudioDocument, motion: StudioDocument['motion']): StudioDocument {
  const { motion: current, ...rest } = document;
  if (motion === undefined || motion.preset === '') return current === undefined ? document : rest;
  if (current?.preset === motion.preset && current.loop === motion.loop) return document;
  return { ...document, motion: { preset: motion.preset, loop: motion.loop } };
}

/** Gives the document another name; a blank one changes nothing. */
export function renameDocument(document: StudioDocument, name: string): StudioDocument {
  const wanted = tidyName(name);
  return wanted === undefined || wanted === document.name ? document : { ...document, name: wanted };
}

/** Document value of a pose target brought into its range; undefined where it is no number. */
export function clampPoseValue(target: string, value: number): number | undefined {
  const range = target.startsWith('camera.') ? undefined : targetRange(target);
  invariant(range !== undefined, `"${target}" is a channel or an angle of a pose`);
  return Number.isNaN(value) ? undefined : clamp(value, range.low, range.high);
}

/** Trimmed and cut to what a document may hold; undefined where nothing is left. */
export function tidyName(name: string): string | undefined {
  const trimmed = cutText(name.trim(), LONGEST_NAME).trimEnd();
  return trimmed === '' ? undefined : trimmed;
}

/** Adding zero turns -0, which JSON cannot hold, into 0. */
function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value)) + 0;
}

function wrapDegrees(degrees: number): number {
  return Math.abs(degrees) <= 180 ? degrees : degrees - 360 * Math.round(degrees / 360);
}
