import type { StoredType } from '#engine/checkpoints/elementTypes';

const BY_CODE: Readonly<Record<string, StoredType>> = {
  f8: 'F64',
  f4: 'F32',
  f2: 'F16',
  i8: 'I64',
  i4: 'I32',
  i2: 'I16',
  i1: 'I8',
  u1: 'U8',
  b1: 'BOOL',
};

/** Numpy's `<f4`, `|b1`, `f8`: little-endian elements of a known type, or undefined. */
export function typeOfDescription(text: string): StoredType | undefined {
  const match = /^([<=|]?)([a-z]\d)$/.exec(text);
  return match !== null && Object.hasOwn(BY_CODE, match[2]) ? BY_CODE[match[2]] : undefined;
}
