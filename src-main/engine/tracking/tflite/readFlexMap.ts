import { AppError } from '#common/contract/errors';

/** What a custom operator's options hold: numbers and vectors of integers. */
export type FlexMap = ReadonlyMap<string, number | readonly number[]>;

const TYPE_INT = 1;
const TYPE_UINT = 2;
const TYPE_FLOAT = 3;
const TYPE_MAP = 9;
const TYPE_VECTOR_INT = 11;
const TYPE_VECTOR_UINT = 12;

/**
 * Reads a FlexBuffer whose root is a map from names to numbers or typed integer vectors, which is all that
 * MediaPipe's custom operators store. Layout: values, their packed types, root; the key vector's offset and
 * width lie before the value vector's length (FlexBuffers "internals" page).
 */
export function readFlexMap(bytes: Uint8Array): FlexMap {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const rootWidth = view.getUint8(bytes.length - 1);
    const rootType = view.getUint8(bytes.length - 2);
    if (rootType >> 2 !== TYPE_MAP) throw unsupported(`root type ${rootType >> 2}`);
    const rootAt = bytes.length - 2 - rootWidth;
    return readMap(view, rootAt - readUint(view, rootAt, rootWidth), 1 << (rootType & 3));
  } catch (error) {
    if (error instanceof RangeError) throw unsupported('an offset outside of them');
    throw error;
  }
}

function readMap(view: DataView, at: number, width: number): FlexMap {
  const count = readUint(view, at - width, width);
  const keysAt = at - 3 * width - readUint(view, at - 3 * width, width);
  const keyWidth = readUint(view, at - 2 * width, width);
  const map = new Map<string, number | readonly number[]>();
  for (let index = 0; index < count; index++) {
    const keyAt = keysAt + index * keyWidth;
    const name = readText(view, keyAt - readUint(view, keyAt, keyWidth));
    const packedType = view.getUint8(at + count * width + index);
    map.set(name, readValue(view, at + index * width, width, packedType));
  }
  return map;
}

function readValue(
  view: DataView,
  at: number,
  parentWidth: number,
  packedType: number,
): number | readonly number[] {
  switch (packedType >> 2) {
    case TYPE_INT:
      return readInt(view, at, parentWidth);
    case TYPE_UINT:
      return readUint(view, at, parentWidth);
    case TYPE_FLOAT:
      return parentWidth === 8 ? view.getFloat64(at, true) : view.getFloat32(at, true);
    case TYPE_VECTOR_INT:
    case TYPE_VECTOR_UINT: {
      const width = 1 << (packedType & 3);
      const start = at - readUint(view, at, parentWidth);
      const count = readUint(view, start - width, width);
      return Array.from({ length: count }, (_, index) => readInt(view, start + index * width, width));
    }
    default:
      throw unsupported(`value type ${packedType >> 2}`);
  }
}

function readText(view: DataView, at: number): string {
  let text = '';
  for (let position = at; view.getUint8(position) !== 0; position++) {
    text += String.fromCharCode(view.getUint8(position));
  }
  return text;
}

function readUint(view: DataView, at: number, width: number): number {
  if (width === 1) return view.getUint8(at);
  if (width === 2) return view.getUint16(at, true);
  if (width === 4) return view.getUint32(at, true);
  return Number(view.getBigUint64(at, true));
}

function readInt(view: DataView, at: number, width: number): number {
  if (width === 1) return view.getInt8(at);
  if (width === 2) return view.getInt16(at, true);
  if (width === 4) return view.getInt32(at, true);
  return Number(view.getBigInt64(at, true));
}

function unsupported(what: string): AppError {
  return new AppError('model.unsupported', `Options of a custom tflite operator hold ${what}.`);
}
