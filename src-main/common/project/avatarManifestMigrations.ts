import { z } from 'zod';
import { describeIssue } from '#common/contract/dispatchCall';
import { AppError } from '#common/contract/errors';
import type { AvatarManifest, EntryFacts } from '#common/project/avatarManifest';
import { AVATAR_FORMAT, AVATAR_FORMAT_VERSION, avatarManifestSchema } from '#common/project/avatarManifest';

/** What a migration may know beside the manifest: the entries as they lie in the archive. */
export interface MigrationFacts {
  readonly entries: Readonly<Record<string, EntryFacts>>;
}

export interface ReadManifest {
  readonly manifest: AvatarManifest;
  /** The version on disk, before migration. */
  readonly storedFormatVersion: number;
}

type Json = Record<string, unknown>;

/** MIGRATIONS[n] turns version n into n + 1; version 1 is still written, so there it ends. Pure; validated by the current schema at the end of the chain. */
const MIGRATIONS: readonly ((manifest: Json, facts: MigrationFacts) => Json)[] = [migrateDraft];

/**
 * Reads a manifest of any version this program knows.
 *
 * @throws AppError `avatar.notAnAvatar` without our mark, `avatar.tooNew`, `avatar.damaged` when a member is
 * missing or malformed.
 */
export function readManifest(json: unknown, facts: MigrationFacts): ReadManifest {
  const storedFormatVersion = versionOf(json);
  if (storedFormatVersion > AVATAR_FORMAT_VERSION) {
    throw new AppError(
      'avatar.tooNew',
      `The avatar file has format version ${storedFormatVersion}; this program reads up to ` +
        `${AVATAR_FORMAT_VERSION}. Update the program.`,
      { details: { formatVersion: storedFormatVersion } },
    );
  }
  let current = json as Json;
  for (let version = storedFormatVersion; version < MIGRATIONS.length; version++) {
    current = MIGRATIONS[version](current, facts);
  }
  const parsed = avatarManifestSchema.safeParse(current);
  if (parsed.success) return { manifest: parsed.data, storedFormatVersion };
  throw damagedBy(parsed.error);
}

function versionOf(json: unknown): number {
  const mark = z.object({ format: z.literal(AVATAR_FORMAT), formatVersion: z.int().min(0) }).safeParse(json);
  if (mark.success) return mark.data.formatVersion;
  throw new AppError('avatar.notAnAvatar', 'This is not an avatar file: its manifest is not one of ours.');
}

function damagedBy(error: z.ZodError): AppError {
  const { field, reason } = describeIssue(error.issues[0]);
  return new AppError('avatar.damaged', `The avatar file is damaged: "${field}" in its manifest ${reason}.`, {
    details: { field },
  });
}

/**
 * Version 0, the first draft: `title` for the name, `madeAt` in milliseconds since 1970, head and neck angles
 * in degrees, no gaze, no rights note, no hash of the portrait and no checksums of the entries.
 */
const draftSchema = z.looseObject({
  title: z.string().min(1),
  madeAt: z.number(),
  pose: z.looseObject({
    head: z.object({ yaw: z.number(), pitch: z.number(), roll: z.number() }),
    neck: z.object({ yaw: z.number(), pitch: z.number(), roll: z.number() }),
  }),
});

function migrateDraft(manifest: Json, facts: MigrationFacts): Json {
  const parsed = draftSchema.safeParse(manifest);
  if (!parsed.success) throw damagedBy(parsed.error);
  const { title, madeAt, pose, ...kept } = parsed.data;
  return {
    ...kept,
    formatVersion: 1,
    name: title,
    created: new Date(madeAt).toISOString(),
    rights: { note: '' },
    source: { sha256: '' },
    pose: {
      ...pose,
      head: toRadians(pose.head),
      neck: toRadians(pose.neck),
      gaze: { yaw: 0, pitch: 0 },
    },
    entries: facts.entries,
  };
}

function toRadians<Angles extends Readonly<Record<string, number>>>(degrees: Angles): Angles {
  const radians = Object.entries(degrees).map(([name, value]) => [name, (value * Math.PI) / 180]);
  return Object.fromEntries(radians) as Angles;
}
