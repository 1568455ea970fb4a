import type { DocumentHistory, EditedDocument, JournalRecord } from '#common/project/documentHistory';
import { editRecord, reduceRecord } from '#common/project/reduceRecord';
import type { StudioDocument } from '#common/project/studioDocument';

/** A pure edit: the document as it is to the document as it shall be; returning the same object changes nothing. */
export type DocumentEdit = (document: StudioDocument) => StudioDocument;

export interface EditOptions {
  /** Steps with the same key that follow each other within two seconds become one step of the history. */
  readonly mergeKey?: string;
}

/** A gesture under way: every preview shows at once, one step enters the history at the end. */
export interface DocumentDrag {
  /** Shows what the edit makes of the document as it was when the drag began, not of the last preview. */
  preview(edit: DocumentEdit): void;
  /** Keeps the last preview. Does nothing once the drag has ended. */
  commit(): void;
  /** Goes back to where the drag began. Does nothing once the drag has ended. */
  cancel(): void;
}

export interface DocumentSessionOptions {
  /** Called with every record, in order, for the journal. */
  readonly onRecord: (record: JournalRecord) => void;
  /** Called after every change of `document` or `history`, previews included. */
  readonly onChange: () => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

const MERGE_WINDOW_MILLISECONDS = 2000;

/**
 * One document being edited: the state as journalled, and on top of it what a drag shows. Every change goes
 * through the same reducer that replays the journal, so what the page shows is what a restart brings back.
 */
export class DocumentSession {
  readonly #options: DocumentSessionOptions;
  #edited: EditedDocument;
  #live: StudioDocument;
  #drag: { readonly label: string } | undefined;
  #lastStep: { readonly mergeKey: string | undefined; readonly time: number } | undefined;

  constructor(edited: EditedDocument, options: DocumentSessionOptions) {
    this.#edited = edited;
    this.#live = edited.document;
    this.#options = options;
  }

  /** What to show: the document with the drag under way. */
  get document(): StudioDocument {
    return this.#live;
  }

  /** The document of the last step, what the journal gives. */
  get committed(): StudioDocument {
    return this.#edited.document;
  }

  get history(): DocumentHistory {
    return this.#edited.history;
  }

  get isDragging(): boolean {
    return this.#drag !== undefined;
  }

  /** One step of the history; a drag under way is kept first. Returns whether anything changed. */
  edit(label: string, edit: DocumentEdit, options: EditOptions = {}): boolean {
    this.#endDrag(true);
    return this.#take(label, edit(this.#edited.document), options.mergeKey);
  }

  /** Begins a drag; one that is under way is kept first. */
  beginDrag(label: string): DocumentDrag {
    this.#endDrag(true);
    const drag = { label };
    const start = this.#edited.document;
    this.#drag = drag;
    return {
      preview: (edit) => {
        if (this.#drag === drag) this.#show(edit(start));
      },
      commit: () => {
        if (this.#drag === drag) this.#endDrag(true);
      },
      cancel: () => {
        if (this.#drag === drag) this.#endDrag(false);
      },
    };
  }

  /** Undoes the last step; a drag under way is given up instead of it. Returns whether anything changed. */
  undo(): boolean {
    if (this.#drag !== undefined) return this.#endDrag(false);
    if (this.#edited.history.undo.length === 0) return false;
    this.#apply({ kind: 'undo' });
    return true;
  }

  redo(): boolean {
    this.#endDrag(true);
    if (this.#edited.history.redo.length === 0) return false;
    this.#apply({ kind: 'redo' });
    return true;
  }

  /** Goes back or forward until `stepCount` steps are done, as many as there are. */
  goTo(stepCount: number): void {
    this.#endDrag(true);
    const { undo, redo } = this.#edited.history;
    const wanted = Math.min(undo.length + redo.length, Math.max(0, stepCount));
    const kind = wanted < undo.length ? 'undo' : 'redo';
    for (let step = Math.abs(wanted - undo.length); step > 0; step--) this.#apply({ kind });
  }

  #show(document: StudioDocument): void {
    if (document === this.#live) return;
    this.#live = document;
    this.#options.onChange();
  }

  #endDrag(isKept: boolean): boolean {
    const drag = this.#drag;
    if (drag === undefined) return false;
    this.#drag = undefined;
    const shown = this.#live;
    if (!isKept || !this.#take(drag.label, shown, undefined)) this.#show(this.#edited.document);
    return true;
  }

  #take(label: string, document: StudioDocument, mergeKey: string | undefined): boolean {
    const time = (this.#options.now ?? Date.now)();
    const last = this.#lastStep;
    const mergesPrevious =
      mergeKey !== undefined &&
      last?.mergeKey === mergeKey &&
      time - last.time <= MERGE_WINDOW_MILLISECONDS &&
      this.#edited.history.undo.length > 0;
    const record = editRecord(this.#edited.document, document, { label, time, mergesPrevious });
    if (record === undefined) return false;
    this.#apply(record);
    this.#lastStep = { mergeKey, time };
    return true;
  }

  #apply(record: JournalRecord): void {
    this.#edited = reduceRecord(this.#edited, record);
    this.#live = this.#edited.document;
    this.#lastStep = undefined;
    this.#options.onRecord(record);
    this.#options.onChange();
  }
}
