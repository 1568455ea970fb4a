import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';

/** How long the rest of an upload is read and thrown away after it was answered, so that the answer arrives. */
const DRAIN_MILLISECONDS = 5000;

/** Methods whose requests may carry a body at all. */
const BODY_METHODS = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * A Node request as a web one. The body is read only as fast as it is asked for; `request.signal` fires when the
 * caller goes away before the answer is complete.
 *
 * @param origin `http://127.0.0.1:port`; the request's own host is not used
 * @throws TypeError for methods a web request cannot have (CONNECT, TRACE)
 */
export function toWebRequest(message: IncomingMessage, response: ServerResponse, origin: string): Request {
  const abort = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) abort.abort();
  });
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined) headers.append(name, one);
  }
  const method = message.method ?? 'GET';
  const init: RequestInit = { method, headers, signal: abort.signal };
  // Joined, not resolved: "//elsewhere/" would otherwise name another host.
  const url = origin + (message.url ?? '/');
  if (!BODY_METHODS.has(method)) return new Request(url, init);
  const withBody = { ...init, body: bodyOf(message), duplex: 'half' };
  return new Request(url, withBody as RequestInit);
}

/** Sends a web response, as fast as the caller reads; a body that fails half-way ends the connection. */
export async function sendWebResponse(
  message: IncomingMessage,
  response: ServerResponse,
  answer: Response,
): Promise<void> {
  const isUnread = !message.complete && BODY_METHODS.has(message.method ?? '');
  if (isUnread) response.shouldKeepAlive = false;
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null || message.method === 'HEAD') {
    await answer.body?.cancel();
    await new Promise<void>((resolve) => response.end(resolve));
  } else {
    // By way of unknown: with the page's types about, the two names of the same class do not fit.
    const body: unknown = answer.body;
    await pipeline(Readable.fromWeb(body as NodeReadableStream), response);
  }
  if (isUnread) drain(message);
}

function bodyOf(message: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks = message.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array, undefined>;
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

function drain(message: IncomingMessage): void {
  const timer = setTimeout(() => message.destroy(), DRAIN_MILLISECONDS);
  timer.unref();
  message.once('close', () => clearTimeout(timer));
  message.resume();
}
