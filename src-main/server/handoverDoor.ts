import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { MAXIMUM_OPENED_FILES } from '#common/contract/openableFiles';
import { secretTest } from '#server/secretTest';

/** Where a second start hands its files over; no page may use it. */
export const HANDOVER_PATH = '/handover';

const KEY_HEADER = 'x-avatarartist-key';
const MAXIMUM_BYTES = 128 * 1024;

const messageSchema = z.object({
  files: z
    .array(z.string().min(1).max(4096).refine(isAbsolute, 'must be an absolute path'))
    .min(1)
    .max(MAXIMUM_OPENED_FILES),
});

const answerSchema = z.object({ isTaken: z.boolean() });

/** What became of files that were handed over. `waiting`: the next page that opens takes them. */
export type HandoverOutcome =
  { readonly kind: 'taken' | 'waiting' } | { readonly kind: 'refused'; readonly reason: string };

export interface HandoverDoor {
  /** Secret of this run, for the lock file and nowhere else. */
  readonly key: string;
  /** Answers a request at `HANDOVER_PATH` that has found its way to the right host; never rejects. */
  answer(message: IncomingMessage, response: ServerResponse): Promise<void>;
}

/**
 * The door for a second start of the same person. It opens any path of theirs, so the cookie of a page is no key to
 * it: the key stands in the lock file alone, which only its owner reads, and whatever has an Origin is a page.
 *
 * @param take asks a page to open the files; returns whether one was there
 */
export function createHandoverDoor(take: (paths: readonly string[]) => boolean): HandoverDoor {
  const key = randomBytes(32).toString('base64url');
  const isKey = secretTest(key);
  return {
    key,
    async answer(message, response) {
      const { method, headers } = message;
      const offered = headers[KEY_HEADER];
      if (method !== 'POST' || headers.origin !== undefined || !isKey(offered)) {
        return reply(response, 403, { reason: 'Only a second start of the studio hands files over.' });
      }
      const parsed = messageSchema.safeParse(await readJson(message).catch(() => undefined));
      if (!parsed.success) {
        const reason = `Files are 1 to ${MAXIMUM_OPENED_FILES} absolute paths.`;
        return reply(response, 400, { reason });
      }
      reply(response, 200, { isTaken: take(parsed.data.files) });
    },
  };
}

/**
 * Hands files to the studio that runs already.
 *
 * @param url the address it has announced
 * @param files absolute paths
 */
export async function handFilesOver(
  url: string,
  key: string,
  files: readonly string[],
): Promise<HandoverOutcome> {
  try {
    const response = await fetch(new URL(HANDOVER_PATH, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', [KEY_HEADER]: key },
      body: JSON.stringify({ files }),
      signal: AbortSignal.timeout(5000),
    });
    const body: unknown = await response.json();
    if (response.ok) return { kind: answerSchema.parse(body).isTaken ? 'taken' : 'waiting' };
    return { kind: 'refused', reason: z.object({ reason: z.string() }).parse(body).reason };
  } catch (error) {
    return { kind: 'refused', reason: error instanceof Error ? error.message : String(error) };
  }
}

async function readJson(message: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAXIMUM_BYTES) return undefined;
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.shouldKeepAlive = false;
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
