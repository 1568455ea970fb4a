import { setPoseValue, setCamera } from '#common/project/documentEdits';
import { blendExpression, removeExpression, saveExpression } from '#common/project/expressionEdits';
import type { EditedDocument, JournalRecord } from '#common/project/documentHistory';
import { editRecord } from '#common/project/reduceRecord';
import type { StudioDocument } from '#common/project/studioDocument';

/** Edits between two saves of the script. */
export const EDITS_PER_SAVE = 9;

/** Small, so that journals are folded away all the time. */
export const COMPACT_AFTER_LINES = 12;

/**
 * The record an artist sends as number `sequence`: drags, undo and redo, expressions. A function of state and
 * number alone, so that whoever knows how many were sent knows the document.
 */
export function scriptedRecord(state: EditedDocument, sequence: number): JournalRecord {
  const { undo, redo } = state.history;
  if (sequence % 11 === 0 && undo.length > 2) return { kind: 'undo' };
  if (sequence % 11 === 1 && redo.length > 0) return { kind: 'redo' };
  const step = { label: `Step ${sequence}`, time: sequence, mergesPrevious: sequence % 3 === 0 };
  const edited = editRecord(state.document, scriptedEdit(state.document, sequence), step);
  // Every value differs from the last, but an edit may still find nothing to do.
  return (
    edited ?? editRecord(state.document, setCamera(state.document, { yaw: (sequence % 170) + 0.5 }), step)!
  );
}

function scriptedEdit(document: StudioDocument, sequence: number): StudioDocument {
  const id = `expression-${sequence % 4}`;
  switch (sequence % 7) {
    case 0:
      return saveExpression(document, { id, name: `Expression ${sequence}` });
    case 3:
      return blendExpression(document, document.expressions.at(0)?.values ?? {}, 0.5);
    case 5:
      return removeExpression(document, id);
    default:
      return setPoseValue(document, sequence % 2 ? 'jawOpen' : 'browInnerUp', (sequence % 997) / 997);
  }
}
