import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '#common/contract/errors';
import { asWriteError, systemCode } from '#host/files/diskErrors';
import type { Log } from '#host/log';

/** Bytes a page has sent, as a file. */
export interface Upload {
  readonly uploadId: string;
  readonly path: string;
  /** The name it had on the user's side, without folders. */
  readonly fileName: string;
  readonly bytes: number;
}

export interface UploadStoreOptions {
  /** `<data>/uploads`; each running host has a folder of its own in it. */
  readonly directory: string;
  readonly log: Log;
  /** Bytes of one upload. */
  readonly largest?: number;
  /** Bytes of all uploads kept at a time. */
  readonly budget?: number;
  readonly openFile?: (path: string) => Promise<Pick<FileHandle, 'writeFile' | 'close'>>;
}

/** Uploads and previews of this host, until they are used up or the host ends. */
export interface UploadStore {
  readonly largest: number;
  /**
   * Streams a body to the disk.
   *
   * @throws AppError `upload.tooLarge`, `input.emptyFile`, `connection.lost` (the sender went away), `disk.*`;
   * nothing is left behind then
   */
  receive(body: ReadableStream<Uint8Array> | null, fileName: string): Promise<Upload>;
  /** @throws AppError `upload.notFound` */
  get(uploadId: string): Upload;
  /** Says that an upload has served; it goes when the next one comes, so that a second face can still be taken. */
  release(uploadId: string): void;
  /** Keeps a WebP preview under an upload's id, or a new one for a picture that is no upload. Returns the id. */
  addPreview(uploadId: string | undefined, webp: Uint8Array): Promise<string>;
  /** Path of a preview, or undefined. */
  previewOf(uploadId: string): string | undefined;
  /** Removes everything. */
  dispose(): Promise<void>;
}

interface Kept {
  upload?: Upload;
  preview?: string;
  bytes: number;
  isReleased: boolean;
}

/** As much as `avatars.make` reads of a picture; avatar files are smaller. */
const LARGEST_UPLOAD = 512e6;
const BUDGET = 2e9;
/** Ids kept, previews of local pictures included. */
const MOST_KEPT = 24;

export function createUploadStore(options: UploadStoreOptions): UploadStore {
  const { directory, log, largest = LARGEST_UPLOAD, budget = BUDGET } = options;
  const openFile = options.openFile ?? ((path: string) => open(path, 'wx'));
  const folder = join(directory, `${process.pid}-${randomUUID().slice(0, 8)}`);
  const kept = new Map<string, Kept>();
  let preparing: Promise<void> | undefined;
  // Remembered as one promise, so that calls that come together prepare once.
  const prepare = (): Promise<void> => (preparing ??= prepareFolder(directory, folder, log));

  const remove = async (uploadId: string): Promise<void> => {
    const entry = kept.get(uploadId);
    kept.delete(uploadId);
    for (const path of [entry?.upload?.path, entry?.preview]) {
      if (path !== undefined) await rm(path, { force: true }).catch(() => undefined);
    }
  };

  const makeRoom = async (coming: string): Promise<void> => {
    for (const [id, { isReleased }] of [...kept]) if (isReleased && id !== coming) await remove(id);
    const total = (): number => [...kept.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const id of [...kept.keys()]) {
      if (kept.size <= MOST_KEPT && total() <= budget) return;
      if (id !== coming) await remove(id);
    }
  };

  return {
    largest,
    async receive(body, fileName) {
      await prepare();
      const uploadId = randomUUID();
      const path = join(folder, uploadId);
      const bytes = await writeBody(body, { path, fileName, largest, openFile });
      const upload = { uploadId, path, fileName: plainName(fileName), bytes };
      kept.set(uploadId, { upload, bytes, isReleased: false });
      await makeRoom(uploadId);
      return upload;
    },
    get(uploadId) {
      const upload = kept.get(uploadId)?.upload;
      if (upload !== undefined) return upload;
      throw new AppError('upload.notFound', 'The file that was sent is not there any more. Send it again.', {
        details: { uploadId },
      });
    },
    release(uploadId) {
      const entry = kept.get(uploadId);
      if (entry !== undefined) entry.isReleased = true;
    },
    async addPreview(uploadId, webp) {
      await prepare();
      const id = uploadId ?? randomUUID();
      const preview = join(folder, `${id}.webp`);
      try {
        await writeFile(preview, webp);
      } catch (error) {
        throw asWriteError(error, preview);
      }
      const entry = kept.get(id) ?? { bytes: 0, isReleased: false };
      kept.set(id, { ...entry, preview, bytes: (entry.upload?.bytes ?? 0) + webp.length });
      await makeRoom(id);
      return id;
    },
    previewOf: (uploadId) => kept.get(uploadId)?.preview,
    async dispose() {
      kept.clear();
      if (preparing === undefined) return;
      await preparing.catch(() => undefined);
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    },
  };
}

/** Makes this host's folder and removes those of hosts that did not end properly. */
async function prepareFolder(directory: string, folder: string, log: Log): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw asWriteError(error, folder);
  }
  for (const name of await readdir(directory).catch(() => [])) {
    if (name === basename(folder) || isRunning(Number(/^(\d+)-/.exec(name)?.[1]))) continue;
    await rm(join(directory, name), { recursive: true, force: true }).catch((error: unknown) => {
      log.write('warn', 'Old uploads could not be removed', { error: String(error) });
    });
  }
}

function isRunning(processId: number): boolean {
  if (!Number.isInteger(processId) || processId <= 0) return false;
  try {
    return process.kill(processId, 0);
  } catch (error) {
    // Somebody else's process cannot be signalled, but it runs.
    return systemCode(error) === 'EPERM';
  }
}

interface BodyTarget {
  readonly path: string;
  readonly fileName: string;
  readonly largest: number;
  readonly openFile: (path: string) => Promise<Pick<FileHandle, 'writeFile' | 'close'>>;
}

async function writeBody(body: ReadableStream<Uint8Array> | null, target: BodyTarget): Promise<number> {
  const { path, fileName, largest, openFile } = target;
  let bytes = 0;
  try {
    const file = await openFile(path);
    try {
      for await (const chunk of chunksOf(body)) {
        bytes += chunk.length;
        if (bytes > largest) throw tooLarge(largest);
        await file.writeFile(chunk);
      }
    } finally {
      await file.close();
    }
    if (bytes > 0) return bytes;
    throw new AppError('input.emptyFile', `"${plainName(fileName)}" is empty.`);
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined);
    throw asWriteError(error, fileName);
  }
}

/** The chunks of a body; leaving early cancels it. @throws AppError `connection.lost` */
async function* chunksOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  let isDone = false;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw new AppError('connection.lost', 'The upload broke off.', { cause: error });
      });
      if (done) {
        isDone = true;
        return;
      }
      yield value;
    }
  } finally {
    if (!isDone) await reader.cancel().catch(() => undefined);
  }
}

/** The refusal of an upload above `largest` bytes, also for one that says its size beforehand. */
export function tooLarge(largest: number): AppError {
  const megabytes = Math.floor(largest / 1e6);
  return new AppError('upload.tooLarge', `The file is too large; at most ${megabytes} MB are taken.`, {
    details: { largest },
  });
}

/** A file name without folders and control characters, whatever system it comes from. */
function plainName(fileName: string): string {
  const last = fileName.split(/[\\/]/).at(-1) ?? '';
  return (
    last
      .replace(/\p{Cc}/gu, '')
      .trim()
      .slice(0, 200) || 'picture'
  );
}
