import { z } from 'zod';
import { AppError } from '#common/contract/errors';
import type { Shape } from '#engine/graph/tensor';
import { sizeOf } from '#engine/graph/tensor';

/** One array of a safetensors file. */
export interface StoredTensor {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** Longest header taken at the door; the format's own reader has the same limit. */
const LARGEST_HEADER = 100e6;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)).max(16),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});

const headerSchema = z.record(z.string(), z.unknown());

/**
 * Arrays as a safetensors file: an 8-byte length, a JSON header, the values. Equal calls give equal bytes; names
 * keep their order, values are float32.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header['__metadata__'] = metadata;
  let offset = 0;
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: 'F32', shape: [...shape], data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Padded with spaces, so that the values are aligned for readers that map the file.
  const headerLength = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + offset).fill(0x20, 8, 8 + headerLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(text, 8);
  let at = 8 + headerLength;
  for (const { values } of tensors.values()) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file of float32 arrays.
 *
 * @param what names the file in messages
 * @throws AppError checkpoint.damaged saying what does not hold
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  what: string,
): { readonly tensors: Map<string, StoredTensor>; readonly metadata: Readonly<Record<string, string>> } {
  const damaged = (reason: string): AppError =>
    new AppError('checkpoint.damaged', `${what} is damaged: ${reason}.`);
  if (bytes.length < 8) throw damaged(`it has ${bytes.length} bytes, fewer than a header needs`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > LARGEST_HEADER || 8 + headerLength > bytes.length) {
    throw damaged('its header is longer than the file');
  }
  const { metadata, entries } = readHeader(bytes.subarray(8, 8 + headerLength), damaged);
  const tensors = new Map<string, StoredTensor>();
  const start = 8 + headerLength;
  for (const [name, { dtype, shape, data_offsets: [from, to] }] of entries) {
    if (dtype !== 'F32') throw damaged(`"${name}" holds ${dtype}, float32 was expected`);
    if (to - from !== sizeOf(shape) * 4) throw damaged(`"${name}" has ${to - from} bytes for the shape [${shape.join(', ')}]`);
    if (from > to || start + to > bytes.length) throw damaged(`"${name}" ends beyond the file: it was cut off`);
    // Copied: values must be aligned, and the file's bytes may be freed. (A Buffer's own slice would be a view.)
    const values = new Float32Array(sizeOf(shape));
    new Uint8Array(values.buffer).set(bytes.subarray(start + from, start + to));
    tensors.set(name, { shape, values });
  } // prettier-ignore
  return { tensors, metadata };
}

function readHeader(
  bytes: Uint8Array,
  damaged: (reason: string) => AppError,
): {
  readonly metadata: Readonly<Record<string, string>>;
  readonly entries: readonly (readonly [string, z.output<typeof entrySchema>])[];
} {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw damaged('its header is no JSON');
  }
  const header = headerSchema.safeParse(json);
  if (!header.success) throw damaged('its header is no list of tensors');
  const { __metadata__: metadata = {}, ...rest } = header.data;
  const texts = z.record(z.string(), z.string()).safeParse(metadata);
  if (!texts.success) throw damaged('its metadata is not made of texts');
  const entries = Object.entries(rest).map(([name, value]) => {
    const entry = entrySchema.safeParse(value);
    if (!entry.success) throw damaged(`the entry of "${name}" makes no sense`);
    return [name, entry.data] as const;
  });
  return { metadata: texts.data, entries };
}
