import type { ByteSource } from '#engine/checkpoints/bytes/ByteSource';
import { damaged, printable, refused } from '#engine/checkpoints/checkpointErrors';
import { typeOfDescription } from '#engine/checkpoints/numpy/elementDescription';
import type { StoredType } from '#engine/checkpoints/elementTypes';
import type { StoredBytes, TensorEntry } from '#engine/checkpoints/tensorEntry';
import { checkedTensor, rowMajor } from '#engine/checkpoints/tensorEntry';

/** `\x93NUMPY` */
export const NPY_MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);

const LARGEST_HEADER = 64 * 1024;
/** The header is a Python dictionary; exactly this one is understood, nothing is evaluated. */
const HEADER =
  /^\{\s*'descr'\s*:\s*'([^'\\]{2,8})'\s*,\s*'fortran_order'\s*:\s*(True|False)\s*,\s*'shape'\s*:\s*\(([\d\s,]*)\)\s*,?\s*\}\s*$/;

/** What the start of a `.npy` file says. */
export interface NpyHeader {
  readonly type: StoredType;
  readonly shape: readonly number[];
  readonly isFortran: boolean;
  /** First byte of the values. */
  readonly dataStart: number;
}

/**
 * Reads the header of a numpy array, versions 1 to 3.
 * @throws AppError checkpoint.damaged, checkpoint.refused
 */
export function readNpyHeader(source: ByteSource): NpyHeader {
  const start = source.read(0, 10);
  if (!NPY_MAGIC.every((byte, index) => start[index] === byte)) throw damaged('it does not begin like a numpy array');
  const version = start[6];
  if (version < 1 || version > 3) throw refused(`its numpy version ${version} is not known`);
  const lengthBytes = version === 1 ? 2 : 4;
  const lengthView = new DataView(source.read(8, lengthBytes).buffer);
  const length = version === 1 ? lengthView.getUint16(0, true) : lengthView.getUint32(0, true);
  if (length > LARGEST_HEADER) throw refused(`its numpy header has ${length} bytes`);
  const text = new TextDecoder().decode(source.read(8 + lengthBytes, length));
  const match = HEADER.exec(text);
  if (match === null) throw refused(`its numpy header is not understood: ${printable(text.trim())}`);
  const type = typeOfDescription(match[1]);
  if (type === undefined) throw refused(`its elements are of numpy's type "${printable(match[1])}"`);
  return { type, shape: parseShape(match[3]), isFortran: match[2] === 'True', dataStart: 8 + lengthBytes + length };
} // prettier-ignore

/** The array a header describes, inside stored bytes that begin with the header. */
export function npyTensor(name: string, header: NpyHeader, file: StoredBytes): TensorEntry {
  const { type, shape, isFortran, dataStart } = header;
  const strides = isFortran ? [...rowMajor([...shape].reverse())].reverse() : rowMajor(shape);
  const storage: StoredBytes = {
    ...file,
    size: Math.max(0, file.size - dataStart),
    open: async (scratch) => {
      const source = await file.open(scratch);
      return {
        size: source.size - dataStart,
        read: (offset, length) => source.read(dataStart + offset, length),
        close: () => source.close?.(),
      };
    },
  };
  return checkedTensor({ name, type, shape, strides, offset: 0, storage });
}

function parseShape(text: string): readonly number[] {
  const parts = text.split(',').map((part) => part.trim());
  // Python writes (3,) for one axis and () for none.
  if (parts.at(-1) === '') parts.pop();
  if (!parts.every((part) => /^\d{1,15}$/.test(part))) throw damaged('the shape in its numpy header makes no sense');
  return parts.map(Number);
} // prettier-ignore
