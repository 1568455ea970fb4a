import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { AppError } from '#common/contract/errors';
import type { ByteSource } from '#engine/checkpoints/bytes/ByteSource';
import { bytesSource, openFileSource, sourceOf } from '#engine/checkpoints/bytes/ByteSource';
import { damaged, printable, refused } from '#engine/checkpoints/checkpointErrors';
import { PIECE_BYTES } from '#engine/checkpoints/readTensor';
import type { ScratchFolder, StoredBytes } from '#engine/checkpoints/tensorEntry';
import type { ZipMember } from '#engine/checkpoints/zip/readZipDirectory';

/**
 * A small entry, unpacked and checked.
 *
 * @param limit unpacked bytes that are accepted
 */
export function readMember(archive: ByteSource, member: ZipMember, limit: number): Uint8Array {
  const { name, bytes, packedBytes, offset, isCompressed, crc } = member;
  if (bytes > limit) throw refused(`"${printable(name)}" has ${bytes} bytes, more than the ${limit} it may have`);
  const packed = archive.read(offset, packedBytes);
  const unpacked = isCompressed ? inflate(packed, member) : packed;
  if (unpacked.length !== bytes) throw damaged(`"${printable(name)}" has ${unpacked.length} bytes instead of ${bytes}`);
  if (crc32(unpacked) !== crc) throw wrongChecksum(name);
  return unpacked;
} // prettier-ignore

/** The first bytes of a compressed entry, at most `limit`; what follows is neither unpacked nor checked. */
export function peekMember(archive: ByteSource, { name, offset, packedBytes }: ZipMember, limit: number): ByteSource {
  // As many packed bytes as there are to be unpacked, and deflate's own overhead.
  const packed = archive.read(offset, Math.min(packedBytes, limit + 1000));
  try {
    const start = inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: limit * 1100 });
    return bytesSource(start.subarray(0, limit));
  } catch {
    throw damaged(`"${printable(name)}" cannot be unpacked`);
  }
} // prettier-ignore

/** An entry as bytes that tensors are read from. */
export function memberStorage(archive: ByteSource, member: ZipMember): StoredBytes {
  return {
    key: `zip ${member.name}`,
    size: member.bytes,
    position: member.offset,
    open: async (scratch) => (member.isCompressed ? await unpack(archive, member, scratch) : check(archive, member)),
  };
} // prettier-ignore

function check(archive: ByteSource, { name, offset, bytes, crc }: ZipMember): ByteSource {
  let sum = 0;
  for (let at = 0; at < bytes; at += PIECE_BYTES) {
    sum = crc32(archive.read(offset + at, Math.min(PIECE_BYTES, bytes - at)), sum);
  }
  if (sum !== crc) throw wrongChecksum(name);
  return sourceOf({ source: archive, offset, length: bytes });
}

/** Unpacks into a file, which is removed with its folder; at no time more than a few pieces are in memory. */
async function unpack(archive: ByteSource, member: ZipMember, scratch: ScratchFolder): Promise<ByteSource> {
  const { name, bytes, crc } = member;
  const path = await scratch.newFile();
  let [count, sum] = [0, 0];
  const counter = new Transform({
    transform(piece: Uint8Array, _, done) {
      count += piece.length;
      sum = crc32(piece, sum);
      if (count > bytes) done(refused(`"${printable(name)}" unpacks to more than the ${bytes} bytes it declares`));
      else done(null, piece);
    },
  });
  try {
    await pipeline(Readable.from(packedPieces(archive, member)), createInflateRaw(), counter, createWriteStream(path));
  } catch (error) {
    if (error instanceof AppError || isDiskError(error)) throw error;
    throw damaged(`"${printable(name)}" cannot be unpacked`);
  }
  if (count !== bytes) throw damaged(`"${printable(name)}" has ${count} bytes instead of ${bytes}`);
  if (sum !== crc) throw wrongChecksum(name);
  return openFileSource(path, name);
} // prettier-ignore

function* packedPieces(archive: ByteSource, { offset, packedBytes }: ZipMember): Generator<Uint8Array> {
  for (let at = 0; at < packedBytes; at += PIECE_BYTES) {
    yield archive.read(offset + at, Math.min(PIECE_BYTES, packedBytes - at));
  }
}

function inflate(packed: Uint8Array, { name, bytes }: ZipMember): Uint8Array {
  try {
    // One byte more than declared, so that an entry that lies about its size stops there.
    return inflateRawSync(packed, { maxOutputLength: bytes + 1 });
  } catch (error) {
    if (error instanceof RangeError) throw refused(`"${printable(name)}" unpacks to more than it declares`);
    throw damaged(`"${printable(name)}" cannot be unpacked`);
  }
}

function wrongChecksum(name: string): AppError {
  return damaged(`"${printable(name)}" fails its checksum`);
}

/** Errors of the file system begin with E, those of zlib with Z_. */
function isDiskError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z]/.test(error.code) && !error.code.startsWith('ERR_');
} // prettier-ignore
