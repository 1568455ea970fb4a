import type { ByteRange } from '#engine/checkpoints/bytes/ByteSource';
import { bytesSource } from '#engine/checkpoints/bytes/ByteSource';
import type { StoredType } from '#engine/checkpoints/elementTypes';
import { typeOfDescription } from '#engine/checkpoints/numpy/elementDescription';
import type { PickleObject, PickleValue } from '#engine/checkpoints/pickle/pickleValues';
import { isKind, itemsOf, nameOfGlobal } from '#engine/checkpoints/pickle/pickleValues';
import type { TensorEntry } from '#engine/checkpoints/tensorEntry';
import { checkedTensor, rowMajor } from '#engine/checkpoints/tensorEntry';
import { rangeStorage } from '#engine/checkpoints/torch/storages';

/** Numpy 1 and 2 keep the same functions in differently named modules. */
const RECONSTRUCT = /^numpy\.(core|_core)\.multiarray\._reconstruct$/;
const SCALAR = /^numpy\.(core|_core)\.multiarray\.scalar$/;
const FROM_BUFFER = /^numpy\.(core|_core)\.numeric\._frombuffer$/;

let embeddedCount = 0;

/** An array of numpy inside a pickle; a reason where it is one that is not understood; undefined for anything else. */
export function readNumpyArray(object: PickleObject, name: string): TensorEntry | string | undefined {
  const called = nameOfGlobal(object.callee);
  const given = object.arguments;
  if (SCALAR.test(called)) return arrayOf(name, given[0], { kind: 'tuple', items: [] }, given[1], false);
  if (FROM_BUFFER.test(called)) return arrayOf(name, given[1], given[2], given[0], given[3] === 'F');
  if (!RECONSTRUCT.test(called)) return undefined;
  const [, shape, type, isFortran, data] = itemsOf(object.state) ?? [];
  return arrayOf(name, type, shape, data, isFortran === true);
}

function arrayOf(
  name: string,
  typeValue: PickleValue | undefined,
  shapeValue: PickleValue | undefined,
  data: PickleValue | undefined,
  isFortran: boolean,
): TensorEntry | string {
  const type = typeOf(typeValue);
  if (type === undefined) return 'is a numpy array of elements that are not understood';
  const shape = itemsOf(shapeValue);
  const range = bytesOf(data);
  if (shape?.every((size) => typeof size === 'number') !== true || range === undefined) {
    return 'is a numpy array whose values are not in the file';
  }
  const sizes = shape;
  const strides = isFortran ? [...rowMajor([...sizes].reverse())].reverse() : rowMajor(sizes);
  const storage = rangeStorage(`array ${range.offset} ${embeddedKey(range)}`, range);
  return checkedTensor({ name, type, shape: sizes, strides, offset: 0, storage });
}

/** `numpy.dtype('f4', False, True)` with the byte order in its state. */
function typeOf(value: PickleValue | undefined): StoredType | undefined {
  if (!isKind(value, 'object') || nameOfGlobal(value.callee) !== 'numpy.dtype') return undefined;
  const [code] = value.arguments;
  const order = itemsOf(value.state)?.[1];
  return typeof code === 'string' && order !== '>' ? typeOfDescription(code) : undefined;
}

/** Bytes as they are, or as protocol 2 writes them: `_codecs.encode(text, 'latin1')`, `bytearray(...)`. */
export function bytesOf(value: PickleValue | undefined): ByteRange | undefined {
  if (isKind(value, 'bytes')) return value.range;
  if (typeof value === 'string') return latinRange(value);
  if (!isKind(value, 'object')) return undefined;
  const [text, encoding] = value.arguments;
  switch (nameOfGlobal(value.callee)) {
    case '_codecs.encode':
      return typeof text === 'string' && (encoding === 'latin1' || encoding === 'latin-1') ? latinRange(text) : undefined;
    case 'builtins.bytearray':
    case '__builtin__.bytearray':
    case 'builtins.bytes':
    case '__builtin__.bytes':
      if (text === undefined) return latinRange('');
      return isKind(text, 'bytes') ? text.range : typeof text === 'string' ? latinRange(text) : undefined;
    default:
      return undefined;
  }
} // prettier-ignore

function latinRange(text: string): ByteRange | undefined {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0xff) return undefined;
  return { source: bytesSource(Buffer.from(text, 'latin1')), offset: 0, length: text.length };
}

/** Tells bytes of different places apart that begin at the same offset of different sources. */
const keys = new WeakMap<object, number>();

function embeddedKey({ source }: ByteRange): number {
  const known = keys.get(source);
  if (known !== undefined) return known;
  keys.set(source, ++embeddedCount);
  return embeddedCount;
}
