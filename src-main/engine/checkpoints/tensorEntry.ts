import { damaged, refused } from '#engine/checkpoints/checkpointErrors';
import type { ByteSource } from '#engine/checkpoints/bytes/ByteSource';
import type { StoredType } from '#engine/checkpoints/elementTypes';
import { ELEMENT_BYTES } from '#engine/checkpoints/elementTypes';

/** Bytes that tensors share: one storage of torch, one entry of a zip, the data of a numpy file. */
export interface StoredBytes {
  /** The same for the same bytes. */
  readonly key: string;
  readonly size: number;
  /** Where they lie in the file, to read storages in order. */
  readonly position: number;
  /**
   * Opens the bytes, checking what the file says of them (CRC-32, unpacked size). Compressed ones are unpacked into
   * the scratch folder, piece by piece.
   */
  open(scratch: ScratchFolder): Promise<ByteSource>;
}

/** A place for unpacked bytes. Whoever made it removes it. */
export interface ScratchFolder {
  /** Path of a fresh file. */
  newFile(): Promise<string>;
}

/** One tensor of a checkpoint, not loaded: how elements are picked from stored bytes. */
export interface TensorEntry {
  readonly name: string;
  readonly type: StoredType;
  readonly shape: readonly number[];
  /** Elements to step per axis. */
  readonly strides: readonly number[];
  /** First element. */
  readonly offset: number;
  readonly storage: StoredBytes;
}

const MAXIMUM_RANK = 16;
/** Largest view that is not in row-major order: its bytes are gathered in memory. */
export const LARGEST_GATHER = 512e6;
/** Largest view that repeats elements (stride 0): small ones are honest, large ones are bombs. */
const LARGEST_REPEAT = 64e6;

/** Elements of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function byteCount({ shape, type }: Pick<TensorEntry, 'shape' | 'type'>): number {
  return elementCount(shape) * ELEMENT_BYTES[type];
}

/** Row-major strides. */
export function rowMajor(shape: readonly number[]): readonly number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** Whether the elements lie one after the other in row-major order. */
export function isContiguous({ shape, strides }: Pick<TensorEntry, 'shape' | 'strides'>): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] === 1) continue;
    if (strides[axis] !== expected) return false;
    expected *= shape[axis];
  }
  return true;
}

/** Elements from the first to the last, both counted. */
export function spanOf({ shape, strides }: Pick<TensorEntry, 'shape' | 'strides'>): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((last, size, axis) => last + (size - 1) * strides[axis], 1);
}

/**
 * The tensor, if its numbers hold together.
 *
 * @throws AppError checkpoint.damaged where it reaches beyond its bytes, checkpoint.refused where it is built to
 *   exhaust memory or disk
 */
export function checkedTensor(tensor: TensorEntry): TensorEntry {
  const { name, type, shape, strides, offset, storage } = tensor;
  const numbers = [...shape, ...strides, offset];
  const isWhole = numbers.every((value) => Number.isSafeInteger(value) && value >= 0);
  if (!isWhole || shape.length !== strides.length) throw damaged(`the sizes of "${name}" make no sense`);
  if (shape.length > MAXIMUM_RANK) throw refused(`"${name}" has ${shape.length} axes`);
  const bytes = byteCount(tensor);
  const last = (offset + spanOf(tensor)) * ELEMENT_BYTES[type];
  if (!Number.isSafeInteger(bytes) || !Number.isSafeInteger(last) || last > storage.size) {
    throw damaged(`"${name}" reaches beyond its ${storage.size} bytes`);
  }
  if (bytes > storage.size && bytes > LARGEST_REPEAT) {
    throw refused(`"${name}" repeats ${storage.size} bytes until they are ${bytes}`);
  }
  if (!isContiguous(tensor) && spanOf(tensor) * ELEMENT_BYTES[type] > LARGEST_GATHER) {
    throw refused(`"${name}" is a view out of order of more than ${LARGEST_GATHER / 1e6} MB`);
  }
  return tensor;
}
