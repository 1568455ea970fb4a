import { z } from 'zod';

/** Marks the manifest as ours among all zips that hold a manifest.json. */
export const PROJECT_FORMAT = 'avatarartist.project';

/** Of the archive around document and avatar, which have versions of their own; see projectMigrations. */
export const PROJECT_FORMAT_VERSION = 1;

/** The ending of project files, with its dot. */
export const PROJECT_ENDING = '.avatarartist';

/** Names inside a project file. */
export const PROJECT_ENTRIES = {
  manifest: 'manifest.json',
  document: 'document.json',
  /** A whole avatar file, as `avatars.make` writes it. */
  avatar: 'avatar.avatar',
  thumbnail: 'thumbnail.png',
} as const;

const entryFacts = z.object({
  bytes: z.int().min(0),
  /** Hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** `manifest.json` of a project file, version 1. Unknown members are ignored. */
export const projectManifestSchema = z.object({
  format: z.literal(PROJECT_FORMAT),
  formatVersion: z.literal(PROJECT_FORMAT_VERSION),
  /** Version of the studio that wrote the file. */
  appVersion: z.string(),
  /** That of the document, for file lists. */
  name: z.string().min(1),
  /** ISO 8601, UTC. */
  saved: z.iso.datetime(),
  /** Every other entry of the archive. */
  entries: z.record(z.string(), entryFacts),
});

export type ProjectManifest = z.output<typeof projectManifestSchema>;
export type ProjectEntryFacts = ProjectManifest['entries'];
