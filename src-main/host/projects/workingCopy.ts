import * as nodeFiles from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { historyEntrySchema, type ProjectId } from '#common/contract/api/projectsApi';
import { AppError } from '#common/contract/errors';
import { documentVersion, readDocument } from '#common/project/documentMigrations';
import type { EditedDocument } from '#common/project/documentHistory';
import type { JournalLine, ReadJournal } from '#common/project/journalCodec';
import { readJournal } from '#common/project/journalCodec';
import { reduceRecord, uneditedDocument } from '#common/project/reduceRecord';
import type { StudioDocument } from '#common/project/studioDocument';
import { DOCUMENT_VERSION } from '#common/project/studioDocument';
import { systemCode } from '#host/files/diskErrors';
import type { OutputFileSystem } from '#host/files/outputTransaction';
import { writeFileAtomically } from '#host/files/writeFileAtomically';
import type { FileStamp } from '#host/projects/fileStamp';

/** The slice of `node:fs/promises` that writes working copies; tests pass one that fails on purpose. */
export type ProjectFileSystem = OutputFileSystem &
  Pick<typeof nodeFiles, 'copyFile' | 'readFile' | 'rename' | 'unlink' | 'writeFile'>;

/** `session.json`: which generation is in force, and what the project file holds. */
export interface SessionFacts {
  /** Names base and journal; raised by every compaction. */
  readonly generation: number;
  /** The project file; absent until first saved. */
  readonly path?: string | undefined;
  readonly fileStamp?: FileStamp | undefined;
  /** The document as last saved, or as the project began. */
  readonly savedDocument: StudioDocument;
}

/** A working copy read back from the disk. */
export interface LoadedCopy {
  readonly facts: SessionFacts;
  readonly edited: EditedDocument;
  /** Number of the last record. */
  readonly sequence: number;
  readonly lines: readonly JournalLine[];
  /** Bytes of the journal that hold good lines. */
  readonly journalBytes: number;
  readonly lost: ReadJournal['lost'];
  /** Written by a program of an older document version. */
  readonly wasMigrated: boolean;
}

const sessionSchema = z.object({
  version: z.literal(1),
  generation: z.int().min(1),
  path: z.string().min(1).optional(),
  fileStamp: z.object({ bytes: z.number(), modifiedMilliseconds: z.number() }).optional(),
  savedDocument: z.unknown(),
});

const baseSchema = z.object({
  sequence: z.int().min(0),
  document: z.unknown(),
  history: z.object({ undo: z.array(historyEntrySchema), redo: z.array(historyEntrySchema) }),
});

/** Where the parts of a working copy lie. */
export const copyPaths = {
  session: (folder: string) => join(folder, 'session.json'),
  avatar: (folder: string) => join(folder, 'avatar.avatar'),
  thumbnail: (folder: string) => join(folder, 'thumbnail.png'),
  base: (folder: string, generation: number) => join(folder, `base.${generation}.json`),
  journal: (folder: string, generation: number) => join(folder, `journal.${generation}.jsonl`),
  /** A journal with damaged lines, kept for whoever can still read it. */
  lostJournal: (folder: string, generation: number) => join(folder, `journal.${generation}.lost.jsonl`),
};

/**
 * Reads a working copy: base, then every good line of the journal over it. Changes nothing.
 *
 * @throws AppError `project.notOpen` where there is none, `project.damaged`, `project.tooNew`
 */
export async function loadWorkingCopy(folder: string, projectId: ProjectId): Promise<LoadedCopy> {
  const facts = await readSessionFacts(folder, projectId);
  const { generation } = facts;
  const base = await readJson(copyPaths.base(folder, generation));
  const parsed = baseSchema.safeParse(base);
  if (!parsed.success) throw damaged('its base is unreadable');
  const { document, history, sequence } = parsed.data;
  const text = (await readIfThere(copyPaths.journal(folder, generation))) ?? '';
  const journal = readJournal(text, sequence + 1);
  const { edited, lines, lost } = replay({ document, history } as EditedDocument, journal);
  const isOlder = documentVersion(document) < DOCUMENT_VERSION;
  const current = readDocument(edited.document);
  return {
    facts,
    // The steps of an older version name places that the migrated document may not have.
    edited: isOlder ? uneditedDocument(current) : { document: current, history: edited.history },
    sequence: sequence + lines.length,
    lines,
    journalBytes: Buffer.byteLength(text.slice(0, journal.goodLength), 'utf8'),
    lost,
    wasMigrated: isOlder,
  };
}

/** Goes on as far as the records fit; only a fault of ours leaves one that does not. */
function replay(start: EditedDocument, journal: ReadJournal): Pick<LoadedCopy, 'edited' | 'lines' | 'lost'> {
  let edited = start;
  for (const [index, { record }] of journal.lines.entries()) {
    try {
      edited = reduceRecord(edited, record);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const count = journal.lines.length - index + (journal.lost?.lines ?? 0);
      const lost = { lines: count, reason: error.message };
      return { edited, lines: journal.lines.slice(0, index), lost };
    }
  }
  return { edited, lines: journal.lines, lost: journal.lost };
}

/** `session.json` alone, for looking through all working copies. Errors as `loadWorkingCopy`. */
export async function readSessionFacts(folder: string, projectId: ProjectId): Promise<SessionFacts> {
  const text = await readIfThere(copyPaths.session(folder));
  if (text === undefined) throw notOpen(projectId);
  const parsed = sessionSchema.safeParse(parseJson(text));
  if (!parsed.success) throw damaged('its session file is unreadable');
  const { generation, path, fileStamp } = parsed.data;
  return { generation, path, fileStamp, savedDocument: readDocument(parsed.data.savedDocument) };
}

/** Replaces `session.json`: from here on a start finds the new facts, before it the old ones. */
export async function writeSessionFacts(
  folder: string,
  facts: SessionFacts,
  files: ProjectFileSystem,
): Promise<void> {
  const text = JSON.stringify({ version: 1, ...facts });
  await writeFileAtomically(copyPaths.session(folder), text, files);
  await syncFolder(folder);
}

/** Writes base and empty journal of a generation; it is in force once `session.json` names it. */
export async function writeGeneration(
  folder: string,
  generation: number,
  state: { readonly edited: EditedDocument; readonly sequence: number },
  files: ProjectFileSystem,
): Promise<void> {
  const { edited, sequence } = state;
  const base = JSON.stringify({ sequence, ...edited });
  await writeFileAtomically(copyPaths.base(folder, generation), base, files);
  await writeFileAtomically(copyPaths.journal(folder, generation), '', files);
  await syncFolder(folder);
}

/**
 * Makes the names in a folder durable. Best effort: Windows cannot, and a machine that loses power has the
 * old names, which are whole too.
 */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await nodeFiles.open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // See above.
  }
}

/** The error for a project id without a working copy. */
export function notOpen(projectId: ProjectId): AppError {
  return new AppError('project.notOpen', 'This project is not open here. Open its file again.', {
    details: { projectId },
  });
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await nodeFiles.readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw damaged(`a file of it cannot be read (${systemCode(error) ?? 'unknown reason'})`, error);
  }
}

async function readJson(path: string): Promise<unknown> {
  const text = await readIfThere(path);
  return text === undefined ? undefined : parseJson(text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema refuses undefined like any other wrong value.
    return undefined;
  }
}

function damaged(what: string, cause?: unknown): AppError {
  const options = cause === undefined ? {} : { cause };
  return new AppError('project.damaged', `The working copy of the project is damaged: ${what}.`, options);
}
