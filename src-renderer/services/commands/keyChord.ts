/** Whether the machine in front of the artist calls its main modifier Command. */
export function isMacPlatform(platform: string): boolean {
  return /mac|iphone|ipad/i.test(platform);
}

/** The members of a KeyboardEvent a chord looks at. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

interface Chord {
  readonly key: string;
  readonly mod: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  space: ' ',
  plus: '+',
  left: 'arrowleft',
  right: 'arrowright',
  up: 'arrowup',
  down: 'arrowdown',
  esc: 'escape',
};

/** Reads "Mod+Shift+Z"; Mod is Ctrl, or Command on a Mac. */
function parseChord(chord: string): Chord {
  const parts = chord.toLowerCase().split('+');
  const key = parts.at(-1) ?? '';
  return {
    key: KEY_NAMES[key] ?? key,
    mod: parts.includes('mod'),
    shift: parts.includes('shift'),
    alt: parts.includes('alt'),
  };
}

/**
 * Whether a key press is the chord. Letters and digits are also matched by their place on the keyboard, so that
 * Ctrl+Z works where the layout writes another script.
 */
export function matchesChord(press: KeyPress, chord: string, isMac: boolean): boolean {
  const wanted = parseChord(chord);
  const mod = isMac ? press.metaKey : press.ctrlKey;
  const other = isMac ? press.ctrlKey : press.metaKey;
  if (mod !== wanted.mod || other || press.altKey !== wanted.alt) return false;
  const pressed = press.key.toLowerCase();
  const isLetter = /^[a-z0-9]$/.test(wanted.key);
  // Signs such as "?" already say whether Shift is held.
  if ((isLetter || wanted.key.length > 1 || wanted.key === ' ') && press.shiftKey !== wanted.shift)
    return false;
  if (pressed === wanted.key) return true;
  const isForeign = isLetter && !/^[a-z0-9]$/.test(pressed);
  return isForeign && press.code.toLowerCase() === (/\d/.test(wanted.key) ? 'digit' : 'key') + wanted.key;
}

const MAC_SIGNS: Readonly<Record<string, string>> = { mod: '⌘', shift: '⇧', alt: '⌥' };
const SHOWN_KEYS: Readonly<Record<string, string>> = {
  left: '←',
  right: '→',
  up: '↑',
  down: '↓',
  plus: '+',
  esc: 'Esc',
};

/** The chord as this machine's menus write it: "Ctrl+Shift+Z" or "⇧⌘Z". */
export function formatChord(chord: string, isMac: boolean): string {
  const parts = chord.split('+').map((part) => {
    const known = part.toLowerCase();
    if (isMac && MAC_SIGNS[known] !== undefined) return MAC_SIGNS[known];
    return known === 'mod' ? 'Ctrl' : (SHOWN_KEYS[known] ?? part);
  });
  if (!isMac) return parts.join('+');
  const order = '⌥⇧⌘';
  const key = parts.at(-1) ?? '';
  const modifiers = parts.slice(0, -1).sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return [...modifiers, key].join('');
}
