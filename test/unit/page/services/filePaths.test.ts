import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  breadcrumbsOf,
  folderOf,
  joinPath,
  matchesFilters,
  nameOf,
  problemOfName,
  withEnding,
} from '$services/files/filePaths';

const FILTERS = [{ name: 'Video', endings: ['webm', 'mp4'] }];

describe('paths of the host', () => {
  test('come apart and together again, on both kinds of systems', () => {
    const name = fc.stringMatching(/^[a-z0-9 .]{1,12}$/);
    const root = fc.constantFrom('/', 'C:\\', '/home', 'D:\\Work');
    fc.assert(
      fc.property(root, fc.array(name, { maxLength: 4 }), name, (start, parts, last) => {
        const folder = parts.reduce(joinPath, start);
        expect(nameOf(joinPath(folder, last))).toBe(last);
        expect(folderOf(joinPath(folder, last))).toBe(folder);
      }),
    );
  });

  test('lead from the deepest place that holds them', () => {
    const roots = [
      { name: 'Home', path: '/home/ada' },
      { name: 'Pictures', path: '/home/ada/Pictures' },
    ];
    expect(breadcrumbsOf('/home/ada/Pictures/2026', roots)).toEqual([
      { name: 'Pictures', path: '/home/ada/Pictures' },
      { name: '2026', path: '/home/ada/Pictures/2026' },
    ]);
    expect(breadcrumbsOf('/home/adam', roots)).toEqual([{ name: 'adam', path: '/home/adam' }]);
  });

  test('get an ending only where they have none of the offered', () => {
    expect(withEnding('clip', FILTERS)).toBe('clip.webm');
    expect(withEnding('clip.MP4', FILTERS)).toBe('clip.MP4');
    expect(withEnding('clip.mov', FILTERS)).toBe('clip.mov.webm');
    expect(matchesFilters('.webm', FILTERS)).toBe(false);
    expect(matchesFilters('anything', [])).toBe(true);
  });

  test('refuse names that some system refuses', () => {
    expect(['a/b', 'a:b', '..', ' ', 'x'.repeat(121), 'a\tb'].map(problemOfName)).not.toContain(undefined);
    expect(['Ada', 'été 2026', 'a.b'].map(problemOfName)).toEqual([undefined, undefined, undefined]);
  });
});
