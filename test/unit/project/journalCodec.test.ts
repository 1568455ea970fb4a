import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '#common/project/documentHistory';
import { encodeJournalLine, readJournal } from '#common/project/journalCodec';

const record: fc.Arbitrary<JournalRecord> = fc.oneof(
  fc.constantFrom<JournalRecord>({ kind: 'undo' }, { kind: 'redo' }),
  fc.record({
    kind: fc.constant('edit' as const),
    entry: fc.record({
      label: fc.string({ minLength: 1, maxLength: 30, unit: 'binary' }),
      changes: fc.array(
        fc.record({ path: fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 }), after: fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => value + 0) }), // prettier-ignore
        { maxLength: 3 },
      ),
      time: fc.nat(),
    }),
    mergesPrevious: fc.boolean(),
  }),
);
const records = fc.array(record, { minLength: 1, maxLength: 8 });

const encode = (list: readonly JournalRecord[], first = 1): string[] =>
  list.map((one, index) => encodeJournalLine({ sequence: first + index, record: one }));

const edit = (label: string): JournalRecord => ({
  kind: 'edit',
  entry: { label, changes: [], time: 1 },
  mergesPrevious: false,
});
const FOUR = encode([edit('one'), edit('two'), edit('three'), { kind: 'undo' }], 8);

describe('journal', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(records, fc.integer({ min: 1, max: 1e9 }), (list, first) => {
        const text = encode(list, first).join('');
        const read = readJournal(text, first);
        expect(read.lines.map((line) => line.record)).toEqual(list);
        expect(read).toMatchObject({ goodLength: text.length, isTorn: false });
        expect(read.lost).toBeUndefined();
      }),
      { numRuns: 200, seed: 6 },
    );
  });

  it('stops cleanly wherever the last write was cut off', () => {
    const text = FOUR.join('');
    const ends = FOUR.map((_, index) => FOUR.slice(0, index + 1).join('').length);
    for (let length = 0; length <= text.length; length++) {
      const read = readJournal(text.slice(0, length), 8);
      const whole = ends.filter((end) => end <= length).length;
      expect(read.lines).toHaveLength(whole);
      expect(read.goodLength).toBe(whole === 0 ? 0 : ends[whole - 1]);
      expect([read.isTorn, read.lost]).toEqual([read.goodLength < length, undefined]);
    }
  });

  it('notices any changed character and keeps everything before it', () => {
    const text = FOUR.join('');
    const secondEnd = FOUR[0].length + FOUR[1].length;
    for (let at = secondEnd; at < secondEnd + FOUR[2].length - 1; at++) {
      const changed = text.slice(0, at) + (text[at] === '~' ? '!' : '~') + text.slice(at + 1);
      const read = readJournal(changed, 8);
      expect(read.lines).toHaveLength(2);
      expect(read).toMatchObject({ goodLength: secondEnd, isTorn: false, lost: { lines: 2 } });
    }
  });

  it('counts what a damaged line takes with it, without a torn end', () => {
    const torn = [FOUR[0], 'noise\n', FOUR[2], FOUR[3].slice(0, 5)].join('');
    expect(readJournal(torn, 8)).toMatchObject({
      isTorn: true,
      lost: { lines: 2, reason: 'it is no journal line' },
    });
  });

  it.each([
    ['a line missing', [FOUR[0], FOUR[2]], /number 10 instead of 9/],
    ['a line twice', [FOUR[0], FOUR[0]], /number 8 instead of 9/],
    ['zeros after a power cut', [FOUR[0], '\0\0\0\0\n'], /no journal line/],
    ['a record of another program', [FOUR[0], encodeJournalLine({ sequence: 9, record: { kind: 'jump' } as never })], /no known record/],
  ] as [string, string[], RegExp][])('does not go on over %s', (_, lines, reason) => {
    const read = readJournal(lines.join(''), 8);
    expect(read.lines).toHaveLength(1);
    expect(read.lost?.reason).toMatch(reason);
  }); // prettier-ignore
});
