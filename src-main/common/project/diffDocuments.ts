import { AppError } from '#common/contract/errors';
import type { DocumentChange, Json } from '#common/project/documentHistory';
import type { StudioDocument } from '#common/project/studioDocument';

type JsonObject = { readonly [key: string]: Json };
type Path = readonly (string | number)[];

/**
 * The smallest list of changes that turns one document into the other, by structure: members of objects by key,
 * lists by what they have in common at both ends. Changes are meant to be applied in order.
 *
 * In a list a change without `before` puts an element in at its index, one without `after` takes it out; the
 * others move along.
 *
 * Unchanged parts are skipped by identity first, so that edits, which share structure, diff in microseconds.
 */
export function diffDocuments(before: StudioDocument, after: StudioDocument): DocumentChange[] {
  const changes: DocumentChange[] = [];
  diffValues(before as Json, after as Json, [], changes);
  return changes;
}

/**
 * The document with the changes made to it; the given one stays as it is.
 *
 * @throws AppError `project.damaged` where a change does not find what it says was there
 */
export function applyChanges(document: StudioDocument, changes: readonly DocumentChange[]): StudioDocument {
  let current: Json = document as Json;
  for (const change of changes) current = applyAt(current, change, 0);
  return current as unknown as StudioDocument;
}

/** The changes that undo these. */
export function invertChanges(changes: readonly DocumentChange[]): DocumentChange[] {
  return changes
    .map(({ path, before, after }) => ({
      path,
      ...(after === undefined ? {} : { before: after }),
      ...(before === undefined ? {} : { after: before }),
    }))
    .reverse();
}

/** Equality of JSON values; a member that is undefined counts as absent, key order does not matter. */
export function isSameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isList(a) && isList(b)) {
    return a.length === b.length && a.every((value, index) => isSameJson(value, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => isSameJson(a[key], b[key]));
}

function diffValues(
  before: Json | undefined,
  after: Json | undefined,
  path: Path,
  out: DocumentChange[],
): void {
  if (before === after) return;
  if (isList(before) && isList(after)) return diffLists(before, after, path, out);
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    for (const key of keys) diffValues(before[key], after[key], [...path, key], out);
    return;
  }
  if (isSameJson(before, after)) return;
  out.push({
    path,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });
}

function diffLists(before: readonly Json[], after: readonly Json[], path: Path, out: DocumentChange[]): void {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && isSameJson(before[head], after[head])) head++;
  let tail = 0;
  while (
    tail < shorter - head &&
    isSameJson(before[before.length - 1 - tail], after[after.length - 1 - tail])
  ) {
    tail++;
  }
  const common = shorter - tail;
  for (let index = head; index < common; index++) {
    diffValues(before[index], after[index], [...path, index], out);
  }
  // Taken out at one place, since the rest moves up; put in at rising places.
  for (let index = common; index < before.length - tail; index++) {
    out.push({ path: [...path, common], before: before[index] });
  }
  for (let index = common; index < after.length - tail; index++) {
    out.push({ path: [...path, index], after: after[index] });
  }
}

function applyAt(value: Json | undefined, change: DocumentChange, depth: number): Json {
  const { path, before, after } = change;
  if (depth === path.length) {
    if (!isSameJson(value, before) || after === undefined) throw mismatch(change);
    return after;
  }
  const key = path[depth];
  const isLast = depth === path.length - 1;
  if (isList(value) && typeof key === 'number') {
    if (isLast && (before === undefined || after === undefined)) return spliceList(value, key, change);
    if (key >= value.length) throw mismatch(change);
    return value.with(key, applyAt(value[key], change, depth + 1));
  }
  // A member of that name would be the prototype to whoever reads the document next.
  if (!isObject(value) || typeof key !== 'string' || key === '__proto__') throw mismatch(change);
  const member = Object.hasOwn(value, key) ? value[key] : undefined;
  if (isLast && after === undefined) {
    if (member === undefined || !isSameJson(member, before)) throw mismatch(change);
    return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  }
  return { ...value, [key]: applyAt(member, change, depth + 1) };
}

function spliceList(list: readonly Json[], index: number, change: DocumentChange): Json {
  const { before, after } = change;
  if (before !== undefined && after === undefined && isSameJson(list[index], before)) {
    return list.toSpliced(index, 1);
  }
  if (before === undefined && after !== undefined && index <= list.length) {
    return list.toSpliced(index, 0, after);
  }
  throw mismatch(change);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mismatch({ path }: DocumentChange): AppError {
  const place = path.join('.') || 'the document';
  return new AppError(
    'project.damaged',
    `A change of "${place}" does not fit the project: something else stands there.`,
    { details: { path: place } },
  );
}
