import { AppError } from '#common/contract/errors';

/**
 * Integer arrays as deflate likes them: values are predicted from the one `stride` places before (0: not
 * predicted), zigzag coded and split into byte planes, low bytes first. Values fit 24 bits.
 */
export function packIntegers(values: ArrayLike<number>, stride: number): Uint8Array {
  const count = values.length;
  const out = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    const value = values[i] - (stride > 0 && i >= stride ? values[i - stride] : 0);
    const code = value >= 0 ? value * 2 : -value * 2 - 1;
    out[i] = code & 255;
    out[count + i] = (code >>> 8) & 255;
    out[2 * count + i] = (code >>> 16) & 255;
  }
  return out;
}

/** Bytes that `packIntegers` makes of `count` values. */
export function packedSize(count: number): number {
  return count * 3;
}

/** Reads `count` values from `offset` of `bytes`. Throws `model.unsupported` when the bytes end early. */
export function unpackIntegers(bytes: Uint8Array, offset: number, count: number, stride: number): Int32Array {
  if (offset + packedSize(count) > bytes.length)
    throw new AppError('model.unsupported', 'The head model file ends before its last array.');
  const out = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const code = bytes[offset + i] | (bytes[offset + count + i] << 8) | (bytes[offset + 2 * count + i] << 16);
    const value = code & 1 ? -((code + 1) >>> 1) : code >>> 1;
    out[i] = stride > 0 && i >= stride ? value + out[i - stride] : value;
  }
  return out;
}
