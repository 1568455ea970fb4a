import { describe, expect, it } from 'vitest';
import { setPoseValues } from '#common/project/documentEdits';
import {
  applyExpression,
  blendExpression,
  MAX_EXPRESSIONS,
  removeExpression,
  renameExpression,
  saveExpression,
} from '#common/project/expressionEdits';
import { newDocument, parseDocument } from '#common/project/studioDocument';

const POSED = setPoseValues(newDocument('Ada'), { jawOpen: 0.4, 'head.yaw': 30 });
const SMILE = { mouthSmileLeft: 1, mouthSmileRight: 0.5, jawOpen: 0 };
const WITH_SMILE = saveExpression(POSED, { id: 'smile', name: ' Smile ', values: SMILE });

describe('expression edits', () => {
  it('save the held values, or those given', () => {
    const document = saveExpression(WITH_SMILE, { id: 'now', name: 'Now' });
    expect(document.expressions).toEqual([
      { id: 'smile', name: 'Smile', values: SMILE },
      { id: 'now', name: 'Now', values: POSED.pose },
    ]);
    expect(document.pose).toEqual(POSED.pose);
  });

  it('replace an expression of the same id in its place', () => {
    const two = saveExpression(WITH_SMILE, { id: 'now', name: 'Now' });
    const again = saveExpression(two, { id: 'smile', name: 'Grin', values: { jawOpen: 2 } });
    expect(again.expressions.map(({ name }) => name)).toEqual(['Grin', 'Now']);
    expect(again.expressions[0].values).toEqual({ jawOpen: 1 });
  });

  it('replace the held face and turn the head only where the expression does', () => {
    const held = setPoseValues(WITH_SMILE, { browInnerUp: 1 });
    expect(applyExpression(held, SMILE).pose).toEqual({ ...SMILE, 'head.yaw': 30 });
    expect(applyExpression(held, { 'head.yaw': -5 }).pose).toEqual({ 'head.yaw': -5 });
    expect(applyExpression(held, {}).pose).toEqual({ 'head.yaw': 30 });
  });

  it('blend part of the way and leave other targets alone', () => {
    expect(blendExpression(WITH_SMILE, SMILE, 0.5).pose).toEqual({
      jawOpen: 0.2,
      'head.yaw': 30,
      mouthSmileLeft: 0.5,
      mouthSmileRight: 0.25,
    });
    expect(blendExpression(WITH_SMILE, SMILE, 7).pose).toEqual({ ...SMILE, 'head.yaw': 30 });
    expect(blendExpression(WITH_SMILE, SMILE, 0)).toBe(WITH_SMILE);
    expect(blendExpression(WITH_SMILE, SMILE, NaN)).toBe(WITH_SMILE);
  });

  it('rename and remove', () => {
    expect(renameExpression(WITH_SMILE, 'smile', 'Grin').expressions[0].name).toBe('Grin');
    expect(renameExpression(WITH_SMILE, 'smile', ' ')).toBe(WITH_SMILE);
    expect(renameExpression(WITH_SMILE, 'smile', 'Smile')).toBe(WITH_SMILE);
    expect(removeExpression(WITH_SMILE, 'smile').expressions).toEqual([]);
    expect(removeExpression(WITH_SMILE, 'frown')).toBe(WITH_SMILE);
  });

  it('keep the library within what a document may hold', () => {
    const full = { ...POSED, expressions: Array.from({ length: MAX_EXPRESSIONS }, (_, k) => ({ id: `e${k}`, name: 'E', values: {} })) }; // prettier-ignore
    expect(saveExpression(full, { id: 'one-more', name: 'No' })).toBe(full);
    const replaced = saveExpression(full, { id: 'e3', name: 'Yes' });
    expect(parseDocument(replaced).expressions[3].name).toBe('Yes');
    expect(saveExpression(POSED, { id: 'x', name: ' ' })).toBe(POSED);
    expect(() => saveExpression(POSED, { id: '', name: 'x' })).toThrow(/id/);
  });
});
