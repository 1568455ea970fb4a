import type { ByteRange } from '#engine/checkpoints/bytes/ByteSource';

/**
 * What a pickle describes, without any of it having been made. Classes and functions are names, objects are records
 * of what would have been called with what.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleBytes
  | PickleSequence
  | PickleDict
  | PickleGlobal
  | PickleObject
  | PicklePersistent;

/** A string of bytes; it stays in the file. */
export interface PickleBytes {
  readonly kind: 'bytes';
  readonly range: ByteRange;
}

interface SequenceOf<Kind extends string> {
  readonly kind: Kind;
  readonly items: PickleValue[];
}

export type PickleSequence = SequenceOf<'list'> | SequenceOf<'tuple'> | SequenceOf<'set'>;

export interface PickleDict {
  readonly kind: 'dict';
  readonly entries: (readonly [PickleValue, PickleValue])[];
}

/** A name of Python's, `torch._utils` `_rebuild_tensor_v2`; never looked up. */
export interface PickleGlobal {
  readonly kind: 'global';
  readonly module: string;
  readonly name: string;
  /** Where in the file it is named. */
  readonly byte: number;
}

/** A call that was asked for and not made; what would have been set on its result afterwards is noted with it. */
export interface PickleObject {
  readonly kind: 'object';
  readonly callee: PickleGlobal;
  readonly items: PickleValue[];
  readonly entries: (readonly [PickleValue, PickleValue])[];
  readonly arguments: readonly PickleValue[];
  state: PickleValue | undefined;
}

/** A reference to something outside the pickle; torch's storages are such. */
export interface PicklePersistent {
  readonly kind: 'persistent';
  readonly id: PickleValue;
}

/** `module.name`, the key of tables. */
export function nameOfGlobal({ module, name }: PickleGlobal): string {
  return `${module}.${name}`;
}

export function isKind<Kind extends NonNullable<Extract<PickleValue, object>>['kind']>(
  value: PickleValue | undefined,
  kind: Kind,
): value is Extract<PickleValue, { readonly kind: Kind }> {
  return typeof value === 'object' && value !== null && value.kind === kind;
}

/** Items of a list, tuple or set; undefined for anything else. */
export function itemsOf(value: PickleValue | undefined): readonly PickleValue[] | undefined {
  return typeof value === 'object' && value !== null && (value.kind === 'list' || value.kind === 'tuple' || value.kind === 'set')
    ? value.items
    : undefined;
} // prettier-ignore

/** Entries of a dictionary or of an object that was filled like one (OrderedDict, EasyDict). */
export function entriesOf(
  value: PickleValue | undefined,
): readonly (readonly [PickleValue, PickleValue])[] | undefined {
  return isKind(value, 'dict') || isKind(value, 'object') ? value.entries : undefined;
}

/** The last entry under a text key. */
export function lookUp(value: PickleValue | undefined, key: string): PickleValue | undefined {
  return entriesOf(value)?.findLast(([name]) => name === key)?.[1];
}
