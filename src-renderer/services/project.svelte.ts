import type { AvatarId } from '#common/contract/api/libraryApi';
import type { OpenProject, ProjectId } from '#common/contract/api/projectsApi';
import type { HostClient } from '#common/contract/hostClient';
import { diffDocuments } from '#common/project/diffDocuments';
import type { DocumentHistory } from '#common/project/documentHistory';
import type { StudioDocument } from '#common/project/studioDocument';
import type { ConnectionService } from '$services/connection.svelte';
import type { FileService } from '$services/files.svelte';
import type { NoticeService } from '$services/notices.svelte';
import type { DocumentDrag, DocumentEdit, EditOptions } from '$services/project/DocumentSession';
import { DocumentSession } from '$services/project/DocumentSession';
import { PROJECT_FILTERS, suggestedProjectName } from '$services/project/projectFiles';
import type { FeedState } from '$services/project/JournalFeed';
import { JournalFeed } from '$services/project/JournalFeed';
import type { QuestionService } from '$services/questions.svelte';

/** What the project service needs of the other services. */
export interface ProjectServices {
  readonly client: Pick<HostClient, 'projects'>;
  readonly connection: Pick<ConnectionService, 'onReconnect'>;
  readonly notices: Pick<NoticeService, 'report' | 'info'>;
  readonly questions: Pick<QuestionService, 'ask'>;
  readonly files: Pick<FileService, 'pickSave'>;
}

/** What stays the same while a project is open. */
export type OpenProjectFacts = Pick<OpenProject, 'projectId' | 'avatarFile' | 'avatarUrl'>;

/** One line of the history panel. */
export interface HistoryStep {
  readonly label: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** False for a step that is undone. */
  readonly isDone: boolean;
}

const NO_HISTORY: DocumentHistory = { undo: [], redo: [] };

/**
 * The project that is open: its live document, its history, and the journal on the host. Documents are
 * immutable values (`$state.raw`): readers pick what they need with `$derived`, so a slider's drag reaches only
 * the rows whose value changed.
 */
export class ProjectService {
  readonly #services: ProjectServices;
  readonly #listeners = new Set<(document: StudioDocument | undefined) => void>();
  #session: DocumentSession | undefined;
  #feed: JournalFeed | undefined;
  #facts = $state.raw<OpenProjectFacts>();
  #closedId = $state.raw<ProjectId>();
  #document = $state.raw<StudioDocument>();
  #history = $state.raw<DocumentHistory>(NO_HISTORY);
  /** The document in the file; undefined where no file has it. */
  #savedDocument = $state.raw<StudioDocument>();
  #committed = $state.raw<StudioDocument>();
  #path = $state<string>();
  #saveState = $state<FeedState>('saved');
  #isBusy = $state(false);
  readonly #isModified = $derived(
    this.#committed !== undefined &&
      (this.#savedDocument === undefined || diffDocuments(this.#savedDocument, this.#committed).length > 0),
  );
  readonly #entries = $derived(stepsOf(this.#history));

