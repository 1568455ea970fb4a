import { AppError, assertNever } from '#common/contract/errors';
import { applyChanges, diffDocuments, invertChanges } from '#common/project/diffDocuments';
import type {
  DocumentHistory,
  EditedDocument,
  HistoryEntry,
  JournalRecord,
} from '#common/project/documentHistory';
import { cutText } from '#common/project/cutText';
import type { StudioDocument } from '#common/project/studioDocument';

/** Steps that can be undone; the oldest fall off. */
export const MAX_HISTORY = 1000;

/** A document nobody has edited yet. */
export function uneditedDocument(document: StudioDocument): EditedDocument {
  return { document, history: { undo: [], redo: [] } };
}

/**
 * What one record makes of an edited document. Page and host run the same records through here and so agree
 * on document and history without sending either.
 *
 * A record that merges goes into the last step, which afterwards holds the difference of both and the newer
 * label and time. Right after an undo, or with nothing to merge with, it is a step of its own.
 *
 * @throws AppError `project.damaged` where the changes do not fit the document, or nothing is left to undo or
 * redo; the given state stays as it is
 */
export function reduceRecord(edited: EditedDocument, record: JournalRecord): EditedDocument {
  switch (record.kind) {
    case 'edit':
      return record.mergesPrevious ? mergeEntry(edited, record.entry) : pushEntry(edited, record.entry);
    case 'undo':
      return undoLast(edited);
    case 'redo':
      return redoLast(edited);
    default:
      return assertNever(record, 'journal record');
  }
}

/** As long as the contract lets a label be; two names of expressions fill it. */
const LONGEST_LABEL = 200;

/**
 * The record of an edit: the difference of both documents as a named step; undefined where nothing changed. A label
 * too long for a history list is cut.
 */
export function editRecord(
  before: StudioDocument,
  after: StudioDocument,
  step: { readonly label: string; readonly time: number; readonly mergesPrevious?: boolean },
): Extract<JournalRecord, { kind: 'edit' }> | undefined {
  const changes = diffDocuments(before, after);
  if (changes.length === 0) return undefined;
  const { label, time, mergesPrevious = false } = step;
  const entry = { label: cutText(label, LONGEST_LABEL) || 'Edit', changes, time };
  return { kind: 'edit', entry, mergesPrevious };
}

function pushEntry({ document, history }: EditedDocument, entry: HistoryEntry): EditedDocument {
  return {
    document: applyChanges(document, entry.changes),
    history: { undo: [...history.undo, entry].slice(-MAX_HISTORY), redo: [] },
  };
}

function mergeEntry(edited: EditedDocument, entry: HistoryEntry): EditedDocument {
  const { document, history } = edited;
  const last = history.undo.at(-1);
  if (last === undefined || history.redo.length > 0) return pushEntry(edited, entry);
  const start = applyChanges(document, invertChanges(last.changes));
  const after = applyChanges(document, entry.changes);
  // The difference and not both lists: a drag of a minute would otherwise keep hundreds of values. It may be
  // empty, when the drag came back; the step stays, so that the drag's next record does not merge with an older one.
  const merged: HistoryEntry = { ...entry, changes: diffDocuments(start, after) };
  return { document: after, history: { undo: [...history.undo.slice(0, -1), merged], redo: [] } };
}

function undoLast({ document, history }: EditedDocument): EditedDocument {
  const entry = lastOf(history, 'undo');
  return {
    document: applyChanges(document, invertChanges(entry.changes)),
    history: { undo: history.undo.slice(0, -1), redo: [...history.redo, entry] },
  };
}

function redoLast({ document, history }: EditedDocument): EditedDocument {
  const entry = lastOf(history, 'redo');
  return {
    document: applyChanges(document, entry.changes),
    history: { undo: [...history.undo, entry].slice(-MAX_HISTORY), redo: history.redo.slice(0, -1) },
  };
}

function lastOf(history: DocumentHistory, direction: 'undo' | 'redo'): HistoryEntry {
  const entry = history[direction].at(-1);
  if (entry !== undefined) return entry;
  throw new AppError('project.damaged', `The history holds no step to ${direction}.`);
}
