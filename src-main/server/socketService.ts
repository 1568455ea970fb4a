import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import { serveHost } from '#common/contract/serveHost';
import type { HostDoor } from '#common/contract/transport';
import type { Log } from '#host/log';
import { createWebSocketPort } from '#server/webSocketPort';

export interface SocketService {
  /** Takes over an upgrade request that was judged already. */
  accept(message: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Says goodbye to every page. */
  close(): void;
}

/** Longest message of a page; a full history of the largest document is below 1 MB. */
const MAXIMUM_MESSAGE_BYTES = 16 * 1024 * 1024;

/** Windows of one person, and then some. */
const MAXIMUM_SOCKETS = 64;

/** Of each socket: a caller gone mad should not fill the log as well. */
const LOGGED_REFUSALS = 5;

const HEARTBEAT_MILLISECONDS = 15_000;

/** Connects pages to the host's door, one `serveHost` per socket, and drops those that stop answering. */
export function createSocketService(door: HostDoor, log: Log): SocketService {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAXIMUM_MESSAGE_BYTES,
    // Compression would let a small message inflate to a large one, and localhost does not need it.
    perMessageDeflate: false,
  });
  const silent = new Set<WebSocket>();
  const heartbeat = setInterval(() => {
    for (const socket of server.clients) {
      if (silent.has(socket)) {
        socket.terminate();
        continue;
      }
      silent.add(socket);
      socket.ping();
    }
  }, HEARTBEAT_MILLISECONDS);
  heartbeat.unref();

  const serve = (socket: WebSocket): void => {
    let refused = 0;
    const onRefused = (reason: string): void => {
      if (++refused <= LOGGED_REFUSALS) log.write('warn', `A message ${reason}`);
    };
    const end = serveHost(createWebSocketPort(socket, onRefused), door, { onRefused });
    socket.on('pong', () => silent.delete(socket));
    socket.on('close', () => {
      silent.delete(socket);
      end();
    });
    // Broken frames and oversized messages; ws closes the socket itself.
    socket.on('error', (error) => log.write('warn', 'A socket failed', { error: error.message }));
  };

  return {
    accept(message, socket, head) {
      if (server.clients.size >= MAXIMUM_SOCKETS) {
        socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(message, socket, head, serve);
    },
    close() {
      clearInterval(heartbeat);
      for (const socket of server.clients) socket.close(1001, 'The studio is ending.');
      // A page that does not answer the goodbye is not waited for.
      setTimeout(() => {
        for (const socket of server.clients) socket.terminate();
      }, 1000).unref();
    },
  };
}
