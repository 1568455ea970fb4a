import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setPoseValue } from '#common/project/documentEdits';
import type { EditedDocument, JournalRecord } from '#common/project/documentHistory';
import { editRecord, MAX_HISTORY, reduceRecord, uneditedDocument } from '#common/project/reduceRecord';
import { newDocument } from '#common/project/studioDocument';
import type { DocumentEdit } from '#test/helpers/anyDocument';
import { anyEdit } from '#test/helpers/anyDocument';

const START = uneditedDocument(newDocument('Ada'));
const UNDO: JournalRecord = { kind: 'undo' };
const REDO: JournalRecord = { kind: 'redo' };

function edit(
  state: EditedDocument,
  change: DocumentEdit,
  label = 'Edit',
  mergesPrevious = false,
): EditedDocument {
  const record = editRecord(state.document, change(state.document), { label, time: 0, mergesPrevious });
  return record === undefined ? state : reduceRecord(state, record);
}

const jaw =
  (value: number): DocumentEdit =>
  (document) =>
    setPoseValue(document, 'jawOpen', value);

describe('reducing records', () => {
  it('undoes every step of any work, back to the beginning, and redoes it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyEdit, fc.boolean()), { maxLength: 20 }), (edits) => {
        const states = [START];
        for (const [change, merges] of edits) states.push(edit(states.at(-1)!, change, 'x', merges));
        const end = states.at(-1)!;
        let state = end;
        const steps = end.history.undo.length;
        for (let step = 0; step < steps; step++) state = reduceRecord(state, UNDO);
        expect(state.document).toEqual(START.document);
        expect(state.history.redo).toHaveLength(steps);
        for (let step = 0; step < steps; step++) state = reduceRecord(state, REDO);
        expect(state).toEqual(end);
      }),
      { numRuns: 100, seed: 5 },
    );
  });

  it('merges a drag into one step with the newest label', () => {
    let state = edit(edit(START, jaw(0.1), 'Open'), jaw(0.2), 'Move jaw');
    for (const value of [0.3, 0.4, 0.5]) state = edit(state, jaw(value), `to ${value}`, true);
    expect(state.history.undo).toMatchObject([
      { label: 'Open' },
      { label: 'to 0.5', changes: [{ path: ['pose', 'jawOpen'], before: 0.1, after: 0.5 }] },
    ]);
    expect(reduceRecord(state, UNDO).document.pose).toEqual({ jawOpen: 0.1 });
  });

  it('keeps a drag that came back to its start apart from the step before', () => {
    let state = edit(edit(START, jaw(0.1), 'Open'), jaw(0.2), 'Drag');
    state = edit(edit(state, jaw(0.1), 'Drag', true), jaw(0.9), 'Drag', true);
    expect(reduceRecord(state, UNDO).document.pose).toEqual({ jawOpen: 0.1 });
  });

  it('does not merge with what is not there or was undone', () => {
    expect(edit(START, jaw(0.1), 'First', true).history.undo).toHaveLength(1);
    const undone = reduceRecord(edit(edit(START, jaw(0.1)), jaw(0.2)), UNDO);
    const after = edit(undone, jaw(0.7), 'New', true);
    expect(after.history).toMatchObject({ undo: [{ label: 'Edit' }, { label: 'New' }], redo: [] });
  });

  it('forgets the oldest steps', () => {
    let state = START;
    for (let step = 1; step <= MAX_HISTORY + 5; step++) state = edit(state, jaw(step / 2000), `${step}`);
    expect(state.history.undo).toHaveLength(MAX_HISTORY);
    expect(state.history.undo[0].label).toBe('6');
  });

  it('refuses what does not fit', () => {
    const record = editRecord(START.document, jaw(0.5)(START.document), { label: 'x', time: 0 })!;
    const state = reduceRecord(START, record);
    for (const bad of [record, REDO]) {
      expect(() => reduceRecord(state, bad)).toThrow(expect.objectContaining({ code: 'project.damaged' }));
    }
    expect(() => reduceRecord(START, UNDO)).toThrow(expect.objectContaining({ code: 'project.damaged' }));
    expect(editRecord(START.document, START.document, { label: 'x', time: 0 })).toBeUndefined();
  });

  it('cuts labels the journal would refuse, between characters', () => {
    const label = (text: string): string | undefined =>
      editRecord(START.document, jaw(1)(START.document), { label: text, time: 0 })?.entry.label;
    expect(label('x'.repeat(300))).toBe('x'.repeat(200));
    expect(label(`${'x'.repeat(199)}\u{1f600}`)).toBe('x'.repeat(199));
    expect(label('')).toBe('Edit');
  });
});
