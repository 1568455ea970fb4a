import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { OpenProject, ProjectId } from '#common/contract/api/projectsApi';
import { AppError } from '#common/contract/errors';
import { isSameJson } from '#common/project/diffDocuments';
import type { EditedDocument, JournalRecord, Json } from '#common/project/documentHistory';
import { PROJECT_ENDING } from '#common/project/projectManifest';
import { reduceRecord } from '#common/project/reduceRecord';
import type { StudioDocument } from '#common/project/studioDocument';
import { parseDocument } from '#common/project/studioDocument';
import type { Clock } from '#host/clock';
import { asWriteError } from '#host/files/diskErrors';
import { withOutputs } from '#host/files/outputTransaction';
import type { Log } from '#host/log';
import type { FileStamp } from '#host/projects/fileStamp';
import { stampOf } from '#host/projects/fileStamp';
import { JournalFile } from '#host/projects/JournalFile';
import { encodeProjectFile } from '#host/projects/projectFile';
import { removeLeftovers } from '#host/projects/removeLeftovers';
import type { LoadedCopy, ProjectFileSystem, SessionFacts } from '#host/projects/workingCopy';
import {
  copyPaths,
  loadWorkingCopy,
  notOpen,
  syncFolder,
  writeGeneration,
  writeSessionFacts,
} from '#host/projects/workingCopy';
import { serially } from '#host/serially';

/** What every session of a host shares. */
export interface SessionServices {
  readonly appVersion: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly files: ProjectFileSystem;
  /** Lines after which a journal is folded into its base when the project is opened or saved. */
  readonly compactAfterLines: number;
}

/** Records a caller may send again without knowing whether they had arrived. */
const REMEMBERED_RECORDS = 64;

/**
 * One open working copy. All its calls run one after the other; what a call has acknowledged survives a crash
 * at any moment (projectFile.md tells why).
 */
export class ProjectSession {
  readonly projectId: ProjectId;
  readonly folder: string;
  readonly #services: SessionServices;
  readonly #inTurn = serially();
  readonly #recent = new Map<number, JournalRecord>();
  #facts: SessionFacts;
  #edited: EditedDocument;
  #sequence: number;
  #journalLines: number;
  #journal: JournalFile | undefined;
  #problem: string | undefined;

  private constructor(
    place: { readonly projectId: ProjectId; readonly folder: string },
    loaded: LoadedCopy,
    services: SessionServices,
  ) {
    this.projectId = place.projectId;
    this.folder = place.folder;
    this.#services = services;
    this.#facts = loaded.facts;
    this.#edited = loaded.edited;
    this.#sequence = loaded.sequence;
    this.#journalLines = loaded.lines.length;
    for (const { sequence, record } of loaded.lines.slice(-REMEMBERED_RECORDS)) {
      this.#recent.set(sequence, record);
    }
  }

  /**
   * Opens a working copy: replays its journal, cuts off a torn end, sets a damaged rest aside.
   *
   * @throws AppError as `loadWorkingCopy`, and `disk.*`
   */
  static async open(
    place: { readonly projectId: ProjectId; readonly folder: string },
    services: SessionServices,
  ): Promise<ProjectSession> {
    const { folder, projectId } = place;
    await removeLeftovers(folder);
    const loaded = await loadWorkingCopy(folder, projectId);
    const session = new ProjectSession(place, loaded, services);
    const { lost } = loaded;
    if (lost !== undefined) {
      services.log.write('warn', 'A journal is damaged', { projectId, ...lost });
      session.#problem = `The record of the last ${lost.lines} ${lost.lines === 1 ? 'edit' : 'edits'} is damaged; everything before is there.`;
    }
    if (lost !== undefined || loaded.wasMigrated || loaded.lines.length > services.compactAfterLines) {
      await session.#compact({ keepsJournal: lost !== undefined });
    } else {
      const path = copyPaths.journal(folder, loaded.facts.generation);
      session.#journal = await JournalFile.open(path, loaded.journalBytes, services.files);
    }
    return session;
  }

  /** False once it was disposed of, or another host has taken the working copy over. */
  get isOpen(): boolean {
    return this.#journal !== undefined;
  }

  get path(): string | undefined {
    return this.#facts.path;
  }

  get document(): StudioDocument {
    return this.#edited.document;
  }

