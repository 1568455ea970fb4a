import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { closeSync, fdatasyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { AppError, throwIfCancelled } from '#common/contract/errors';
import type { WorkContext } from '#common/contract/progress';
import type { StoredType } from '#engine/checkpoints/elementTypes';
import { ELEMENT_BYTES } from '#engine/checkpoints/elementTypes';
import { OpenStorages, PIECE_BYTES, readPieces } from '#engine/checkpoints/readTensor';
import type { ScratchFolder, TensorEntry } from '#engine/checkpoints/tensorEntry';
import { byteCount } from '#engine/checkpoints/tensorEntry';

/** A tensor under the name and shape it gets. */
export interface OutputTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly tensor: TensorEntry;
}

export interface WriteOptions {
  /** Gets the file; what an interrupted call left there is gone on with. */
  readonly path: string;
  /** Tells whether what lies at `path` was made from the same source: its size and date, say. */
  readonly identity: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly scratch: ScratchFolder;
  readonly context?: WorkContext;
  /** Bytes between two points from which an interrupted call can be taken up. */
  readonly checkpointBytes?: number;
}

export interface WrittenSafetensors {
  readonly sha256: string;
  readonly bytes: number;
  /** Bytes that an earlier, interrupted call had written. */
  readonly resumedFrom: number;
}

const CHECKPOINT_BYTES = 64 << 20;

const journalSchema = z.object({ plan: z.string(), bytes: z.int().min(0), sha256: z.string() });

/**
 * Writes tensors as a safetensors file, piece by piece: memory does not grow with the file. At every checkpoint what
 * was written is on the disk and its hash in a journal beside it (`<path>.journal`), so that a call that was killed
 * goes on there. The file is complete when this returns; its caller removes the journal and moves it.
 *
 * @throws AppError checkpoint.damaged, checkpoint.refused, disk.full, job.cancelled
 */
export async function writeSafetensors(outputs: readonly OutputTensor[], options: WriteOptions): Promise<WrittenSafetensors> {
  const ordered = inFileOrder(outputs);
  const header = safetensorsHeader(
    ordered.map(({ name, shape, tensor: { type } }) => ({ name, shape, type })),
    options.metadata ?? {},
  );
  const total = header.length + ordered.reduce((sum, { tensor }) => sum + byteCount(tensor), 0);
  const plan = createHash('sha256').update(options.identity).update(header).digest('hex');
  const writer = await ResumableFile.open(options.path, plan, options.checkpointBytes ?? CHECKPOINT_BYTES);
  const storages = new OpenStorages(options.scratch);
  try {
    await writer.pass(header.length, [header]);
    for (const { tensor } of ordered) {
      const skip = writer.skipping(byteCount(tensor));
      if (skip < byteCount(tensor)) {
        const source = await storages.open(tensor.storage);
        await writer.pass(byteCount(tensor), readPieces(tensor, source, skip), options.context, total);
      } else await writer.pass(byteCount(tensor), []);
    }
    return { ...writer.finish(), resumedFrom: writer.resumedFrom };
  } catch (error) {
    throw asDiskError(error);
  } finally {
    await storages.close();
    writer.close();
  }
} // prettier-ignore

/** Wide elements first, so that every one is aligned; then as they lie in the source. */
function inFileOrder(outputs: readonly OutputTensor[]): readonly OutputTensor[] {
  return [...outputs].sort(
    (a, b) =>
      ELEMENT_BYTES[b.tensor.type] - ELEMENT_BYTES[a.tensor.type] ||
      a.tensor.storage.position - b.tensor.storage.position ||
      (a.name < b.name ? -1 : 1),
  );
}

/** What the header of a safetensors file says of one tensor. */
export interface HeaderEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: StoredType;
}

/** The length, the JSON header and its padding; values follow in the order of `entries`. */
export function safetensorsHeader(
  entries: readonly HeaderEntry[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const members: [string, unknown][] = Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : [];
  let at = 0;
  for (const { name, shape, type } of entries) {
    const end = at + byteCount({ shape, type });
    members.push([name, { dtype: type, shape, data_offsets: [at, end] }]);
    at = end;
  }
  // fromEntries defines members, so a tensor named __proto__ is one like any other.
  const text = Buffer.from(JSON.stringify(Object.fromEntries(members)));
  const length = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20, 8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, 8);
  return bytes;
}

