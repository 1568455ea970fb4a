import fc from 'fast-check';
import { ARKIT_CHANNELS } from '#common/head/arkitChannels';
import {
  releasePoseValues,
  renameDocument,
  resetCamera,
  resetPose,
  setBackground,
  setCamera,
  setMotion,
  setPoseValue,
} from '#common/project/documentEdits';
import {
  applyExpression,
  blendExpression,
  removeExpression,
  renameExpression,
  saveExpression,
} from '#common/project/expressionEdits';
import type { PoseValues, StudioDocument } from '#common/project/studioDocument';
import { newDocument } from '#common/project/studioDocument';

export type DocumentEdit = (document: StudioDocument) => StudioDocument;

const target = fc.constantFrom('jawOpen', 'eyeBlinkLeft', 'head.yaw', 'gaze.pitch', ...ARKIT_CHANNELS);
/** Also values no document may hold: edits must cope. */
const number = fc.oneof(
  fc.double({ min: -200, max: 200, noNaN: true }),
  fc.constantFrom(NaN, Infinity, -Infinity, -0),
);
/** Few, so that edits meet each other. */
const expressionId = fc.constantFrom('a', 'b', 'c', 'd');

/** Any edit a feature of the page can make. */
export const anyEdit: fc.Arbitrary<DocumentEdit> = fc.oneof(
  fc.tuple(target, number).map(
    ([name, value]): DocumentEdit =>
      (old) =>
        setPoseValue(old, name, value),
  ),
  fc.array(target, { maxLength: 3 }).map(
    (names): DocumentEdit =>
      (old) =>
        releasePoseValues(old, names),
  ),
  fc.constantFrom<DocumentEdit>(resetPose, resetCamera),
  fc.record({ yaw: number, pitch: number, roll: number, zoom: number }, { requiredKeys: [] }).map(
    (values): DocumentEdit =>
      (old) =>
        setCamera(old, values),
  ),
  fc.constantFrom('photo', 'transparent', '#AABBCC', 'red').map((name): DocumentEdit => (old) => setBackground(old, name)), // prettier-ignore
  fc
    .option(fc.record({ preset: fc.constantFrom('', 'talk', 'nod'), loop: fc.boolean() }), { nil: undefined })
    .map(
      (motion): DocumentEdit =>
        (old) =>
          setMotion(old, motion),
    ),
  fc.string({ maxLength: 200 }).map(
    (name): DocumentEdit =>
      (old) =>
        renameDocument(old, name),
  ),
  fc.tuple(expressionId, fc.string({ maxLength: 200 })).map(([id, name]): DocumentEdit => (old) => saveExpression(old, { id, name })), // prettier-ignore
  fc.tuple(expressionId, fc.string()).map(([id, name]): DocumentEdit => (old) => renameExpression(old, id, name)), // prettier-ignore
  expressionId.map(
    (id): DocumentEdit =>
      (old) =>
        removeExpression(old, id),
  ),
  expressionId.map(
    (id): DocumentEdit =>
      (old) =>
        applyExpression(old, valuesOf(old, id)),
  ),
  fc.tuple(expressionId, number).map(([id, amount]): DocumentEdit => (old) => blendExpression(old, valuesOf(old, id), amount)), // prettier-ignore
);

/** A document as some minutes of work leave it. */
export const anyDocument: fc.Arbitrary<StudioDocument> = fc
  .array(anyEdit, { maxLength: 30 })
  .map((edits) => edits.reduce((document, edit) => edit(document), newDocument('Ada')));

function valuesOf(document: StudioDocument, id: string): PoseValues {
  return document.expressions.find((expression) => expression.id === id)?.values ?? {};
}