  get isModified(): boolean {
    return !isSameJson(this.document as Json, this.#facts.savedDocument as Json);
  }

  /** Time of the newest step, or undefined where there is none. */
  get editedMilliseconds(): number | undefined {
    return this.#edited.history.undo.at(-1)?.time;
  }

  describe(): OpenProject {
    const { path } = this.#facts;
    return {
      projectId: this.projectId,
      ...(path === undefined ? {} : { path }),
      document: this.document,
      history: this.#edited.history,
      sequence: this.#sequence,
      isModified: this.isModified,
      avatarFile: copyPaths.avatar(this.folder),
      avatarUrl: `/projects/${this.projectId}/avatar/`,
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
    };
  }

  /**
   * Adds a record to the journal; durable on return. A record sent a second time is acknowledged again.
   *
   * @throws AppError `project.outOfSequence` naming the number expected, `project.damaged` where the record does
   * not fit the document, `project.notOpen`, `disk.*`; the state is as before then
   */
  append(sequence: number, record: JournalRecord): Promise<number> {
    return this.#inTurn(async () => {
      const journal = this.#openJournal();
      if (sequence !== this.#sequence + 1) return this.#acknowledgeAgain(sequence, record);
      const next = reduceRecord(this.#edited, record);
      parseDocument(next.document);
      await this.#stillOurs(() => journal.append({ sequence, record }));
      this.#edited = next;
      this.#sequence = sequence;
      this.#journalLines++;
      this.#recent.set(sequence, record);
      this.#recent.delete(sequence - REMEMBERED_RECORDS);
      return sequence;
    });
  }

  /**
   * Writes the project file, whole or not at all, and remembers it as this project's file.
   *
   * @throws AppError `input.badOption` without a path or for another ending, `disk.*`
   */
  save(asked: string | undefined): Promise<{ readonly path: string; readonly bytes: number }> {
    return this.#inTurn(async () => {
      const journal = this.#openJournal();
      await this.#stillOurs(() => journal.checkUntouched());
      const path = checkedTarget(asked ?? this.#facts.path);
      const { document } = this;
      const bytes = await this.#encode();
      await writeProjectFile(path, bytes, this.#services.files);
      this.#problem = undefined;
      await this.#remember({ path, fileStamp: await stampOf(path), savedDocument: document });
      return { path, bytes: bytes.length };
    });
  }

  /** Notes that the file at the project's path holds this document, as after a save. */
  adoptFile(fileStamp: FileStamp): Promise<void> {
    return this.#inTurn(() => this.#remember({ fileStamp, savedDocument: this.document }));
  }

  /** What the artist should know when the project opens; shown until the next save. */
  warn(problem: string): void {
    this.#problem = problem;
  }

  get fileStamp(): FileStamp | undefined {
    return this.#facts.fileStamp;
  }

  /** Closes the journal; the working copy stays on the disk. Later calls fail with `project.notOpen`. */
  dispose(): Promise<void> {
    return this.#inTurn(async () => {
      const journal = this.#journal;
      this.#journal = undefined;
      await journal?.close();
    });
  }

  #openJournal(): JournalFile {
    if (this.#journal === undefined) throw notOpen(this.projectId);
    return this.#journal;
  }

  /** Lets go of a working copy that another host has changed, so that the next `resume` reads it again. */
  async #stillOurs(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof AppError && error.code === 'project.notOpen') {
        const journal = this.#journal;
        this.#journal = undefined;
        await journal?.close();
      }
      throw error;
    }
  }

  #acknowledgeAgain(sequence: number, record: JournalRecord): number {
    const known = this.#recent.get(sequence);
    if (known !== undefined && isSameJson(known as unknown as Json, record as unknown as Json))
      return sequence;
    const expected = this.#sequence + 1;
    throw new AppError(
      'project.outOfSequence',
      `Edit ${sequence} does not follow: number ${expected} is expected. Open the project again to go on with its state.`,
      { details: { projectId: this.projectId, sequence, expected } },
    );
  }

  async #encode(): Promise<Uint8Array> {
    const { appVersion, clock } = this.#services;
    const [avatar, thumbnail] = await Promise.all([
      readFile(copyPaths.avatar(this.folder)),
      readFile(copyPaths.thumbnail(this.folder)).catch(() => undefined),
    ]);
    return encodeProjectFile(
      { document: this.document, avatar, thumbnail },
      { appVersion, saved: clock.date() },
    );
  }

  /**
   * The project file stands already, so nothing here may fail the save: at worst the next start takes the
   * project for modified.
   */
  async #remember(changes: Partial<SessionFacts>): Promise<void> {
    const { files, log, compactAfterLines } = this.#services;
    const facts = { ...this.#facts, ...changes };
    this.#facts = facts;
    try {
      await writeSessionFacts(this.folder, facts, files);
      if (this.#journalLines > compactAfterLines) await this.#compact({ keepsJournal: false });
    } catch (error) {
      log.write('warn', 'A working copy could not be brought up to date', { error: String(error) });
    }
  }

  /**
   * Folds the journal into a new base. The new generation is whole before `session.json` names it, and the old
   * one goes only afterwards, so a crash in between finds one of the two.
   */
  async #compact({ keepsJournal }: { readonly keepsJournal: boolean }): Promise<void> {
    const { folder } = this;
    const { files, log } = this.#services;
    const { generation: old } = this.#facts;
    const generation = old + 1;
    await writeGeneration(folder, generation, { edited: this.#edited, sequence: this.#sequence }, files);
    const journal = await JournalFile.open(copyPaths.journal(folder, generation), 0, files);
    const facts = { ...this.#facts, generation };
    try {
      await writeSessionFacts(folder, facts, files);
    } catch (error) {
      await journal.close();
      throw error;
    }
    const previous = this.#journal;
    this.#facts = facts;
    this.#journal = journal;
    this.#journalLines = 0;
    try {
      await previous?.close();
      if (keepsJournal)
        await files.rename(copyPaths.journal(folder, old), copyPaths.lostJournal(folder, old));
      else await files.unlink(copyPaths.journal(folder, old));
      await files.unlink(copyPaths.base(folder, old));
    } catch (error) {
      // They are never read again; a file left over costs only room.
      log.write('debug', 'An old journal could not be removed', { error: String(error) });
    }
  }
}

function checkedTarget(path: string | undefined): string {
  if (path === undefined) {
    throw new AppError('input.badOption', 'The project has no file yet; choose where to save it.');
  }
  if (path.toLowerCase().endsWith(PROJECT_ENDING)) return path;
  throw new AppError(
    'input.badOption',
    `A project cannot be saved as "${basename(path)}"; the name must end in ${PROJECT_ENDING}.`,
  );
}

async function writeProjectFile(path: string, bytes: Uint8Array, files: ProjectFileSystem): Promise<void> {
  await removeLeftovers(dirname(path), basename(path));
  await withOutputs(async (outputs) => {
    const temporary = await outputs.reserveFile(path);
    try {
      await writeFile(temporary, bytes);
    } catch (error) {
      throw asWriteError(error, path);
    }
  }, files);
  await syncFolder(dirname(path));
}
