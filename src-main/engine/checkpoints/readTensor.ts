import type { ByteSource } from '#engine/checkpoints/bytes/ByteSource';
import { ELEMENT_BYTES, toFloats } from '#engine/checkpoints/elementTypes';
import type { ScratchFolder, StoredBytes, TensorEntry } from '#engine/checkpoints/tensorEntry';
import { byteCount, elementCount, isContiguous, spanOf } from '#engine/checkpoints/tensorEntry';

/** Bytes that are read, hashed and written at a time. */
export const PIECE_BYTES = 4 << 20;

/**
 * Opens storages one after the other and keeps the last one, because the tensors of one storage follow each other.
 * Each is checked once.
 */
export class OpenStorages {
  readonly #scratch: ScratchFolder;
  #last: { readonly key: string; readonly source: Promise<ByteSource> } | undefined;

  constructor(scratch: ScratchFolder) {
    this.#scratch = scratch;
  }

  async open(storage: StoredBytes): Promise<ByteSource> {
    if (this.#last?.key !== storage.key) {
      await this.close();
      this.#last = { key: storage.key, source: storage.open(this.#scratch) };
    }
    return await this.#last.source;
  }

  async close(): Promise<void> {
    const last = this.#last;
    this.#last = undefined;
    // A storage that could not be opened has told so already.
    (await last?.source.catch(() => undefined))?.close?.();
  }
}

/** The bytes of a tensor in row-major order, in pieces; the first `skip` bytes are left out. */
export function* readPieces(tensor: TensorEntry, source: ByteSource, skip = 0): Generator<Uint8Array> {
  const total = byteCount(tensor);
  const size = ELEMENT_BYTES[tensor.type];
  const read = isContiguous(tensor)
    ? (at: number, length: number): Uint8Array => source.read(tensor.offset * size + at, length)
    : gatherer(tensor, source);
  for (let at = skip; at < total; at += PIECE_BYTES) yield read(at, Math.min(PIECE_BYTES, total - at));
}

/** A whole tensor as float32, in row-major order. */
export function readFloats(tensor: TensorEntry, source: ByteSource): Float32Array {
  const values = new Float32Array(elementCount(tensor.shape));
  let at = 0;
  for (const piece of readPieces(tensor, source)) {
    const floats = toFloats(piece, tensor.type);
    values.set(floats, at);
    at += floats.length;
  }
  return values;
}

/** Reads pieces of a view whose elements do not follow each other; holds the bytes it spans. */
function gatherer(tensor: TensorEntry, source: ByteSource): (at: number, length: number) => Uint8Array {
  const { shape, strides, offset, type } = tensor;
  const size = ELEMENT_BYTES[type];
  const bytes = source.read(offset * size, spanOf(tensor) * size);
  return (at, length) => {
    const piece = new Uint8Array(length);
    const index = new Array<number>(shape.length).fill(0);
    let rest = Math.floor(at / size);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % shape[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    let from = index.reduce((sum, step, axis) => sum + step * strides[axis], 0);
    // A piece may begin inside an element where a copy is taken up again.
    for (let to = -(at % size); to < length; to += size) {
      for (let byte = Math.max(0, -to); byte < size && to + byte < length; byte++) {
        piece[to + byte] = bytes[from * size + byte];
      }
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        from += strides[axis];
        if (++index[axis] < shape[axis]) break;
        from -= strides[axis] * shape[axis];
        index[axis] = 0;
      }
    }
    return piece;
  };
}
