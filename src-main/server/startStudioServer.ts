import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError } from '#common/contract/errors';
import type { Host } from '#host/createHost';
import type { Log } from '#host/log';
import { silentLog } from '#host/log';
import type { AccessGuard } from '#server/accessGuard';
import { createAccessGuard, isOwnHost } from '#server/accessGuard';
import type { HandoverDoor } from '#server/handoverDoor';
import { HANDOVER_PATH } from '#server/handoverDoor';
import { createSocketService } from '#server/socketService';
import { sendWebResponse, toWebRequest } from '#server/webRequests';

export interface StudioServerOptions {
  readonly host: Pick<Host, 'door' | 'handleRequest'>;
  /** By default any free one. */
  readonly port?: number;
  /** By default a new one for every run. */
  readonly token?: string;
  readonly log?: Log;
  /** Takes the files of a second start. */
  readonly handover?: HandoverDoor;
}

export interface StudioServer {
  readonly port: number;
  /** `http://127.0.0.1:port`. */
  readonly origin: string;
  /** What a person opens: carries the token of this run. */
  readonly url: string;
  /** Stops accepting, says goodbye to open sockets, ends requests that do not end by themselves. The host lives on. */
  close(): Promise<void>;
}

/** A request must bring its headers within this. */
const HEADERS_TIMEOUT_MILLISECONDS = 10_000;

/** Requests that are still running this long after `close` are cut off. */
const CLOSE_GRACE_MILLISECONDS = 2_000;

/** Browsers hold six connections a host; a few windows are a few dozen. */
const MAXIMUM_CONNECTIONS = 256;

/**
 * Serves a host to browsers of this machine: bytes over HTTP, calls over a WebSocket at `/socket`. Listens on
 * 127.0.0.1 and nowhere else, and answers nobody without the token of this run (`createAccessGuard`).
 *
 * @throws AppError `input.badOption` where the port is taken or may not be used
 */
export async function startStudioServer(options: StudioServerOptions): Promise<StudioServer> {
  const { host, handover, log = silentLog } = options;
  const guard = createAccessGuard(options.token);
  const sockets = createSocketService(host.door, log);
  const server = createServer({ headersTimeout: HEADERS_TIMEOUT_MILLISECONDS, requestTimeout: 0 });
  server.maxConnections = MAXIMUM_CONNECTIONS;
  server.on('clientError', (_error, socket) => refuseUpgrade(socket, 400, 'This is no HTTP request.'));
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;

  server.on('request', (message: IncomingMessage, response: ServerResponse) => {
    if (handover !== undefined && message.url === HANDOVER_PATH && isOwnHost(message.headers.host, port)) {
      return void handover.answer(message, response);
    }
    void answer({ message, response, guard, port, origin, host, log });
  });
  server.on('upgrade', (message: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const access = guard.judge(message, port);
    if (access.kind === 'refused') return refuseUpgrade(socket, access.status, access.reason);
    if (access.kind === 'enter' || message.url !== '/socket') {
      return refuseUpgrade(socket, 404, 'Sockets are at /socket.');
    }
    sockets.accept(message, socket, head);
  });

  return {
    port,
    origin,
    url: `${origin}/?token=${guard.token}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      sockets.close();
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MILLISECONDS);
      await closed;
      clearTimeout(cut);
    },
  };
}

interface Exchange {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  readonly guard: AccessGuard;
  readonly port: number;
  readonly origin: string;
  readonly host: StudioServerOptions['host'];
  readonly log: Log;
}

/** Answers one request; never rejects. */
async function answer({ message, response, guard, port, origin, host, log }: Exchange): Promise<void> {
  message.on('error', () => undefined);
  response.on('error', () => undefined);
  try {
    const access = guard.judge(message, port);
    if (access.kind === 'refused') return sayPlainly(message, response, access.status, access.reason);
    if (access.kind === 'enter') return letIn(response, access.cookie, access.isFromElsewhere);
    if (!METHODS.has(message.method ?? '')) return sayPlainly(message, response, 405, 'Method not allowed.');
    const request = toWebRequest(message, response, origin);
    await sendWebResponse(message, response, await host.handleRequest(request));
  } catch (error) {
    // A caller that went away is no fault; anything else is, and must not take the host with it.
    if (message.destroyed || response.destroyed) return;
    log.write('error', 'A request failed', { method: message.method, error: String(error) });
    if (response.headersSent) response.destroy();
    else sayPlainly(message, response, 500, 'The host failed to answer this request.');
  }
}

/** What a handler is asked at all; the handler knows which of them fit which path. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']);

const PLAIN_HEADERS = {
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

function sayPlainly(message: IncomingMessage, response: ServerResponse, status: number, text: string): void {
  // What a refused caller still has to send is not waited for.
  if (!message.complete) response.shouldKeepAlive = false;
  response.writeHead(status, PLAIN_HEADERS);
  response.end(`${text}\n`);
}

/** Swaps the token in the URL for the cookie, so that it stays out of the history, of copies and of referrers. */
function letIn(response: ServerResponse, cookie: string, isFromElsewhere: boolean): void {
  const headers = { 'set-cookie': cookie, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };
  if (!isFromElsewhere) {
    response.writeHead(303, { ...headers, location: '/' });
    response.end();
    return;
  }
  // Came by a link on some page: a strict cookie is not sent along a redirect from there, but from a page of ours.
  response.writeHead(200, { ...headers, 'content-type': 'text/html; charset=utf-8', refresh: '0; url=/' });
  response.end('<!doctype html><title>AvatarArtist Studio</title>');
}

function refuseUpgrade(socket: Duplex, status: number, text: string): void {
  if (!socket.writable) return void socket.destroy();
  const body = `${text}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    ...Object.entries(PLAIN_HEADERS).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen({ host: '127.0.0.1', port, exclusive: true });
  try {
    await once(server, 'listening');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'is taken by another program' : 'may not be used';
    throw new AppError('input.badOption', `Port ${port} ${why}. Choose another with --port.`, { cause });
  }
}