/** A file that is written from front to back and can be gone on with. */
class ResumableFile {
  readonly #descriptor: number;
  readonly #path: string;
  readonly #plan: string;
  readonly #hash: Hash;
  readonly #checkpointBytes: number;
  readonly resumedFrom: number;
  /** Where the next part belongs; below `resumedFrom` nothing is written. */
  #position = 0;
  #written: number;
  #saved: number;

  private constructor(
    path: string,
    plan: string,
    state: { descriptor: number; hash: Hash; bytes: number; checkpointBytes: number },
  ) {
    this.#path = path;
    this.#plan = plan;
    this.#descriptor = state.descriptor;
    this.#hash = state.hash;
    this.resumedFrom = state.bytes;
    this.#written = state.bytes;
    this.#saved = state.bytes;
    this.#checkpointBytes = state.checkpointBytes;
  }

  static async open(path: string, plan: string, checkpointBytes: number): Promise<ResumableFile> {
    const journal = await readJournal(path);
    const isSame = journal?.plan === plan && (await sizeOfFile(path)) >= journal.bytes;
    const descriptor = openSync(path, isSame ? 'r+' : 'w+');
    let hash = createHash('sha256');
    let bytes = isSame ? journal.bytes : 0;
    for (let at = 0; at < bytes; at += PIECE_BYTES) {
      const piece = Buffer.alloc(Math.min(PIECE_BYTES, bytes - at));
      readSync(descriptor, piece, 0, piece.length, at);
      hash.update(piece);
    }
    // What the disk gave back is not what was written: begin again.
    if (isSame && hash.copy().digest('hex') !== journal.sha256) [hash, bytes] = [createHash('sha256'), 0];
    ftruncateSync(descriptor, bytes);
    return new ResumableFile(path, plan, { descriptor, hash, bytes, checkpointBytes });
  }

  /** How many bytes of a part of `length` are there already. */
  skipping(length: number): number {
    return Math.max(0, Math.min(length, this.#written - this.#position));
  }

  /** Writes what is not there yet of a part of `length` bytes; `pieces` begin after what is. */
  async pass(length: number, pieces: Iterable<Uint8Array>, context: WorkContext = {}, total = Infinity): Promise<void> {
    const skip = this.skipping(length);
    if (skip < length) {
      for (const piece of pieces) {
        throwIfCancelled(context.signal);
        // The header comes whole, whatever there is of it.
        this.#write(pieces instanceof Array ? piece.subarray(skip) : piece);
        if (this.#written - this.#saved >= this.#checkpointBytes) await this.#save();
        context.onProgress?.({ stage: 'convert', fraction: this.#written / total });
        // Lets messages out and a signal in.
        await setImmediate();
      }
    }
    this.#position += length;
  } // prettier-ignore

  finish(): { sha256: string; bytes: number } {
    fdatasyncSync(this.#descriptor);
    return { sha256: this.#hash.digest('hex'), bytes: this.#written };
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #write(piece: Uint8Array): void {
    for (let done = 0; done < piece.length;) {
      done += writeSync(this.#descriptor, piece, done, piece.length - done, this.#written + done);
    }
    this.#hash.update(piece);
    this.#written += piece.length;
  }

  async #save(): Promise<void> {
    fdatasyncSync(this.#descriptor);
    const journal = { plan: this.#plan, bytes: this.#written, sha256: this.#hash.copy().digest('hex') };
    await writeFile(`${journalPath(this.#path)}.new`, JSON.stringify(journal));
    await rename(`${journalPath(this.#path)}.new`, journalPath(this.#path));
    this.#saved = this.#written;
  }
}

function journalPath(path: string): string {
  return `${path}.journal`;
}

async function readJournal(path: string): Promise<z.output<typeof journalSchema> | undefined> {
  try {
    return journalSchema.parse(JSON.parse(await readFile(journalPath(path), 'utf8')));
  } catch {
    // None, or one that was being written: begin at the beginning.
    return undefined;
  }
}

async function sizeOfFile(path: string): Promise<number> {
  return await stat(path).then(({ size }) => size, () => -1); // prettier-ignore
}

function asDiskError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EFBIG') return error;
  return new AppError('disk.full', 'There is no room left on the disk for the converted weights. Free some space; the import goes on where it was.', { cause: error }); // prettier-ignore
}
