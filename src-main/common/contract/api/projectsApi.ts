import { z } from 'zod';
import type { AvatarId } from '#common/contract/api/libraryApi';
import { avatarIdSchema } from '#common/contract/api/libraryApi';
import type { DocumentHistory, JournalRecord, Json } from '#common/project/documentHistory';
import type { StudioDocument } from '#common/project/studioDocument';

declare const projectIdBrand: unique symbol;

/** Names one working copy of a project on this host; it survives a restart until the project is closed. */
export type ProjectId = string & { readonly [projectIdBrand]: true };

export const projectIdSchema = z
  .string()
  .regex(/^[a-z0-9-]{1,64}$/, 'is no project id')
  .transform((value) => value as ProjectId);

/** An open project: document, history, and where its avatar's files are. */
export interface OpenProject {
  readonly projectId: ProjectId;
  /** The `.avatarartist` file; absent until it is first saved. */
  readonly path?: string;
  readonly document: StudioDocument;
  readonly history: DocumentHistory;
  /** Number of the last record in the journal; the next `projects.append` carries this plus one. */
  readonly sequence: number;
  /** The document differs from the file at `path`. */
  readonly isModified: boolean;
  /** Path of the project's own copy of the avatar, what `avatars.export` takes. */
  readonly avatarFile: string;
  /** Base URL of the avatar's files: append an entry name of AVATAR_ENTRIES. */
  readonly avatarUrl: string;
  /** What the artist should know, in one or two sentences: edits that were lost, a file that changed underneath. */
  readonly problem?: string;
}

export interface RecentProject {
  readonly path: string;
  readonly name: string;
  /** ISO 8601. */
  readonly opened: string;
  /** False where the file is gone. */
  readonly exists: boolean;
}

/** A working copy that was not closed: left by a crash, or open in another window. */
export interface UnclosedProject {
  readonly projectId: ProjectId;
  readonly name: string;
  readonly path?: string;
  /** ISO 8601 of its last edit. */
  readonly edited: string;
  readonly isModified: boolean;
  readonly thumbnailUrl: string;
}

export interface ProjectsApi {
  /** Recent files, newest first, and working copies to go on with. */
  'projects.list': {
    params: Record<never, never>;
    result: { readonly recent: readonly RecentProject[]; readonly unclosed: readonly UnclosedProject[] };
  };
  /** A new, unsaved project on a library avatar. */
  'projects.create': { params: { avatarId: AvatarId }; result: OpenProject };
  /** Opens a `.avatarartist` file, migrating an older one. */
  'projects.open': { params: { path: string }; result: OpenProject };
  /** Goes on with a working copy: journal replayed, history intact. */
  'projects.resume': { params: { projectId: ProjectId }; result: OpenProject };
  /** Adds one record to the journal; it is on the disk when the call returns. */
  'projects.append': {
    params: { projectId: ProjectId; sequence: number; record: JournalRecord };
    result: { readonly sequence: number };
  };
  /** Writes the project file atomically; `path` only where it has none yet or for "save as". */
  'projects.save': {
    params: { projectId: ProjectId; path?: string };
    result: { readonly path: string; readonly bytes: number };
  };
  /** Ends the working copy. Unsaved changes are an error unless `discard`. */
  'projects.close': { params: { projectId: ProjectId; discard?: boolean }; result: Record<never, never> };
  'projects.forgetRecent': { params: { path: string }; result: Record<never, never> };
}

const json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)]),
);

const changeSchema = z.strictObject({
  path: z.array(z.union([z.string(), z.int().min(0)])).max(16),
  before: json.optional(),
  after: json.optional(),
});

export const historyEntrySchema = z.strictObject({
  label: z.string().min(1).max(200),
  changes: z.array(changeSchema).max(5000),
  time: z.number(),
});

/** Typed by what JSON can hold: zod allows `undefined` for absent members, which never arrives. */
export const journalRecordSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('edit'), entry: historyEntrySchema, mergesPrevious: z.boolean() }),
  z.strictObject({ kind: z.literal('undo') }),
  z.strictObject({ kind: z.literal('redo') }),
]) as unknown as z.ZodType<JournalRecord, JournalRecord>;

const path = z.string().min(1, 'must name a file');
const projectId = projectIdSchema;

export const PROJECTS_PARAMS = {
  'projects.list': z.strictObject({}),
  'projects.create': z.strictObject({ avatarId: avatarIdSchema }),
  'projects.open': z.strictObject({ path }),
  'projects.resume': z.strictObject({ projectId }),
  'projects.append': z.strictObject({ projectId, sequence: z.int().min(1), record: journalRecordSchema }),
  'projects.save': z.strictObject({ projectId, path: path.optional() }),
  'projects.close': z.strictObject({ projectId, discard: z.boolean().optional() }),
  'projects.forgetRecent': z.strictObject({ path }),
} as const satisfies { readonly [Method in keyof ProjectsApi]: z.ZodType };
