import { createHash } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pack } from 'tar-stream';
import { pack as createPack } from 'tar-stream';
import type { RecordFile } from '#common/synthetic/dataset/recordFiles';
import { RECORD_FILES } from '#common/synthetic/dataset/recordFiles';
import { asWriteError } from '#host/files/diskErrors';
import { writeFileAtomically } from '#host/files/writeFileAtomically';
import type { ShardIndex, ShardSummary } from '#common/synthetic/dataset/datasetIndex';

/** A tar block: headers take one, contents are filled up to whole ones. */
const BLOCK = 512;
/** One time for all, or the same set would have other bytes tomorrow. */
const NO_TIME = new Date(0);

/**
 * Writes one shard: a tar of records, aside under a name that no reader looks at, then the tar's name, then its index.
 * A process that dies leaves an unfinished file that the next run overwrites, never a shard with an index and a hole.
 */
export class ShardWriter {
  readonly #folder: string;
  readonly #name: string;
  readonly #file: FileHandle;
  readonly #pack: Pack = createPack();
  readonly #hash = createHash('sha256');
  readonly #written: Promise<void>;
  readonly #records: ShardIndex['index'] = [];
  #bytes = 0;
  #position = 0;

  private constructor(folder: string, name: string, file: FileHandle) {
    this.#folder = folder;
    this.#name = name;
    this.#file = file;
    this.#written = this.#drain();
    // A write that fails is reported by whichever call awaits it next.
    this.#written.catch(() => undefined);
  }

  /** @throws AppError disk.full, disk.notWritable, disk.notFound from every method but `abandon` */
  static async open(folder: string, name: string): Promise<ShardWriter> {
    const path = unfinishedPath(folder, name);
    try {
      return new ShardWriter(folder, name, await open(path, 'w'));
    } catch (error) {
      throw asWriteError(error, path);
    }
  }

  async add(key: string, files: Readonly<Record<RecordFile, Uint8Array>>): Promise<void> {
    const ranges: Partial<Record<RecordFile, readonly [number, number]>> = {};
    for (const kind of Object.keys(RECORD_FILES) as RecordFile[]) {
      const contents = files[kind];
      ranges[kind] = [this.#position + BLOCK, contents.length];
      this.#position += BLOCK + Math.ceil(contents.length / BLOCK) * BLOCK;
      await Promise.race([this.#entry(`${key}.${RECORD_FILES[kind]}`, contents), this.#written]);
    }
    this.#records.push({ key, files: ranges as Record<RecordFile, readonly [number, number]> });
  }

  /** Flushes to the disk, gives the shard its name and writes its index. */
  async finish(): Promise<ShardSummary> {
    const { shard, index } = shardPaths(this.#folder, this.#name);
    this.#pack.finalize();
    await this.#written;
    try {
      await this.#file.sync();
      await this.#file.close();
      await rename(unfinishedPath(this.#folder, this.#name), shard);
    } catch (error) {
      throw asWriteError(error, shard);
    }
    const result: ShardIndex = {
      name: this.#name,
      sha256: this.#hash.digest('hex'),
      bytes: this.#bytes,
      records: this.#records.length,
      index: this.#records,
    };
    await writeFileAtomically(index, JSON.stringify(result));
    return summaryOf(result);
  }

  /** Closes and removes what was written. Never throws. */
  async abandon(): Promise<void> {
    this.#pack.destroy();
    await this.#written.catch(() => undefined);
    await this.#file.close().catch(() => undefined);
    await rm(unfinishedPath(this.#folder, this.#name), { force: true }).catch(() => undefined);
  }

  #entry(name: string, contents: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      const bytes = Buffer.from(contents.buffer, contents.byteOffset, contents.byteLength);
      this.#pack.entry({ name, mtime: NO_TIME, uid: 0, gid: 0 }, bytes, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  async #drain(): Promise<void> {
    try {
      for await (const chunk of this.#pack as AsyncIterable<Buffer>) {
        this.#hash.update(chunk);
        this.#bytes += chunk.length;
        for (let start = 0; start < chunk.length;) {
          start += (await this.#file.write(chunk, start, chunk.length - start)).bytesWritten;
        }
      }
    } catch (error) {
      throw asWriteError(error, shardPaths(this.#folder, this.#name).shard);
    }
  }
}

/** Where a shard and its index lie. */
export function shardPaths(folder: string, name: string): { readonly shard: string; readonly index: string } {
  return { shard: join(folder, `${name}.tar`), index: join(folder, `${name}.json`) };
}

function unfinishedPath(folder: string, name: string): string {
  return join(folder, `.${name}${UNFINISHED}`);
}

const UNFINISHED = '.tar.unfinished';

/** Removes what writers that were ended had begun. Only for a folder in which none is at work. */
export async function removeUnfinishedShards(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.endsWith(UNFINISHED)) await rm(join(folder, name), { force: true });
  }
}

/** Without its records. */
export function summaryOf({ name, sha256, bytes, records }: ShardIndex): ShardSummary {
  return { name, sha256, bytes, records };
}
