import { describe, expect, test } from 'vitest';
import type { KeyPress } from '$services/commands/keyChord';
import { formatChord, matchesChord } from '$services/commands/keyChord';

function press(key: string, held: Partial<KeyPress> = {}): KeyPress {
  const code = /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key;
  return { key, code, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held };
}

describe('a key chord', () => {
  test('means Ctrl here and Command on a Mac', () => {
    expect(matchesChord(press('s', { ctrlKey: true }), 'Mod+S', false)).toBe(true);
    expect(matchesChord(press('s', { metaKey: true }), 'Mod+S', true)).toBe(true);
    expect(matchesChord(press('s', { ctrlKey: true }), 'Mod+S', true)).toBe(false);
    expect(matchesChord(press('s', { ctrlKey: true, metaKey: true }), 'Mod+S', false)).toBe(false);
  });

  test('wants exactly its modifiers', () => {
    const redo = press('Z', { ctrlKey: true, shiftKey: true });
    expect(matchesChord(redo, 'Mod+Shift+Z', false)).toBe(true);
    expect(matchesChord(redo, 'Mod+Z', false)).toBe(false);
    expect(matchesChord(press('z', { ctrlKey: true, altKey: true }), 'Mod+Z', false)).toBe(false);
    expect(matchesChord(press(' '), 'Space', false)).toBe(true);
    expect(matchesChord(press('ArrowLeft', { shiftKey: true }), 'Left', false)).toBe(false);
  });

  test('goes by the place of a letter where the layout writes another script', () => {
    expect(matchesChord({ ...press('я', { ctrlKey: true }), code: 'KeyZ' }, 'Mod+Z', false)).toBe(true);
    // A Latin layout with letters in other places keeps its own.
    expect(matchesChord({ ...press('w', { ctrlKey: true }), code: 'KeyZ' }, 'Mod+Z', false)).toBe(false);
  });

  test('is written as this machine writes it', () => {
    expect(formatChord('Mod+Shift+Z', false)).toBe('Ctrl+Shift+Z');
    expect(formatChord('Mod+Shift+Z', true)).toBe('⇧⌘Z');
    expect(formatChord('Left', false)).toBe('←');
  });
});
