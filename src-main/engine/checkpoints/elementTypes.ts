/** Element types that are understood, as safetensors writes them. */
export const ELEMENT_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

export type StoredType = keyof typeof ELEMENT_BYTES;

export function isStoredType(name: string): name is StoredType {
  return Object.hasOwn(ELEMENT_BYTES, name);
}

/**
 * Little-endian elements as float32. Wide integers and float64 lose what float32 cannot hold.
 *
 * @param bytes whole elements
 */
export function toFloats(bytes: Uint8Array, type: StoredType): Float32Array {
  const count = bytes.length / ELEMENT_BYTES[type];
  if (type === 'F32') return new Float32Array(aligned(bytes, 4), 0, count);
  if (type === 'BF16') {
    // The upper half of a float32.
    const halves = new Uint16Array(aligned(bytes, 2), 0, count);
    const words = new Uint32Array(count);
    for (let k = 0; k < count; k++) words[k] = halves[k] << 16;
    return new Float32Array(words.buffer);
  }
  const values = new Float32Array(count);
  if (type === 'F16') {
    const halves = new Uint16Array(aligned(bytes, 2), 0, count);
    const table = floatsOfHalves();
    for (let k = 0; k < count; k++) values[k] = table[halves[k]];
    return values;
  }
  if (type === 'I64') {
    const wide = new BigInt64Array(aligned(bytes, 8), 0, count);
    for (let k = 0; k < count; k++) values[k] = Number(wide[k]);
    return values;
  }
  values.set(viewOf(bytes, type, count));
  return values;
}

function viewOf(bytes: Uint8Array, type: Exclude<StoredType, 'F32' | 'BF16' | 'F16' | 'I64'>, count: number) {
  switch (type) {
    case 'F64':
      return new Float64Array(aligned(bytes, 8), 0, count);
    case 'I32':
      return new Int32Array(aligned(bytes, 4), 0, count);
    case 'I16':
      return new Int16Array(aligned(bytes, 2), 0, count);
    case 'I8':
      return new Int8Array(aligned(bytes, 1), 0, count);
    case 'U8':
    case 'BOOL':
      return bytes;
  }
}

/** A buffer that begins with these bytes: their own where it can be viewed, a copy where it cannot. */
function aligned(bytes: Uint8Array, size: number): ArrayBuffer {
  const isViewable = bytes.byteOffset === 0 && bytes.buffer.byteLength % size === 0;
  return (isViewable ? bytes.buffer : bytes.slice().buffer) as ArrayBuffer;
}

let halves: Float32Array | undefined;

/** Every float16 as float32: 256 kB, made when first needed. */
function floatsOfHalves(): Float32Array {
  if (halves !== undefined) return halves;
  halves = new Float32Array(1 << 16);
  for (let bits = 0; bits < halves.length; bits++) {
    const sign = (bits & 0x8000) === 0 ? 1 : -1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const magnitude =
      exponent === 31
        ? fraction === 0
          ? Infinity
          : NaN
        : exponent === 0
          ? fraction * 2 ** -24
          : (1 + fraction / 1024) * 2 ** (exponent - 15);
    halves[bits] = sign * magnitude;
  }
  return halves;
}
