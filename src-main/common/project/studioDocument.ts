import { z } from 'zod';
import { AppError } from '#common/contract/errors';
import { describeIssue } from '#common/contract/dispatchCall';
import { targetRange } from '#common/timeline/motionTarget';

/** Raised with every change an older reader would misread; see documentMigrations. */
export const DOCUMENT_VERSION = 1;

/**
 * Values held by hand: pose target (a channel, or an angle such as `head.yaw`) to value in document units
 * (weights in [0, 1], angles in degrees). A target that is absent follows the motion, or rests at zero.
 */
const poseValuesSchema = z.record(z.string(), z.number()).superRefine((values, context) => {
  for (const [target, value] of Object.entries(values)) {
    const range = target.startsWith('camera.') ? undefined : targetRange(target);
    if (range === undefined) {
      context.addIssue({ code: 'custom', path: [target], message: 'is no channel or angle of a pose' });
    } else if (value < range.low || value > range.high) {
      context.addIssue({
        code: 'custom',
        path: [target],
        message: `must lie between ${range.low} and ${range.high}`,
      });
    }
  }
});

/** Orbit about the head: degrees, signs as OrbitOptions; `zoom` is a factor on the focal length. */
const cameraValuesSchema = z.strictObject({
  yaw: z.number().min(-180).max(180),
  pitch: z.number().min(-89).max(89),
  roll: z.number().min(-180).max(180),
  zoom: z.number().min(0.2).max(5),
});

const backgroundSchema = z.union([
  z.enum(['photo', 'transparent']),
  z.string().regex(/^#[0-9a-f]{6}$/i, 'must be photo, transparent or #rrggbb'),
]);

/** One entry of the expression library of a project: a pose to come back to or to blend in. */
const savedExpressionSchema = z.strictObject({
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(120),
  values: poseValuesSchema,
});

/** What an artist edits, and what undo acts on. JSON-safe and small; the avatar itself lies beside it. */
export const studioDocumentSchema = z.strictObject({
  formatVersion: z.literal(DOCUMENT_VERSION),
  name: z.string().min(1).max(120),
  pose: poseValuesSchema,
  camera: cameraValuesSchema,
  background: backgroundSchema,
  /** A preset motion under the pose; values held in `pose` stay held while it plays. */
  motion: z.strictObject({ preset: z.string().min(1), loop: z.boolean() }).optional(),
  expressions: z.array(savedExpressionSchema).max(500),
});

export type StudioDocument = z.output<typeof studioDocumentSchema>;
export type PoseValues = StudioDocument['pose'];
export type CameraValues = StudioDocument['camera'];
export type SavedExpression = StudioDocument['expressions'][number];

/** The portrait's own view. */
export const RESTING_CAMERA: CameraValues = { yaw: 0, pitch: 0, roll: 0, zoom: 1 };

/** A new document: the avatar at rest before its own picture. */
export function newDocument(name: string): StudioDocument {
  return {
    formatVersion: DOCUMENT_VERSION,
    name,
    pose: {},
    camera: RESTING_CAMERA,
    background: 'photo',
    expressions: [],
  };
}

/**
 * A document from outside, checked.
 *
 * @throws AppError `project.damaged` naming the field
 */
export function parseDocument(value: unknown): StudioDocument {
  const parsed = studioDocumentSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { field, reason } = describeIssue(parsed.error.issues[0]);
  throw new AppError('project.damaged', `The project is damaged: "${field}" ${reason}.`, {
    details: { field },
  });
}
