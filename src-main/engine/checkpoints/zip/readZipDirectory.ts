import type { ByteSource } from '#engine/checkpoints/bytes/ByteSource';
import { damaged, printable, refused } from '#engine/checkpoints/checkpointErrors';

/** One entry of an archive; nothing of it was unpacked. */
export interface ZipMember {
  readonly name: string;
  readonly isCompressed: boolean;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** First packed byte. */
  readonly offset: number;
}

interface Record {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly header: number;
}

const MAXIMUM_ENTRIES = 100_000;
const MAXIMUM_DIRECTORY = 64e6;
/** Deflate reaches 1032 to 1. */
const MAXIMUM_RATIO = 1100;
const LONGEST_NAME = 1000;
const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const END64_BYTES = 56;
const MAXIMUM_COMMENT = 0xffff;
const DEFLATED = 8;
const ENCRYPTED = 0x2041;
const HAS_DESCRIPTOR = 8;
const FULL32 = 0xffffffff;

/**
 * The table of contents of a zip or zip64 archive. Its entries must be what a reader of weights expects: plain names,
 * stored or deflated, each in a place of its own, inside the file, as its own header says.
 *
 * @throws AppError checkpoint.damaged, checkpoint.refused
 */
export function readZipDirectory(archive: ByteSource): readonly ZipMember[] {
  const { count, offset, size, end } = findDirectory(archive);
  if (count > MAXIMUM_ENTRIES) throw refused(`its archive lists ${count} entries`);
  if (size > MAXIMUM_DIRECTORY) throw refused(`its table of contents has ${size} bytes`);
  if (offset + size > end) throw damaged('its table of contents lies outside the file');
  const records = readRecords(archive.read(offset, size), count);
  const members = records.map((record) => locate(archive, record, offset));
  refuseOverlaps(members, records, offset);
  return members;
}

function findDirectory(archive: ByteSource) {
  const tailBytes = Math.min(archive.size, END_BYTES + MAXIMUM_COMMENT);
  const tail = viewOf(archive.read(archive.size - tailBytes, tailBytes));
  for (let at = tailBytes - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== 0x06054b50) continue;
    // What a comment contains cannot pass for the end: the real one says how long its comment is.
    if (at + END_BYTES + tail.getUint16(at + 20, true) !== tailBytes) continue;
    const end = archive.size - tailBytes + at;
    const count = tail.getUint16(at + 10, true);
    if (tail.getUint16(at + 4, true) !== tail.getUint16(at + 6, true) || tail.getUint16(at + 8, true) !== count) {
      throw refused('it is one part of a split archive');
    }
    const found = { count, size: tail.getUint32(at + 12, true), offset: tail.getUint32(at + 16, true), end };
    return readEnd64(archive, end) ?? found;
  }
  throw damaged('the end of its archive is missing');
} // prettier-ignore

function readEnd64(archive: ByteSource, end: number) {
  if (end < LOCATOR_BYTES + END64_BYTES) return undefined;
  const locator = viewOf(archive.read(end - LOCATOR_BYTES, LOCATOR_BYTES));
  if (locator.getUint32(0, true) !== 0x07064b50) return undefined;
  const at = safe(locator.getBigUint64(8, true));
  if (at + END64_BYTES > end - LOCATOR_BYTES) throw damaged('its zip64 end lies outside the file');
  const record = viewOf(archive.read(at, END64_BYTES));
  if (record.getUint32(0, true) !== 0x06064b50) throw damaged('its zip64 end is missing');
  const [here, count] = [safe(record.getBigUint64(24, true)), safe(record.getBigUint64(32, true))];
  if (here !== count) throw refused('it is one part of a split archive');
  return { count, size: safe(record.getBigUint64(40, true)), offset: safe(record.getBigUint64(48, true)), end: at };
} // prettier-ignore

function readRecords(bytes: Uint8Array, count: number): readonly Record[] {
  const view = viewOf(bytes);
  const names = new Set<string>();
  const records: Record[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) {
      throw damaged('its table of contents is broken');
    }
    const lengths = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const next = at + 46 + lengths[0] + lengths[1] + lengths[2];
    if (next > bytes.length) throw damaged('its table of contents is broken');
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + lengths[0]));
    refuseName(name);
    if (names.has(name)) throw refused(`its archive holds "${printable(name)}" twice`);
    names.add(name);
    const extraStart = at + 46 + lengths[0];
    records.push(readRecord(view, at, name, bytes.subarray(extraStart, extraStart + lengths[1])));
    at = next;
  }
  return records;
}

