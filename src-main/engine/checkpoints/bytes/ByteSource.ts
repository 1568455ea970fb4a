import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { AppError } from '#common/contract/errors';
import { damaged } from '#engine/checkpoints/checkpointErrors';

/**
 * Bytes that are read where they are needed. Reads are synchronous: parsers are loops, and they run in a process of
 * their own that a cancelled job ends.
 */
export interface ByteSource {
  readonly size: number;
  /**
   * A copy of `length` bytes from `offset`.
   * @throws AppError checkpoint.damaged where the source ends before
   */
  read(offset: number, length: number): Uint8Array;
  /** Only where the source holds a file of its own. */
  close?(): void;
}

/** A part of a source, which is not read before somebody asks. */
export interface ByteRange {
  readonly source: ByteSource;
  readonly offset: number;
  readonly length: number;
}

/** An open file; `close` it. */
export interface FileSource extends ByteSource {
  close(): void;
}

/** @throws AppError input.fileNotFound, input.unreadable */
export function openFileSource(path: string, what: string): FileSource {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new AppError(
      isMissing ? 'input.fileNotFound' : 'input.unreadable',
      isMissing ? `There is no file "${what}".` : `"${what}" cannot be read.`,
      { cause: error },
    );
  }
  const facts = fstatSync(descriptor);
  if (!facts.isFile()) {
    closeSync(descriptor);
    throw new AppError('input.unreadable', `"${what}" is no regular file; a file of weights was expected.`);
  }
  const read = (offset: number, length: number): Uint8Array => {
    requireInside(offset, length, facts.size);
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const count = readSync(descriptor, bytes, done, length - done, offset + done);
      if (count === 0) throw damaged('it became shorter while it was read');
      done += count;
    }
    return bytes;
  };
  return { size: facts.size, read, close: () => closeSync(descriptor) };
}

/** Bytes in memory. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read(offset, length) {
      requireInside(offset, length, bytes.length);
      // A Buffer's own slice would be a view.
      return Uint8Array.prototype.slice.call(bytes, offset, offset + length);
    },
  };
}

/** A range as a source that begins at 0. */
export function sourceOf({ source, offset, length }: ByteRange): ByteSource {
  requireInside(offset, length, source.size);
  return {
    size: length,
    read(from, count) {
      requireInside(from, count, length);
      return source.read(offset + from, count);
    },
  };
}

function requireInside(offset: number, length: number, size: number): void {
  const isInside =
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length) &&
    offset >= 0 &&
    length >= 0 &&
    offset + length <= size;
  if (!isInside) throw damaged(`it ends after ${size} bytes, ${length} more were expected at ${offset}`);
}
