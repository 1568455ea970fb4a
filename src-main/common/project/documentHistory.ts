import type { StudioDocument } from '#common/project/studioDocument';

/** Any JSON value; `undefined` stands for absent and never travels. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One changed place of a document: what stood there and what stands there now; absent where the key is missing. */
export interface DocumentChange {
  readonly path: readonly (string | number)[];
  readonly before?: Json;
  readonly after?: Json;
}

/** One named step of the history. */
export interface HistoryEntry {
  /** What the artist did, in the words of the menu: "Move jaw open". */
  readonly label: string;
  readonly changes: readonly DocumentChange[];
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** Undoable steps, oldest first, and undone ones, next to redo last. */
export interface DocumentHistory {
  readonly undo: readonly HistoryEntry[];
  readonly redo: readonly HistoryEntry[];
}

/** A document with its history: what the page edits and the host's journal rebuilds. */
export interface EditedDocument {
  readonly document: StudioDocument;
  readonly history: DocumentHistory;
}

/** What the page tells the journal; replaying all records over the base gives the same EditedDocument. */
export type JournalRecord =
  | {
      readonly kind: 'edit';
      readonly entry: HistoryEntry;
      /** The step continues the last one (a drag, repeated key presses) and is undone with it. */
      readonly mergesPrevious: boolean;
    }
  | { readonly kind: 'undo' }
  | { readonly kind: 'redo' };