function readRecord(view: DataView, at: number, name: string, extra: Uint8Array): Record {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  if ((flags & ENCRYPTED) !== 0) throw refused(`"${printable(name)}" is encrypted`);
  if (method !== 0 && method !== DEFLATED) {
    throw refused(`"${printable(name)}" is compressed by method ${method}; stored and deflated are understood`);
  }
  const unixType = (view.getUint32(at + 38, true) >>> 16) & 0xf000;
  if (view.getUint16(at + 4, true) >> 8 === 3 && unixType !== 0 && unixType !== 0x8000) {
    throw refused(`"${printable(name)}" is a link or a special file`);
  }
  const short = [24, 20, 42].map((field) => view.getUint32(at + field, true));
  const wide = wideFields(extra, short);
  const [bytes, packedBytes, header] = wide;
  if (method === 0 && bytes !== packedBytes) throw damaged(`"${printable(name)}" contradicts itself about its size`);
  if (bytes > packedBytes * MAXIMUM_RATIO + 64) {
    throw refused(`"${printable(name)}" would unpack ${packedBytes} bytes to ${bytes}`);
  }
  return { name, flags, method, crc: view.getUint32(at + 16, true), bytes, packedBytes, header };
} // prettier-ignore

/** Fields that do not fit 32 bits are in the zip64 extra field, in this order: size, packed size, place. */
function wideFields(extra: Uint8Array, short: readonly number[]): readonly number[] {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length;) {
    const size = view.getUint16(at + 2, true);
    if (at + 4 + size > extra.length) break;
    if (view.getUint16(at, true) === 1) {
      let field = at + 4;
      return short.map((value) => {
        if (value !== FULL32) return value;
        if (field + 8 > at + 4 + size) throw damaged('a zip64 field of its archive is missing');
        field += 8;
        return safe(view.getBigUint64(field - 8, true));
      });
    }
    at += 4 + size;
  }
  if (short.includes(FULL32)) throw damaged('a zip64 field of its archive is missing');
  return short;
}

/** Reads the entry's own header and refuses one that tells another story than the table of contents. */
function locate(archive: ByteSource, record: Record, directory: number): ZipMember {
  const { name, header, method, packedBytes, bytes, crc, flags } = record;
  if (header + 30 > directory) throw damaged(`"${printable(name)}" lies outside the file`);
  const view = viewOf(archive.read(header, 30));
  if (view.getUint32(0, true) !== 0x04034b50) throw damaged(`"${printable(name)}" is not where it should be`);
  const nameBytes = view.getUint16(26, true);
  const offset = header + 30 + nameBytes + view.getUint16(28, true);
  if (offset + packedBytes > directory) throw damaged(`"${printable(name)}" is cut off`);
  const ownName = new TextDecoder().decode(archive.read(header + 30, nameBytes));
  const sizes = [view.getUint32(18, true), view.getUint32(22, true)];
  // Written before the sizes were known (0), or wider than 32 bits.
  const isOpen = (flags & HAS_DESCRIPTOR) !== 0 && sizes.every((value) => value === 0);
  const fits = (value: number, index: number): boolean =>
    value === FULL32 || value === [packedBytes, bytes][index];
  if (ownName !== name || view.getUint16(8, true) !== method || !(isOpen || sizes.every(fits))) {
    throw refused(`"${printable(name)}" is described in two ways that disagree`);
  }
  return { name, isCompressed: method === DEFLATED, crc, packedBytes, bytes, offset };
}

/** Entries that share packed bytes let a small file unpack to a huge one while every size looks honest. */
function refuseOverlaps(members: readonly ZipMember[], records: readonly Record[], directory: number): void {
  const ranges = members.map(({ name, offset, packedBytes }, index) => ({
    name,
    start: records[index].header,
    end: offset + packedBytes,
  }));
  ranges.sort((a, b) => a.start - b.start);
  ranges.forEach(({ name, end }, index) => {
    const limit = index + 1 < ranges.length ? ranges[index + 1].start : directory;
    if (end > limit) throw refused(`"${printable(name)}" overlaps another entry of its archive`);
  });
}

/** Nothing here is written under these names; a file with others was not made by a program that saves weights. */
function refuseName(name: string): void {
  const parts = name.split('/');
  const isPlain =
    name.length <= LONGEST_NAME &&
    name !== '' &&
    !/[\\:\p{Cc}\uFFFD]/u.test(name) &&
    !name.startsWith('/') &&
    !parts.includes('..') &&
    !parts.includes('.');
  if (!isPlain) throw refused(`its archive holds an entry named "${printable(name)}"`);
}

function safe(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(`its archive names the place ${value}`);
  return Number(value);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
