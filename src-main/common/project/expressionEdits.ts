import { invariant } from '#common/contract/errors';
import { isArkitChannel } from '#common/head/arkitChannels';
import { releasePoseValues, setPoseValues, tidyName } from '#common/project/documentEdits';
import type { PoseValues, SavedExpression, StudioDocument } from '#common/project/studioDocument';

/** As many as a document may hold. */
export const MAX_EXPRESSIONS = 500;

/**
 * Puts a pose into the document's expression library: the held values, or those given. An expression of the
 * same id is replaced. A full library or a blank name changes nothing.
 */
export function saveExpression(
  document: StudioDocument,
  expression: { readonly id: string; readonly name: string; readonly values?: PoseValues },
): StudioDocument {
  invariant(
    expression.id.length >= 1 && expression.id.length <= 64,
    'an expression has an id of up to 64 characters',
  );
  const name = tidyName(expression.name);
  if (name === undefined) return document;
  // Through the edit that clamps, so that no expression holds what the pose could not.
  const values = setPoseValues({ ...document, pose: {} }, expression.values ?? document.pose).pose;
  const saved: SavedExpression = { id: expression.id, name, values };
  const { expressions } = document;
  const isKnown = expressions.some(({ id }) => id === saved.id);
  if (!isKnown && expressions.length >= MAX_EXPRESSIONS) return document;
  return {
    ...document,
    expressions: isKnown
      ? expressions.map((other) => (other.id === saved.id ? saved : other))
      : [...expressions, saved],
  };
}

/** Gives an expression another name; an unknown id or a blank name changes nothing. */
export function renameExpression(document: StudioDocument, id: string, name: string): StudioDocument {
  const wanted = tidyName(name);
  const current = findExpression(document, id);
  if (wanted === undefined || current === undefined || current.name === wanted) return document;
  const expressions = document.expressions.map((other) =>
    other === current ? { ...other, name: wanted } : other,
  );
  return { ...document, expressions };
}

/** Takes an expression out of the library; the pose stays. */
export function removeExpression(document: StudioDocument, id: string): StudioDocument {
  const expressions = document.expressions.filter((other) => other.id !== id);
  return expressions.length === document.expressions.length ? document : { ...document, expressions };
}

/**
 * Puts an expression on, of the library or one that comes with the studio: its face replaces the one held before.
 * Head, neck and gaze move only where the expression holds them, so that a smile does not turn the head back.
 */
export function applyExpression(document: StudioDocument, values: PoseValues): StudioDocument {
  const face = Object.keys(document.pose).filter((target) => isArkitChannel(target) && !(target in values));
  return setPoseValues(releasePoseValues(document, face), values);
}

/**
 * Mixes an expression into the held values: each of its targets goes `amount` of the way from the held value
 * (0 where none is) to the expression's. Other targets stay, so that a smile can be mixed into a turned head and
 * the lips of one expression into the eyes of another.
 *
 * @param amount clamped to [0, 1]; 0 changes nothing
 */
export function blendExpression(
  document: StudioDocument,
  values: PoseValues,
  amount: number,
): StudioDocument {
  const part = Math.min(1, Math.max(0, amount));
  // Not-a-number fails the comparison too.
  if (!(part > 0)) return document;
  const mixed = Object.entries(values).map(([target, value]) => {
    const from = document.pose[target] ?? 0;
    return [target, part === 1 ? value : from + (value - from) * part];
  });
  return setPoseValues(document, Object.fromEntries(mixed) as PoseValues);
}

function findExpression(document: StudioDocument, id: string): SavedExpression | undefined {
  return document.expressions.find((expression) => expression.id === id);
}
