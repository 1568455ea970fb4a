import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRange } from '#host/requests/byteRange';

describe('a byte range', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 1 }],
    ['bytes=2-', { start: 2, end: 10 }],
    ['bytes=2-99', { start: 2, end: 10 }],
    ['bytes=-3', { start: 7, end: 10 }],
    ['bytes=-99', { start: 0, end: 10 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=5-4', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=-', 'unsatisfiable'],
    ['bytes=0-1,3-4', 'unsatisfiable'],
    ['bytes=a-b', 'unsatisfiable'],
    ['items=0-1', 'unsatisfiable'],
    [`bytes=0-${'9'.repeat(40)}`, 'unsatisfiable'],
    ['', 'unsatisfiable'],
  ])('%j of ten bytes', (header, expected) => {
    expect(parseRange(header, 10)).toEqual(expected);
  });

  it('always lies within the body', () => {
    const part = fc.oneof(fc.constant(''), fc.nat(), fc.bigInt({ min: 0n, max: 10n ** 20n }));
    fc.assert(
      fc.property(part, part, fc.nat(1000), (first, last, length) => {
        const range = parseRange(`bytes=${first}-${last}`, length);
        if (range === 'unsatisfiable') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThan(range.start);
        expect(range.end).toBeLessThanOrEqual(length);
      }),
    );
  });
});
