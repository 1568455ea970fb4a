import { crc32, deflateRawSync } from 'node:zlib';
import type { Piece } from '#test/helpers/pickleBytes';
import { call, dict, global, integer, pickle, text, tuple, u32, u64 } from '#test/helpers/pickleBytes';

/** One entry of an archive that may lie about itself. */
export interface ZipPart {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly isDeflated?: boolean;
  /** Overrides in the table of contents. */
  readonly directory?: { readonly name?: string; readonly size?: number; readonly packed?: number; readonly offset?: number; readonly crc?: number; readonly method?: number; readonly flags?: number; readonly attributes?: number };
} // prettier-ignore

/** Writes a zip, or a zip64 as torch does. */
export function zipOf(parts: readonly ZipPart[], { isZip64 = false, comment = '' } = {}): Uint8Array {
  const chunks: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes, isDeflated = false, directory: lies = {} } of parts) {
    const packed = isDeflated ? deflateRawSync(bytes) : bytes;
    const facts = {
      method: isDeflated ? 8 : 0,
      crc: crc32(bytes),
      packed: packed.length,
      size: bytes.length,
    };
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    writeFacts(local, 4, { ...facts, flags: 0 }, name.length);
    const told = { ...facts, offset, name, flags: 0, attributes: 0, ...lies };
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE(0x0314, 4);
    writeFacts(record, 6, told, told.name.length);
    record.writeUInt32LE(told.attributes, 38);
    record.writeUInt32LE(isZip64 ? 0xffffffff : told.offset, 42);
    const extra = isZip64 ? Buffer.concat([Buffer.from([1, 0, 8, 0]), u64(told.offset)]) : Buffer.alloc(0);
    record.writeUInt16LE(extra.length, 30);
    directory.push(record, Buffer.from(told.name), extra);
    chunks.push(local, Buffer.from(name), packed);
    offset += 30 + name.length + packed.length;
  }
  const table = Buffer.concat(directory);
  const end64 = isZip64
    ? Buffer.concat([
        u32(0x06064b50), u64(44), Buffer.alloc(12), u64(parts.length), u64(parts.length), u64(table.length), u64(offset),
        u32(0x07064b50), u32(0), u64(offset + table.length), u32(1),
      ])
    : Buffer.alloc(0); // prettier-ignore
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(table.length, 12);
  end.writeUInt32LE(isZip64 ? 0xffffffff : offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return new Uint8Array(Buffer.concat([...chunks, table, end64, end, Buffer.from(comment)]));
}

function writeFacts(
  bytes: Buffer,
  at: number,
  facts: { method: number; crc: number; packed: number; size: number; flags: number },
  nameLength: number,
): void {
  bytes.writeUInt16LE(20, at);
  bytes.writeUInt16LE(facts.flags, at + 2);
  bytes.writeUInt16LE(facts.method, at + 4);
  bytes.writeUInt32LE(facts.crc, at + 10);
  bytes.writeUInt32LE(facts.packed, at + 14);
  bytes.writeUInt32LE(facts.size, at + 18);
  bytes.writeUInt16LE(nameLength, at + 22);
}

export interface TorchTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** By default row-major over the whole storage. */
  readonly strides?: readonly number[];
  readonly offset?: number;
}

/** A file as `torch.save` writes it. */
export function torchZip(
  tensors: readonly TorchTensor[],
  options: { readonly isDeflated?: boolean; readonly isZip64?: boolean } = {},
): Uint8Array {
  const { isDeflated = false, isZip64 = false } = options;
  const entries = tensors.map((tensor, index) => [text(tensor.name), tensorPiece(tensor, String(index))] as const);
  return zipOf(
    [
      { name: 'archive/data.pkl', bytes: pickle(0x80, 2, dict(...entries), '.'), isDeflated },
      { name: 'archive/byteorder', bytes: Buffer.from('little') },
      ...tensors.map(({ values }, index) => ({
        name: `archive/data/${index}`,
        bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
        isDeflated,
      })),
    ],
    { isZip64 },
  );
} // prettier-ignore

/** `torch._utils._rebuild_tensor_v2(...)` of a storage. */
export function tensorPiece({ shape, values, strides, offset = 0 }: TorchTensor, key: string): Piece {
  const rowMajor = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const storage = [
    tuple(text('storage'), global('torch', 'FloatStorage'), text(key), text('cpu'), integer(values.length)),
    'Q',
  ];
  return call(
    'torch._utils',
    '_rebuild_tensor_v2',
    storage,
    integer(offset),
    tuple(...shape.map(integer)),
    tuple(...(strides ?? rowMajor).map(integer)),
    0x89,
    call('collections', 'OrderedDict'),
  );
}