  constructor(services: ProjectServices) {
    this.#services = services;
    services.connection.onReconnect(() => this.#feed?.retryNow());
  }

  /** Called with the live document after every change of it, previews included; returns what ends that. */
  onDocument(listener: (document: StudioDocument | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The working copy closed last: lists read before it went still name it. */
  get closedId(): ProjectId | undefined {
    return this.#closedId;
  }

  /** What is open, or undefined. */
  get current(): OpenProjectFacts | undefined {
    return this.#facts;
  }

  /** The live document, with the drag under way. */
  get document(): StudioDocument | undefined {
    return this.#document;
  }

  /** The document differs from the file at `path`, or has no file. */
  get isModified(): boolean {
    return this.#isModified;
  }

  get path(): string | undefined {
    return this.#path;
  }

  get name(): string {
    return this.#document?.name ?? '';
  }

  get avatarFile(): string | undefined {
    return this.#facts?.avatarFile;
  }

  get avatarUrl(): string | undefined {
    return this.#facts?.avatarUrl;
  }

  /** Whether every edit is on the host's disk (the journal, not the project file). */
  get saveState(): FeedState {
    return this.#saveState;
  }

  /** A gesture is under way; undo gives it up. */
  get isDragging(): boolean {
    return this.#document !== this.#committed;
  }

  /** Opening, saving or closing. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  get history(): {
    readonly undoLabel: string | undefined;
    readonly redoLabel: string | undefined;
    readonly entries: readonly HistoryStep[];
    readonly doneCount: number;
  } {
    const { undo, redo } = this.#history;
    return {
      undoLabel: undo.at(-1)?.label,
      redoLabel: redo.at(-1)?.label,
      entries: this.#entries,
      doneCount: undo.length,
    };
  }

  /** One named step of the history. Does nothing without a project. */
  edit(label: string, edit: DocumentEdit, options?: EditOptions): boolean {
    return this.#session?.edit(label, edit, options) ?? false;
  }

  /** A gesture: previews show at once, one step enters the history at `commit`. */
  beginDrag(label: string): DocumentDrag {
    return this.#session?.beginDrag(label) ?? NO_DRAG;
  }

  undo(): void {
    this.#session?.undo();
  }

  redo(): void {
    this.#session?.redo();
  }

  /** Goes to the point of the history after `stepCount` steps. */
  goTo(stepCount: number): void {
    this.#session?.goTo(stepCount);
  }

  /** A new project on an avatar of the library; asks about unsaved work first. Returns whether it is open. */
  async create(avatarId: AvatarId): Promise<boolean> {
    return this.#replace('Creating a project', () => this.#projects.create({ avatarId }));
  }

  async open(path: string): Promise<boolean> {
    return this.#replace('Opening the project', () => this.#projects.open({ path }));
  }

  /** Goes on with a working copy that was not closed. */
  async resume(projectId: ProjectId): Promise<boolean> {
    return this.#replace('Going on with the project', () => this.#projects.resume({ projectId }));
  }

  /**
   * Writes the project file. Without a path it goes to the project's own file, and a project that has none asks
   * for one. Returns whether it was saved; failures are reported here.
   */
  async save(path?: string): Promise<boolean> {
    return this.#guarded('Saving the project', async () => {
      const target = path ?? (this.#path === undefined ? await this.#pickPath() : undefined);
      const facts = this.#facts;
      if (facts === undefined || (target === undefined && this.#path === undefined)) return false;
      await this.#settle();
      const saved = this.#session?.committed;
      const written = await this.#projects.save({
        projectId: facts.projectId,
        ...(target === undefined ? {} : { path: target }),
      });
      if (this.#facts !== facts) return true;
      this.#path = written.path;
      this.#savedDocument = saved;
      return true;
    });
  }

  async saveAs(): Promise<boolean> {
    if (this.#facts === undefined) return false;
    const path = await this.#pickPath();
    return path === undefined ? false : this.save(path);
  }

  /** Closes the project; asks about unsaved work first. Returns false where the artist chose to stay. */
  async close(): Promise<boolean> {
    if (this.#facts === undefined) return true;
    if (!(await this.#mayLeave())) return false;
    return this.#guarded('Closing the project', () => this.#leave());
  }

  /** Resolves when the journal has every edit; rejects with what keeps it from getting them. */
  async #settle(): Promise<void> {
    await this.#feed?.settled();
  }

  get #projects(): HostClient['projects'] {
    return this.#services.client.projects;
  }

  async #replace(during: string, start: () => Promise<OpenProject>): Promise<boolean> {
    if (this.#facts !== undefined && !(await this.#mayLeave())) return false;
    return this.#guarded(during, async () => {
      // The new one first: where it fails to open, the artist keeps what they had.
      const opened = await start();
      await this.#leave(opened.projectId);
      this.#take(opened);
      if (opened.problem !== undefined) this.#services.notices.info(opened.problem);
      return true;
    });
  }

  #take(opened: OpenProject): void {
    const { projectId, avatarFile, avatarUrl, document, history, isModified } = opened;
    this.#feed = new JournalFeed({
      sequence: opened.sequence,
      append: (sequence, record) => this.#projects.append({ projectId, sequence, record }),
      recover: async () => (await this.#projects.resume({ projectId })).sequence,
      onStateChange: (state) => (this.#saveState = state),
      onProblem: (error) => this.#services.notices.report(error, 'Saving your last edits'),
    });
    this.#session = new DocumentSession(
      { document, history },
      { onRecord: (record) => this.#feed?.push(record), onChange: () => this.#show() },
    );
    this.#facts = { projectId, avatarFile, avatarUrl };
    this.#path = opened.path;
    this.#savedDocument = isModified ? undefined : document;
    this.#saveState = 'saved';
    this.#show();
  }

  #show(): void {
    this.#document = this.#session?.document;
    this.#committed = this.#session?.committed;
    this.#history = this.#session?.history ?? NO_HISTORY;
    for (const listener of this.#listeners) listener(this.#document);
  }

  /** Whether the artist agrees to lose sight of this project; saves it where they ask for that. */
  async #mayLeave(): Promise<boolean> {
    if (!this.#isModified) return true;
    const answer = await this.#services.questions.ask<'save' | 'discard'>({
      title: `Save the changes to “${this.name}”?`,
      text: 'Without saving, the changes since the last save are lost.',
      choices: [
        { id: 'save', label: 'Save', kind: 'primary' },
        { id: 'discard', label: 'Discard changes', kind: 'danger' },
      ],
    });
    return answer === 'discard' || (answer === 'save' && (await this.save()));
  }

  /** Ends the working copy, unless it is the one to go on with; the artist has been asked. */
  async #leave(next?: ProjectId): Promise<boolean> {
    const facts = this.#facts;
    if (facts === undefined) return true;
    await this.#settle();
    // Opening the file that is open already gives the same working copy again.
    if (facts.projectId !== next) {
      this.#closedId = facts.projectId;
      await this.#projects.close({ projectId: facts.projectId, discard: true });
    }
    this.#feed?.dispose();
    this.#feed = undefined;
    this.#session = undefined;
    this.#facts = undefined;
    this.#path = undefined;
    this.#savedDocument = undefined;
    this.#show();
    return true;
  }

  async #pickPath(): Promise<string | undefined> {
    return this.#services.files.pickSave({
      title: 'Save project',
      filters: PROJECT_FILTERS,
      suggestedPath: this.#path ?? suggestedProjectName(this.name),
    });
  }

  /** Runs one of the long actions, one at a time, and reports what goes wrong. */
  async #guarded(during: string, action: () => Promise<boolean>): Promise<boolean> {
    if (this.#isBusy) return false;
    this.#isBusy = true;
    try {
      return await action();
    } catch (error) {
      this.#services.notices.report(error, during);
      return false;
    } finally {
      this.#isBusy = false;
    }
  }
}

const NO_DRAG: DocumentDrag = {
  preview: () => undefined,
  commit: () => undefined,
  cancel: () => undefined,
};

/** Oldest first: the done steps, then the undone ones in the order they would be redone. */
function stepsOf({ undo, redo }: DocumentHistory): readonly HistoryStep[] {
  const done = undo.map(({ label, time }) => ({ label, time, isDone: true }));
  const undone = redo.toReversed().map(({ label, time }) => ({ label, time, isDone: false }));
  return [...done, ...undone];
}
