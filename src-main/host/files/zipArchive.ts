import { promisify } from 'node:util';
import { crc32, deflateRaw, inflateRawSync } from 'node:zlib';
import type { ErrorCode } from '#common/contract/errors';
import { AppError } from '#common/contract/errors';

const deflate = promisify<Uint8Array, Buffer>(deflateRaw);

/** What a reader accepts; anything beyond is refused before a byte is unpacked. */
export interface ZipLimits {
  readonly entries: number;
  /** Unpacked bytes of one entry. */
  readonly entryBytes: number;
  /** Unpacked bytes of all entries together. */
  readonly totalBytes: number;
}

/** Whose archive is read: how errors call it, and their codes. */
export interface ZipSubject {
  /** As in "The avatar file is damaged". */
  readonly noun: 'avatar' | 'project';
  readonly foreign: ErrorCode;
  readonly damaged: ErrorCode;
  readonly unsafe: ErrorCode;
}

const AVATAR: ZipSubject = {
  noun: 'avatar',
  foreign: 'avatar.notAnAvatar',
  damaged: 'avatar.damaged',
  unsafe: 'avatar.unsafeArchive',
};

export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** False for contents that are compressed already (PNG): they are stored. */
  readonly compress: boolean;
}

interface DirectoryRecord {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly headerOffset: number;
}

const END_SIGNATURE = 0x06054b50;
const DIRECTORY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_BYTES = 22;
const DIRECTORY_BYTES = 46;
const LOCAL_BYTES = 30;
const MAXIMUM_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED_FLAG = 1;
const UNIX = 3;
const UNIX_TYPE_MASK = 0xf000;
const UNIX_REGULAR = 0x8000;

/** 2.0: deflate. */
const VERSION_NEEDED = 20;
/** 1 January 1980, the first date a zip can hold: the same contents give the same bytes at any time. */
const FIXED_DATE = 0x0021;

/**
 * Packs entries in the given order; deterministic. Node's own deflate does it, beside this thread: a 1.5 MB
 * geometry takes 54 ms there and 130 to 300 ms of this thread's time in fflate.
 */
export async function writeZip(entries: readonly ZipEntry[]): Promise<Uint8Array> {
  const packed = await Promise.all(
    entries.map(async ({ bytes, compress }) => (compress ? await deflate(bytes) : bytes)),
  );
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  entries.forEach((entry, index) => {
    const name = new TextEncoder().encode(entry.name);
    const facts = headerFacts(entry, packed[index].length, name.length);
    const local = Buffer.alloc(LOCAL_BYTES);
    local.writeUInt32LE(LOCAL_SIGNATURE, 0);
    facts.copy(local, 4);
    const record = Buffer.alloc(DIRECTORY_BYTES);
    record.writeUInt32LE(DIRECTORY_SIGNATURE, 0);
    record.writeUInt16LE(VERSION_NEEDED, 4);
    facts.copy(record, 6);
    record.writeUInt32LE(offset, 42);
    locals.push(local, name, packed[index]);
    directory.push(record, name);
    offset += LOCAL_BYTES + name.length + packed[index].length;
  });
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(END_SIGNATURE, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(
    directory.reduce((sum, part) => sum + part.length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

/** The 26 bytes that an entry's local header and its directory record share. */
function headerFacts({ bytes, compress }: ZipEntry, packedBytes: number, nameBytes: number): Buffer {
  const facts = Buffer.alloc(LOCAL_BYTES - 4);
  facts.writeUInt16LE(VERSION_NEEDED, 0);
  facts.writeUInt16LE(compress ? DEFLATED : STORED, 4);
  facts.writeUInt16LE(FIXED_DATE, 8);
  facts.writeUInt32LE(crc32(bytes), 10);
  facts.writeUInt32LE(packedBytes, 14);
  facts.writeUInt32LE(bytes.length, 18);
  facts.writeUInt16LE(nameBytes, 22);
  return facts;
}

/**
 * Unpacks an archive somebody else may have made. Only plain files with plain names are accepted, and only
 * as many bytes as the directory declares and `limits` allow; every CRC is checked.
 *
 * @throws AppError `avatar.notAnAvatar` when it is no zip, `avatar.damaged` when it is incomplete or fails a
 * checksum, `avatar.unsafeArchive` when it is built to do harm; the codes of `subject` where one is given.
 */
export function readZip(
  archive: Uint8Array,
  limits: ZipLimits,
  subject: ZipSubject = AVATAR,
): Map<string, Uint8Array> {
  try {
    const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
    const records = readDirectory(archive, view, limits);
    refuseOverlaps(records);
    return new Map(records.map((record) => [record.name, unpack(archive, view, record)]));
  } catch (error) {
    throw error instanceof ZipFault ? asAppError(error, subject) : error;
  }
}

function readDirectory(archive: Uint8Array, view: DataView, limits: ZipLimits): DirectoryRecord[] {
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const offset = view.getUint32(end + 16, true);
  if (view.getUint16(end + 4, true) !== 0 || view.getUint16(end + 8, true) !== count) {
    throw unsafe('it is one part of a split archive');
  }
  if (count > limits.entries)
    throw unsafe(`it lists ${count} entries, more than the ${limits.entries} it may have`);
  const records: DirectoryRecord[] = [];
  const names = new Set<string>();
  let total = 0;
  let at = offset;
  for (let index = 0; index < count; index++) {
    if (at + DIRECTORY_BYTES > end || view.getUint32(at, true) !== DIRECTORY_SIGNATURE) {
      throw damaged('its table of contents is broken');
    }
    const record = readRecord(archive, view, at, end);
    if (names.has(record.name)) throw unsafe(`it holds "${printable(record.name)}" twice`);
    names.add(record.name);
    total += record.bytes;
    if (record.bytes > limits.entryBytes || total > limits.totalBytes) {
      throw unsafe(`it would unpack to more than ${Math.round(limits.totalBytes / 1e6)} MB`);
    }
    records.push(record);
    at += DIRECTORY_BYTES + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true); // prettier-ignore
  }
  return records;
}

function findEnd(view: DataView): number {
  if (
    view.byteLength < 4 ||
    (view.getUint32(0, true) !== LOCAL_SIGNATURE && view.getUint32(0, true) !== END_SIGNATURE)
  ) {
    throw new ZipFault('foreign', 'it is no zip archive');
  }
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - MAXIMUM_COMMENT); at--) {
    if (view.getUint32(at, true) === END_SIGNATURE) return at;
  }
  throw damaged('its end is missing');
}

function readRecord(archive: Uint8Array, view: DataView, at: number, end: number): DirectoryRecord {
  const nameBytes = view.getUint16(at + 28, true);
  if (at + DIRECTORY_BYTES + nameBytes > end) throw damaged('its table of contents is broken');
  const name = new TextDecoder().decode(
    archive.subarray(at + DIRECTORY_BYTES, at + DIRECTORY_BYTES + nameBytes),
  );
  refuseName(name);
  const madeBy = view.getUint16(at + 4, true) >> 8;
  const unixType = (view.getUint32(at + 38, true) >>> 16) & UNIX_TYPE_MASK;
  if (madeBy === UNIX && unixType !== 0 && unixType !== UNIX_REGULAR) {
    throw unsafe(`"${printable(name)}" is a link or a special file`);
  }
  if ((view.getUint16(at + 8, true) & ENCRYPTED_FLAG) !== 0)
    throw unsafe(`"${printable(name)}" is encrypted`);
  const method = view.getUint16(at + 10, true);
  if (method !== STORED && method !== DEFLATED) {
    throw unsafe(`"${printable(name)}" uses compression method ${method}`);
  }
  return {
    name,
    method,
    crc: view.getUint32(at + 16, true),
    packedBytes: view.getUint32(at + 20, true),
    bytes: view.getUint32(at + 24, true),
    headerOffset: view.getUint32(at + 42, true),
  };
}

/** Flat names only: no folders, so no way up, no absolute path, no drive, no device. */
function refuseName(name: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name) || name.includes('..')) {
    throw unsafe(`it holds an entry named "${printable(name)}"`);
  }
}

