import { AppError } from '#common/contract/errors';

/** Integers in the form that deflate likes; `planes` bytes per value. */
export interface PackedIntegers {
  readonly bytes: Uint8Array;
  readonly planes: number;
}

/**
 * Values are predicted from the one `stride` places before (0: not predicted), zigzag coded and split into
 * byte planes, low bytes first, as many as the largest needs. Codes fit 24 bits.
 */
export function packIntegers(values: ArrayLike<number>, stride: number): PackedIntegers {
  const count = values.length;
  const codes = new Uint32Array(count);
  let largest = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i] - (stride > 0 && i >= stride ? values[i - stride] : 0);
    codes[i] = value >= 0 ? value * 2 : -value * 2 - 1;
    largest = Math.max(largest, codes[i]);
  }
  const planes = largest < 1 << 8 ? 1 : largest < 1 << 16 ? 2 : 3;
  const bytes = new Uint8Array(count * planes);
  for (let plane = 0; plane < planes; plane++)
    for (let i = 0; i < count; i++) bytes[plane * count + i] = (codes[i] >>> (8 * plane)) & 255;
  return { bytes, planes };
}

/** Where packed integers lie: `planes * count` bytes from `offset`. */
export interface PackedPlace {
  readonly offset: number;
  readonly count: number;
  readonly stride: number;
  readonly planes: number;
}

/** The inverse of `packIntegers`. Throws `model.unsupported` when the bytes end early. */
export function unpackIntegers(
  bytes: Uint8Array,
  { offset, count, stride, planes }: PackedPlace,
): Int32Array {
  if (offset + count * planes > bytes.length)
    throw new AppError('model.unsupported', 'The head model file ends before its last array.');
  const out = new Int32Array(count);
  for (let plane = 0; plane < planes; plane++) {
    const from = offset + plane * count;
    const shift = 8 * plane;
    for (let i = 0; i < count; i++) out[i] |= bytes[from + i] << shift;
  }
  for (let i = 0; i < count; i++) out[i] = (out[i] >>> 1) ^ -(out[i] & 1);
  if (stride > 0) for (let i = stride; i < count; i++) out[i] += out[i - stride];
  return out;
}
