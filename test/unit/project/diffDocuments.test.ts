import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChanges, diffDocuments, invertChanges, isSameJson } from '#common/project/diffDocuments';
import { setPoseValue, setPoseValues } from '#common/project/documentEdits';
import { removeExpression, renameExpression, saveExpression } from '#common/project/expressionEdits';
import type { DocumentChange, Json } from '#common/project/documentHistory';
import type { StudioDocument } from '#common/project/studioDocument';
import { newDocument } from '#common/project/studioDocument';
import { anyDocument } from '#test/helpers/anyDocument';

const START = newDocument('Ada');
const THREE = ['a', 'b', 'c'].reduce(
  (document, id) => saveExpression(document, { id, name: id.toUpperCase() }),
  setPoseValue(START, 'jawOpen', 0.5),
);

/** Any JSON trees, which documents of later versions may be. */
const anyJson = fc
  .jsonValue({ maxDepth: 3 })
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown)
  .map((value) => ({ value }) as unknown as StudioDocument);

function roundTrips(a: StudioDocument, b: StudioDocument): void {
  const changes = diffDocuments(a, b);
  expect(applyChanges(a, changes)).toEqual(b);
  expect(applyChanges(b, invertChanges(changes))).toEqual(a);
  expect(JSON.parse(JSON.stringify(changes))).toEqual(changes);
}

describe('document differences', () => {
  it('lead from one document to the other and back', () => {
    fc.assert(fc.property(anyDocument, anyDocument, roundTrips), { numRuns: 200, seed: 2 });
    fc.assert(fc.property(anyJson, anyJson, roundTrips), { numRuns: 300, seed: 3 });
  });

  it('are none between equal documents', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        expect(diffDocuments(document, structuredClone(document))).toEqual([]);
      }),
      { numRuns: 50, seed: 4 },
    );
  });

  it('name only what changed', () => {
    const moved = setPoseValues(THREE, { jawOpen: 0.6, jawLeft: 0.1 });
    expect(diffDocuments(THREE, moved)).toEqual([
      { path: ['pose', 'jawOpen'], before: 0.5, after: 0.6 },
      { path: ['pose', 'jawLeft'], after: 0.1 },
    ]);
    const { expressions } = THREE;
    expect(diffDocuments(THREE, removeExpression(THREE, 'b'))).toEqual([
      { path: ['expressions', 1], before: expressions[1] },
    ]);
    expect(diffDocuments(removeExpression(THREE, 'b'), THREE)).toEqual([
      { path: ['expressions', 1], after: expressions[1] },
    ]);
    expect(diffDocuments(THREE, renameExpression(THREE, 'c', 'Grin'))).toEqual([
      { path: ['expressions', 2, 'name'], before: 'C', after: 'Grin' },
    ]);
  });

  it('do not apply where something else stands', () => {
    const bad: DocumentChange[] = [
      { path: ['pose', 'jawOpen'], before: 0.4, after: 0.6 },
      { path: ['pose', 'jawOpen'], after: 0.6 },
      { path: ['pose', 'jawLeft'], before: 0.6 },
      { path: ['pose', 'jawLeft'] },
      { path: ['expressions', 3], before: 1, after: 2 },
      { path: ['expressions', 4], after: 2 },
      { path: ['expressions', 0], before: 2 },
      { path: ['expressions', '0', 'name'], before: 'A', after: 'B' },
      { path: ['name', 'x'], after: 1 },
      { path: ['motion', 'loop'], before: true, after: false },
      { path: ['pose', '__proto__'], after: 1 },
      { path: ['constructor'], before: {}, after: 1 },
      { path: [], after: 1 },
    ];
    for (const change of bad) {
      expect(() => applyChanges(THREE, [change]), JSON.stringify(change)).toThrow(/does not fit/);
    }
  });

  it('hold equal what JSON cannot tell apart', () => {
    expect(isSameJson({ a: 1, b: [0] }, { b: [-0], a: 1 })).toBe(true);
    expect(isSameJson({ a: undefined } as unknown as Json, {})).toBe(true);
    expect(isSameJson([], {})).toBe(false);
    expect(isSameJson({ a: 1 }, { a: 1, b: null })).toBe(false);
  });
});
