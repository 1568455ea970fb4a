import { z } from 'zod';
import { badMotion, checkedNumber } from '#common/timeline/badMotion';
import { framesToTracks } from '#common/timeline/denseMotion';
import { nearestTarget, targetRange, targetScale } from '#common/timeline/motionTarget';
import { buildTrack, type Interpolation, type MotionTrack } from '#common/timeline/motionTrack';

/** Written into every motion document. */
export const MOTION_FORMAT = 'avatarartist-motion';
export const MOTION_VERSION = 1;

/** Ten minutes; also what a two-minute export is tested against five times over. */
export const MAX_MOTION_SECONDS = 600;
/** Per track, and frames of a dense motion: ten minutes at 120 per second. */
export const MAX_MOTION_KEYS = 72_000;

/** A motion in memory: sampled at any time, independent of frame rates. See `motionFormat.md` for documents. */
export interface MotionClip {
  readonly name: string;
  readonly durationSeconds: number;
  readonly loop: boolean;
  readonly tracks: readonly MotionTrack[];
}

const envelope = {
  format: z.literal(MOTION_FORMAT),
  version: z.literal(MOTION_VERSION),
  name: z.string().min(1).max(200),
  description: z.string().max(2000).optional(),
  loop: z.boolean().default(false),
};
const keyedSchema = z.strictObject({
  ...envelope,
  durationSeconds: z.number().positive().max(MAX_MOTION_SECONDS),
  tracks: z.record(z.string(), z.unknown()),
});
const denseSchema = z.strictObject({
  ...envelope,
  fps: z.number().min(1).max(240),
  frames: z.array(z.unknown()).min(1).max(MAX_MOTION_KEYS),
});
const trackSchema = z.strictObject({
  interpolation: z.enum(['smooth', 'linear', 'hold']).default('smooth'),
  keys: z.array(z.unknown()).min(1).max(MAX_MOTION_KEYS),
});

/**
 * Reads a motion document (parsed JSON), keyed or dense; formats in `motionFormat.md`.
 * Throws `input.badMotion` naming the path of the first bad value and what would be right.
 */
export function parseMotion(json: unknown): MotionClip {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw badMotion('', `must be an object with "format": "${MOTION_FORMAT}"`);
  }
  const version = (json as Record<string, unknown>)['version'];
  if (typeof version === 'number' && version > MOTION_VERSION) {
    throw badMotion('version', `is ${version}; this program reads version ${MOTION_VERSION}, so update it`);
  }
  return 'frames' in json ? parseDense(json) : parseKeyed(json);
}

function parseKeyed(json: object): MotionClip {
  const document = check(keyedSchema, json, '');
  const { name, durationSeconds, loop } = document;
  const tracks = Object.entries(document.tracks).map(([target, track]) =>
    parseTrack(target, track, durationSeconds, loop),
  );
  return { name, durationSeconds, loop, tracks };
}

function parseDense(json: object): MotionClip {
  const { name, fps, loop, frames } = check(denseSchema, json, '');
  const durationSeconds = frames.length / fps;
  if (durationSeconds > MAX_MOTION_SECONDS) {
    throw badMotion(
      'frames',
      `last ${durationSeconds.toFixed(1)} s; at most ${MAX_MOTION_SECONDS} s are allowed`,
    );
  }
  return { name, durationSeconds, loop, tracks: framesToTracks(frames, fps, loop) };
}

function parseTrack(target: string, json: unknown, durationSeconds: number, loop: boolean): MotionTrack {
  const range = targetRange(target);
  if (range === undefined) {
    const near = nearestTarget(target);
    const advice = near ?? 'an ARKit channel such as jawOpen, or head.yaw';
    throw badMotion(`tracks.${target}`, `is not a known channel; did you mean ${advice}?`);
  }
  const path = `tracks.${target}`;
  const track: { interpolation: Interpolation; keys: unknown[] } = Array.isArray(json)
    ? check(trackSchema, { keys: json as unknown[] }, path)
    : check(trackSchema, json, path);
  const times = new Float64Array(track.keys.length);
  const values = new Float32Array(track.keys.length);
  const scale = targetScale(target);
  track.keys.forEach((key, index) => {
    const at = `${path}.keys[${index}]`;
    if (!Array.isArray(key) || key.length !== 2) throw badMotion(at, 'must be a pair [seconds, value]');
    const [time, value] = key as [unknown, unknown];
    times[index] = checkedNumber(time, `${at}[0]`, { low: 0, high: durationSeconds, unit: ' s' });
    if (index > 0 && times[index] <= times[index - 1]) {
      throw badMotion(
        `${at}[0]`,
        `is ${times[index]}; keys must be in rising time (the one before is at ${times[index - 1]})`,
      );
    }
    values[index] = checkedNumber(value, `${at}[1]`, range) * scale;
  });
  const keys = { target, interpolation: track.interpolation, times, values };
  return buildTrack(keys, loop ? durationSeconds : undefined);
}

function check<T extends z.ZodType>(schema: T, json: unknown, path: string): z.output<T> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const inner = issue.path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('');
  throw badMotion(`${path}${inner}`.replace(/^\./, ''), `is wrong: ${lowerFirst(issue.message)}`);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
