import { expect, test } from 'vitest';
import { searchTitles } from '$services/commands/searchCommands';

const items = [
  'Make an avatar from a picture',
  'Reset pose',
  'Save the project as',
  'Undo',
  'Export video',
].map((title) => ({ title }));
const search = (query: string): string[] => searchTitles(items, query).map(({ title }) => title);

test('finds every word anywhere, the nearest to a word first', () => {
  expect(search('as')).toEqual(['Save the project as']);
  expect(search('p')[0]).toBe('Reset pose');
  expect(search('POSE res')).toEqual(['Reset pose']);
  expect(search('pose export')).toEqual([]);
});

test('gives everything in its order for no words', () => {
  expect(search('  ')).toEqual(items.map(({ title }) => title));
});
