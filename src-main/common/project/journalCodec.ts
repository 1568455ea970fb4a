import { journalRecordSchema } from '#common/contract/api/projectsApi';
import type { JournalRecord } from '#common/project/documentHistory';

/** One record of a journal. */
export interface JournalLine {
  /** Rises by one from line to line. */
  readonly sequence: number;
  readonly record: JournalRecord;
}

/** What a journal holds, as far as it can be trusted. */
export interface ReadJournal {
  readonly lines: readonly JournalLine[];
  /** Length of the text up to the end of the last good line; what follows is to be cut off before appending. */
  readonly goodLength: number;
  /**
   * The text ended inside a line: the write was cut off and nobody was told it had succeeded. Nothing is lost.
   */
  readonly isTorn: boolean;
  /** Whole lines that cannot be used: the first is damaged, and those after it build on it. */
  readonly lost?: { readonly lines: number; readonly reason: string };
}

/**
 * One record as one line of the journal, with its newline: `<sequence> <checksum> <json>`. The newline makes
 * the line valid, so a line that was only half written shows.
 */
export function encodeJournalLine({ sequence, record }: JournalLine): string {
  const json = JSON.stringify(record);
  return `${sequence} ${checksumOf(sequence, json)} ${json}\n`;
}

/**
 * Reads a journal up to its first bad line. Never throws: what it could not read it counts.
 *
 * @param firstSequence number the first line must carry
 */
export function readJournal(text: string, firstSequence: number): ReadJournal {
  const lines: JournalLine[] = [];
  let start = 0;
  for (;;) {
    const end = text.indexOf('\n', start);
    if (end < 0) return { lines, goodLength: start, isTorn: start < text.length };
    const line = readLine(text.slice(start, end), firstSequence + lines.length);
    if (typeof line === 'string') {
      const rest = text.slice(start).split('\n');
      // A torn end is no line: nobody was told that it had been written.
      return { lines, goodLength: start, isTorn: rest.at(-1) !== '', lost: { lines: rest.length - 1, reason: line } }; // prettier-ignore
    }
    lines.push(line);
    start = end + 1;
  }
}

/** The record of a line, or what is wrong with it. */
function readLine(line: string, wanted: number): JournalLine | string {
  const [, digits, checksum, json] = /^(\d{1,15}) ([0-9a-f]{8}) (.*)$/s.exec(line) ?? [];
  if (digits === undefined) return 'it is no journal line';
  const sequence = Number(digits);
  if (checksum !== checksumOf(sequence, json)) return 'its checksum does not match';
  if (sequence !== wanted) return `it carries number ${sequence} instead of ${wanted}`;
  const parsed = journalRecordSchema.safeParse(parseJson(json));
  // Only a program of another version writes such a line, since the checksum is right.
  return parsed.success ? { sequence, record: parsed.data } : 'it holds no known record';
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The schema refuses undefined like any other wrong value.
    return undefined;
  }
}

function checksumOf(sequence: number, json: string): string {
  return crc32(`${sequence} ${json}`).toString(16).padStart(8, '0');
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 of a text's 16-bit code units, low byte first; this layer has neither Node's zlib nor a text encoder. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    crc = CRC_TABLE[(crc ^ unit) & 255] ^ (crc >>> 8);
    crc = CRC_TABLE[(crc ^ (unit >>> 8)) & 255] ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
