import type { ByteRange, ByteSource } from '#engine/checkpoints/bytes/ByteSource';
import { damaged } from '#engine/checkpoints/checkpointErrors';

const WINDOW_BYTES = 1 << 16;
const EMPTY = new Uint8Array();

/** Reads a pickle from front to back through a small window; large strings of bytes are stepped over, not read. */
export class PickleCursor {
  readonly source: ByteSource;
  #position: number;
  #window: Uint8Array = EMPTY;
  #windowStart = 0;

  constructor(source: ByteSource, start: number) {
    this.source = source;
    this.#position = start;
  }

  /** Of the next byte, counted from the start of the source. */
  get position(): number {
    return this.#position;
  }

  u8(): number {
    const inWindow = this.#position - this.#windowStart;
    if (inWindow >= this.#window.length) {
      this.#fill(1);
      return this.u8();
    }
    this.#position++;
    return this.#window[inWindow];
  }

  u16(): number {
    return this.#view(2).getUint16(0, true);
  }

  i32(): number {
    return this.#view(4).getInt32(0, true);
  }

  u32(): number {
    return this.#view(4).getUint32(0, true);
  }

  /** A length of eight bytes; one beyond 2^53 cannot be meant. */
  u64(): number {
    const value = this.#view(8).getBigUint64(0, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(`a length at byte ${this.#position - 8} is ${value}`);
    return Number(value);
  }

  /** Big-endian, as pickles have it. */
  f64(): number {
    return this.#view(8).getFloat64(0, false);
  }

  /** A copy of the next bytes; callers check `length` against their own limits first. */
  bytes(length: number): Uint8Array {
    this.#require(length);
    const bytes = this.source.read(this.#position, length);
    this.#position += length;
    return bytes;
  }

  /** The next bytes as a range of the source, unread. */
  range(length: number): ByteRange {
    this.#require(length);
    const range = { source: this.source, offset: this.#position, length };
    this.#position += length;
    return range;
  }

  /** Up to the next line feed, which is not part of it; at most `limit` bytes. */
  line(limit: number): Uint8Array {
    const bytes: number[] = [];
    const start = this.#position;
    for (;;) {
      const byte = this.u8();
      if (byte === 0x0a) return Uint8Array.from(bytes);
      if (bytes.length >= limit) throw damaged(`the line at byte ${start} is longer than ${limit} bytes`);
      bytes.push(byte);
    }
  }

  #view(length: number): DataView {
    let start = this.#position - this.#windowStart;
    if (start + length > this.#window.length) {
      this.#fill(length);
      start = 0;
    }
    this.#position += length;
    return new DataView(this.#window.buffer, start, length);
  }

  #fill(least: number): void {
    this.#require(least);
    const length = Math.min(WINDOW_BYTES, this.source.size - this.#position);
    this.#window = this.source.read(this.#position, length);
    this.#windowStart = this.#position;
  }

  #require(length: number): void {
    if (length <= this.source.size - this.#position) return;
    throw damaged(`its pickle is cut off: ${length} bytes were expected at byte ${this.#position}`);
  }
} // prettier-ignore
