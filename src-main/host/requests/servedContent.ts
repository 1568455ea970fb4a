import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import type { ByteRange } from '#host/requests/byteRange';

type Body = ConstructorParameters<typeof Response>[0];

/** Something a GET can return, before ranges and conditions are looked at. */
export interface ServedContent {
  readonly type: string;
  readonly length: number;
  /** SHA-256 of the content, hexadecimal: the strong ETag. */
  readonly sha256: string;
  readonly cacheControl: string;
  /** Called at most once, and not at all for HEAD or an unchanged copy. */
  open(range: ByteRange): Body | Promise<Body>;
}

/** Looked up again each time: the file may have changed since. */
export const REVALIDATED = 'private, no-cache';
/** For names that hold a hash of their content. */
export const IMMUTABLE = 'public, max-age=31536000, immutable';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  map: 'application/json; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  webp: 'image/webp',
  jpg: 'image/jpeg',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  wasm: 'application/wasm',
};

export function typeOf(fileName: string): string {
  const ending = /\.([a-z0-9]+)$/i.exec(fileName)?.[1]?.toLowerCase() ?? '';
  return TYPES[ending] ?? 'application/octet-stream';
}

/** Content that lies on the disk, streamed; hashes are remembered by size and time of change. */
export interface FileContents {
  /** Undefined where there is no such regular file. */
  find(path: string, cacheControl: string): Promise<ServedContent | undefined>;
}

const REMEMBERED_HASHES = 500;

export function createFileContents(): FileContents {
  const hashes = new Map<string, Promise<string>>();
  return {
    async find(path, cacheControl) {
      const file = await stat(path).catch(() => undefined);
      if (file?.isFile() !== true) return undefined;
      const key = `${path}|${file.size}|${file.mtimeMs}`;
      const hash = hashes.get(key) ?? hashFile(path);
      hashes.set(key, hash);
      hash.catch(() => hashes.delete(key));
      const [oldest] = hashes.keys();
      if (hashes.size > REMEMBERED_HASHES && oldest !== undefined) hashes.delete(oldest);
      return {
        type: typeOf(path),
        length: file.size,
        sha256: await hash,
        cacheControl,
        open: ({ start, end }) => (end > start ? streamFile(path, start, end) : null),
      };
    },
  };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function streamFile(path: string, start: number, end: number): Body {
  const stream = createReadStream(path, { start, end: end - 1 });
  return Readable.toWeb(stream) as NodeReadableStream<Uint8Array> as Body;
}
