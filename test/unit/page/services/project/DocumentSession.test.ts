import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setPoseValue } from '#common/project/documentEdits';
import type { JournalRecord } from '#common/project/documentHistory';
import { reduceRecord } from '#common/project/reduceRecord';
import { newDocument } from '#common/project/studioDocument';
import type { DocumentEdit } from '$services/project/DocumentSession';
import { DocumentSession } from '$services/project/DocumentSession';

const START = { document: newDocument('Ada'), history: { undo: [], redo: [] } };

const setJaw =
  (value: number): DocumentEdit =>
  (document) =>
    setPoseValue(document, 'jawOpen', value);

function aSession() {
  const records: JournalRecord[] = [];
  const clock = { now: 1000 };
  let changes = 0;
  const session = new DocumentSession(START, {
    onRecord: (record) => records.push(record),
    onChange: () => changes++,
    now: () => clock.now,
  });
  return { session, records, clock, changes: () => changes };
}

const jawOf = (session: DocumentSession): number | undefined => session.document.pose['jawOpen'];

describe('DocumentSession', () => {
  it('shows every preview of a drag and keeps one step', () => {
    const { session, records, changes } = aSession();
    const drag = session.beginDrag('Move jaw open');
    for (const value of [0.1, 0.4, 0.7]) drag.preview(setJaw(value));
    expect([jawOf(session), session.committed.pose['jawOpen'], changes()]).toEqual([0.7, undefined, 3]);
    drag.commit();
    expect(records.map(({ kind }) => kind)).toEqual(['edit']);
    expect(session.history.undo.map(({ label }) => label)).toEqual(['Move jaw open']);
    session.undo();
    expect(jawOf(session)).toBeUndefined();
  });

  it('leaves no trace of a drag that is cancelled or comes back to its start', () => {
    const { session, records } = aSession();
    const cancelled = session.beginDrag('Move jaw open');
    cancelled.preview(setJaw(0.5));
    cancelled.cancel();
    const returned = session.beginDrag('Move jaw open');
    returned.preview(setJaw(0.5));
    returned.preview((document) => document);
    returned.commit();
    expect(records).toEqual([]);
    expect(session.document).toBe(START.document);
  });

  it('ignores a drag that has ended', () => {
    const { session } = aSession();
    const drag = session.beginDrag('Move jaw open');
    drag.preview(setJaw(0.5));
    session.edit('Name it', (document) => ({ ...document, name: 'Eva' }));
    drag.preview(setJaw(0.9));
    drag.cancel();
    expect(jawOf(session)).toBe(0.5);
    expect(session.history.undo.map(({ label }) => label)).toEqual(['Move jaw open', 'Name it']);
  });

  it('gives up the drag under way instead of the step before it', () => {
    const { session } = aSession();
    session.edit('Open', setJaw(0.3));
    session.beginDrag('Move jaw open').preview(setJaw(0.9));
    session.undo();
    expect([jawOf(session), session.history.undo.length]).toEqual([0.3, 1]);
  });

  it('merges repeated key presses into one step, and starts a new one after a pause', () => {
    const { session, records, clock } = aSession();
    for (const value of [0.1, 0.2, 0.3]) {
      session.edit('Move jaw open', setJaw(value), { mergeKey: 'jawOpen' });
      clock.now += 400;
    }
    clock.now += 5000;
    session.edit('Move jaw open', setJaw(0.4), { mergeKey: 'jawOpen' });
    expect(records).toHaveLength(4);
    expect(session.history.undo).toHaveLength(2);
    session.undo();
    expect(jawOf(session)).toBe(0.3);
    session.undo();
    expect(jawOf(session)).toBeUndefined();
  });

  it('does not merge into a step that was undone', () => {
    const { session } = aSession();
    session.edit('a', setJaw(0.1), { mergeKey: 'jawOpen' });
    session.edit('b', (document) => ({ ...document, name: 'Eva' }));
    session.undo();
    session.edit('a', setJaw(0.2), { mergeKey: 'jawOpen' });
    expect(session.history.undo.map(({ label }) => label)).toEqual(['a', 'a']);
  });

  it('walks to any point of the history', () => {
    const { session } = aSession();
    for (const value of [0.1, 0.2, 0.3, 0.4]) session.edit(`to ${value}`, setJaw(value));
    session.goTo(1);
    expect([jawOf(session), session.history.redo.length]).toEqual([0.1, 3]);
    session.goTo(99);
    expect(jawOf(session)).toBe(0.4);
    session.goTo(0);
    expect(session.document).toEqual(START.document);
  });

  it('gives a journal whose replay is what is shown', () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant('edit' as const), value: fc.integer({ min: 0, max: 10 }) }),
      fc.record({ kind: fc.constant('drag' as const), value: fc.integer({ min: 0, max: 10 }) }),
      fc.constantFrom({ kind: 'undo' as const, value: 0 }, { kind: 'redo' as const, value: 0 }),
      fc.record({ kind: fc.constant('goTo' as const), value: fc.integer({ min: 0, max: 10 }) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
        const { session, records } = aSession();
        for (const { kind, value } of actions) {
          if (kind === 'edit')
            session.edit('Step', setJaw(value / 10), { mergeKey: value > 5 ? 'jaw' : 'other' });
          else if (kind === 'goTo') session.goTo(value);
          else if (kind === 'drag') {
            const drag = session.beginDrag('Drag');
            drag.preview(setJaw(value / 20));
            drag.commit();
          } else session[kind]();
        }
        const replayed = records.reduce(reduceRecord, START);
        expect(replayed).toEqual({ document: session.document, history: session.history });
      }),
    );
  });
});