/** Entries that share packed bytes let a small file unpack to a huge one within honest-looking sizes. */
function refuseOverlaps(records: readonly DirectoryRecord[]): void {
  const sorted = [...records].sort((a, b) => a.headerOffset - b.headerOffset);
  let free = 0;
  for (const { name, headerOffset, packedBytes } of sorted) {
    if (headerOffset < free) throw unsafe(`"${printable(name)}" overlaps another entry`);
    free = headerOffset + LOCAL_BYTES + packedBytes;
  }
}

function unpack(archive: Uint8Array, view: DataView, record: DirectoryRecord): Uint8Array {
  const { name, method, headerOffset, packedBytes, bytes, crc } = record;
  if (headerOffset + LOCAL_BYTES > archive.length || view.getUint32(headerOffset, true) !== LOCAL_SIGNATURE) {
    throw damaged(`"${name}" is not where it should be`);
  }
  const start =
    headerOffset +
    LOCAL_BYTES +
    view.getUint16(headerOffset + 26, true) +
    view.getUint16(headerOffset + 28, true);
  if (start + packedBytes > archive.length) throw damaged(`"${name}" is cut off`);
  const packed = archive.subarray(start, start + packedBytes);
  const unpacked = method === STORED ? packed : inflate(packed, record);
  if (unpacked.length !== bytes) throw damaged(`"${name}" has ${unpacked.length} bytes instead of ${bytes}`);
  if (crc32(unpacked) !== crc) throw damaged(`"${name}" fails its checksum`);
  return unpacked;
}

function inflate(packed: Uint8Array, { name, bytes }: DirectoryRecord): Uint8Array {
  try {
    // One byte more than declared, so that an entry that lies about its size stops there.
    return inflateRawSync(packed, { maxOutputLength: bytes + 1 });
  } catch (error) {
    if (error instanceof RangeError) throw unsafe(`"${name}" unpacks to more than it declares`);
    throw damaged(`"${name}" cannot be unpacked`, error);
  }
}

/** What is wrong with an archive, before it is known whose it is. */
class ZipFault extends Error {
  readonly kind: 'foreign' | 'damaged' | 'unsafe';

  constructor(kind: ZipFault['kind'], what: string, cause?: unknown) {
    super(what, { cause });
    this.kind = kind;
  }
}

function damaged(what: string, cause?: unknown): ZipFault {
  return new ZipFault('damaged', what, cause);
}

function unsafe(what: string): ZipFault {
  return new ZipFault('unsafe', what);
}

function asAppError({ kind, message, cause }: ZipFault, subject: ZipSubject): AppError {
  const { noun } = subject;
  const texts = {
    foreign: `This is not ${noun === 'avatar' ? 'an' : 'a'} ${noun} file: ${message}.`,
    damaged: `The ${noun} file is damaged: ${message}.`,
    unsafe: `The ${noun} file was refused: ${message}.`,
  };
  return new AppError(subject[kind], texts[kind], cause === undefined ? {} : { cause });
}

function printable(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?').slice(0, 80);
}
