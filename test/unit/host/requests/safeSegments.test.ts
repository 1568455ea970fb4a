import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInside } from '#host/files/isInside';
import { safeSegments } from '#host/requests/safeSegments';

describe('safe segments', () => {
  it.each([
    ['/', []],
    ['/avatars/aa-1/thumbnail.png', ['avatars', 'aa-1', 'thumbnail.png']],
    ['/assets/index-DkX_9-a.js', ['assets', 'index-DkX_9-a.js']],
    ['/s%61mples/ada.png', ['samples', 'ada.png']],
  ])('of %s are its names', (path, segments) => {
    expect(safeSegments(path)).toEqual(segments);
  });

  it.each([
    '', 'a', '//', '/a/', '/a//b', '/.', '/..', '/a/../b', '/.env', '/a/.git/config', '/%2e%2e/a', '/..%2fa',
    '/%252e%252e/a', '/a%5c..%5cb', '/a\\..\\b', '/a%00.png', '/C:/x', '/c%3a', '/a%zz', '/a%', '/~', '/a b',
    '/a%20b', '/%E2%80%AE', `/${'a'.repeat(129)}`,
  ])('do not exist for %s', (path) => {
    expect(safeSegments(path)).toBeUndefined();
  }); // prettier-ignore

  it('never climb, whatever is put together', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '/',
        '\\',
        '%2e',
        '%2F',
        '%5c',
        '%25',
        '%00',
        '\0',
        ':',
        '~',
        'C:',
        'a',
        '.a',
        '%',
        ' ',
      ),
      fc.string({ maxLength: 4 }),
      fc.string({ maxLength: 4, unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const segments = safeSegments(`/${pieces.join('')}`);
        if (segments === undefined) return;
        expect(segments.every((segment) => /^[A-Za-z0-9._-]+$/.test(segment))).toBe(true);
        expect(isInside(join('/root', ...segments), '/root')).toBe(true);
        expect(join('/root', ...segments).split('/')).toHaveLength(2 + segments.length);
      }),
      { numRuns: 2000 },
    );
  });
});
