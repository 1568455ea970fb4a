import { expect, test } from 'vitest';
import { formatBytes } from '$features/files/fileWords';
import { matchesSearch, shortFolder, timeAgo } from '$features/gallery/galleryWords';

const NOW = Date.parse('2026-11-22T12:00:00Z');

test('says roughly how long ago', () => {
  expect(timeAgo('2026-11-22T11:59:30Z', NOW)).toBe('just now');
  expect(timeAgo('2026-11-22T11:50:00Z', NOW)).toBe('10 minutes ago');
  expect(timeAgo('2026-11-21T10:00:00Z', NOW)).toBe('26 hours ago');
  expect(timeAgo('2026-11-10T12:00:00Z', NOW)).toBe('12 days ago');
  // A clock that was set back is no reason for a date in the future.
  expect(timeAgo('2026-11-23T12:00:00Z', NOW)).toBe('just now');
  expect(timeAgo('never', NOW)).toBe('');
});

test('writes sizes with three digits at most', () => {
  expect([0, 999, 1000, 4_300_000, 999_600_000].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '4.3 MB',
    '1.0 GB',
  ]);
});

test('finds avatars by all words, and shortens folders', () => {
  expect(matchesSearch('Ada in the garden', 'gar ADA')).toBe(true);
  expect(matchesSearch('Ada', 'ada bob')).toBe(false);
  expect(shortFolder('/home/ada/work/mia.avatarartist')).toBe('ada / work');
});
