import { z } from 'zod';
import { describeIssue } from '#common/contract/dispatchCall';
import { AppError } from '#common/contract/errors';
import type { ProjectEntryFacts, ProjectManifest } from '#common/project/projectManifest';
import {
  PROJECT_FORMAT,
  PROJECT_FORMAT_VERSION,
  projectManifestSchema,
} from '#common/project/projectManifest';

export interface ReadProjectManifest {
  readonly manifest: ProjectManifest;
  /** The version on disk, before migration. */
  readonly storedFormatVersion: number;
}

type Json = Record<string, unknown>;

/** MIGRATIONS[n] turns version n into n + 1. Pure; the current schema checks the end of the chain. */
const MIGRATIONS: readonly ((manifest: Json, entries: ProjectEntryFacts) => Json)[] = [migrateDraft];

/**
 * Reads the manifest of a project file of any version this program knows.
 *
 * @param entries the other entries as they lie in the archive
 * @throws AppError `project.notAProject` without our mark, `project.tooNew`, `project.damaged`
 */
export function readProjectManifest(json: unknown, entries: ProjectEntryFacts): ReadProjectManifest {
  const storedFormatVersion = versionOf(json);
  if (storedFormatVersion > PROJECT_FORMAT_VERSION) throw projectTooNew(storedFormatVersion);
  let current = json as Json;
  for (let version = storedFormatVersion; version < PROJECT_FORMAT_VERSION; version++) {
    current = MIGRATIONS[version](current, entries);
  }
  const parsed = projectManifestSchema.safeParse(current);
  if (parsed.success) return { manifest: parsed.data, storedFormatVersion };
  throw damagedBy(parsed.error);
}

/** For archive and document alike. */
export function projectTooNew(formatVersion: number): AppError {
  return new AppError(
    'project.tooNew',
    `The project was saved by a newer version of the studio (format ${formatVersion}). Update the program.`,
    { details: { formatVersion } },
  );
}

function versionOf(json: unknown): number {
  const mark = z.object({ format: z.literal(PROJECT_FORMAT), formatVersion: z.int().min(0) }).safeParse(json);
  if (mark.success) return mark.data.formatVersion;
  throw new AppError('project.notAProject', 'This is not a project file: its manifest is not one of ours.');
}

function damagedBy(error: z.ZodError): AppError {
  const { field, reason } = describeIssue(error.issues[0]);
  return new AppError('project.damaged', `The project is damaged: "${field}" in its manifest ${reason}.`, {
    details: { field },
  });
}

/** Version 0, the first draft: `title` for the name, `savedAt` in milliseconds since 1970, no checksums. */
const draftSchema = z.looseObject({ title: z.string().min(1), savedAt: z.int().min(0).max(8.64e15) });

function migrateDraft(manifest: Json, entries: ProjectEntryFacts): Json {
  const parsed = draftSchema.safeParse(manifest);
  if (!parsed.success) throw damagedBy(parsed.error);
  const { title, savedAt, ...kept } = parsed.data;
  return { ...kept, formatVersion: 1, name: title, saved: new Date(savedAt).toISOString(), entries };
}
