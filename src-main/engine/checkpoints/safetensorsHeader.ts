import { z } from 'zod';
import type { ByteSource } from '#engine/checkpoints/bytes/ByteSource';
import { damaged, printable, refused } from '#engine/checkpoints/checkpointErrors';
import { isStoredType } from '#engine/checkpoints/elementTypes';
import type { TensorEntry } from '#engine/checkpoints/tensorEntry';
import { byteCount, checkedTensor, rowMajor } from '#engine/checkpoints/tensorEntry';
import { rangeStorage } from '#engine/checkpoints/torch/storages';

/** The format's own reader has the same limit. */
const LARGEST_HEADER = 100e6;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)).max(16),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const metadataSchema = z.record(z.string(), z.string());

/** What a safetensors file says it holds. */
export interface SafetensorsContents {
  readonly tensors: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads the header of a safetensors file of any element type; the values stay where they are.
 * @throws AppError checkpoint.damaged, checkpoint.refused
 */
export function readSafetensorsHeader(source: ByteSource): SafetensorsContents {
  const length = Number(new DataView(source.read(0, 8).buffer).getBigUint64(0, true));
  if (length > LARGEST_HEADER || 8 + length > source.size)
    throw damaged('its header is longer than the file');
  const header = parseHeader(source.read(8, length));
  const start = 8 + length;
  const tensors: TensorEntry[] = [];
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, value] of header) {
    if (name === '__metadata__') {
      const parsed = metadataSchema.safeParse(value);
      if (!parsed.success) throw damaged('its metadata is not made of texts');
      metadata = parsed.data;
    } else tensors.push(readEntry(name, value, source, start));
  }
  refuseOverlaps(tensors);
  return { tensors, metadata };
}

function parseHeader(bytes: Uint8Array): readonly (readonly [string, unknown])[] {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw damaged('its header is no JSON');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw damaged('its header is no list of tensors');
  return Object.entries(json);
} // prettier-ignore

function readEntry(name: string, value: unknown, source: ByteSource, start: number): TensorEntry {
  const entry = entrySchema.safeParse(value);
  if (!entry.success) throw damaged(`the entry of "${printable(name)}" makes no sense`);
  const { dtype, shape, data_offsets: [from, to] } = entry.data; // prettier-ignore
  if (!isStoredType(dtype)) throw refused(`"${printable(name)}" has elements of the type "${printable(dtype)}"`);
  if (from > to || start + to > source.size) throw damaged(`"${printable(name)}" ends beyond the file: it was cut off`);
  const storage = rangeStorage(`safetensors ${from}`, { source, offset: start + from, length: to - from });
  const tensor = checkedTensor({ name, type: dtype, shape, strides: rowMajor(shape), offset: 0, storage });
  if (byteCount(tensor) !== to - from) {
    throw damaged(`"${printable(name)}" has ${to - from} bytes for the shape [${shape.join(', ')}]`);
  }
  return tensor;
} // prettier-ignore

/** The format wants every byte to belong to one tensor; sharing would let a small file convert to a huge one. */
function refuseOverlaps(tensors: readonly TensorEntry[]): void {
  const filled = tensors.filter((tensor) => byteCount(tensor) > 0);
  const sorted = filled.sort((a, b) => a.storage.position - b.storage.position);
  sorted.forEach(({ name, storage }, index) => {
    const before = sorted[index - 1];
    if (before !== undefined && before.storage.position + before.storage.size > storage.position) {
      throw refused(`"${printable(name)}" overlaps another tensor`);
    }
  });
}
