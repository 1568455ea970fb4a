import { z } from 'zod';
import { describeIssue } from '#common/contract/dispatchCall';
import { AppError } from '#common/contract/errors';
import { projectTooNew } from '#common/project/projectMigrations';
import type { StudioDocument } from '#common/project/studioDocument';
import { DOCUMENT_VERSION, parseDocument, RESTING_CAMERA } from '#common/project/studioDocument';

type Json = Record<string, unknown>;

/** MIGRATIONS[n] turns version n into n + 1. Pure; `parseDocument` checks the end of the chain. */
const MIGRATIONS: readonly ((document: Json) => Json)[] = [migrateDraft];

/**
 * A document of any version this program knows, brought to the current one and checked.
 *
 * @throws AppError `project.tooNew`, `project.damaged` naming the field
 */
export function readDocument(json: unknown): StudioDocument {
  let current = json as Json;
  for (let version = documentVersion(json); version < DOCUMENT_VERSION; version++) {
    current = MIGRATIONS[version](current);
  }
  return parseDocument(current);
}

/** The version a stored document has. @throws AppError `project.tooNew`, `project.damaged` */
export function documentVersion(json: unknown): number {
  const mark = z.looseObject({ formatVersion: z.int().min(0) }).safeParse(json);
  if (!mark.success) {
    throw new AppError('project.damaged', 'The project is damaged: its document has no version.');
  }
  const { formatVersion } = mark.data;
  if (formatVersion > DOCUMENT_VERSION) throw projectTooNew(formatVersion);
  return formatVersion;
}

/**
 * Version 0, the first draft: `title` for the name; weights in percent apart from angles; a camera distance
 * factor instead of a zoom; no background; expressions by name, in percent, without ids.
 */
const draftSchema = z.object({
  title: z.string().min(1).max(120),
  weights: z.record(z.string(), z.number()),
  angles: z.record(z.string(), z.number()).default({}),
  camera: z
    .object({ yaw: z.number(), pitch: z.number(), distance: z.number().positive() })
    .default({ yaw: 0, pitch: 0, distance: 1 }),
  motion: z.string().optional(),
  expressions: z.record(z.string(), z.record(z.string(), z.number())).default({}),
});

function migrateDraft(document: Json): Json {
  const parsed = draftSchema.safeParse(document);
  if (!parsed.success) {
    const { field, reason } = describeIssue(parsed.error.issues[0]);
    throw new AppError('project.damaged', `The project is damaged: "${field}" ${reason}.`, {
      details: { field },
    });
  }
  const { title, weights, angles, camera, motion, expressions } = parsed.data;
  return {
    formatVersion: 1,
    name: title,
    pose: { ...fromPercent(weights), ...angles },
    camera: { ...RESTING_CAMERA, yaw: camera.yaw, pitch: camera.pitch, zoom: 1 / camera.distance },
    background: 'photo',
    ...(motion === undefined ? {} : { motion: { preset: motion, loop: true } }),
    expressions: Object.entries(expressions).map(([name, values], index) => ({
      id: `draft-${index + 1}`,
      name,
      values: fromPercent(values),
    })),
  };
}

function fromPercent(values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value / 100]));
}
