import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { WebSocket } from 'ws';
import { createMemoryTransport } from '#common/contract/memoryTransport';
import type { Port } from '#common/contract/port';
import { createPortTransport } from '#common/contract/portTransport';
import { serveHost } from '#common/contract/serveHost';
import type { HostDoor, Transport } from '#common/contract/transport';
import { createBridge } from '#electron/createBridge';
import { createIpcPort } from '#electron/ipcPort';
import { startStudioServer } from '#server/startStudioServer';
import { enter } from '#test/helpers/fuzzSocket';
import { fakeIpc } from '#test/helpers/fakeIpc';
import { createBridgeTransport } from '$platform/bridgeTransport';
import { createWebSocketTransport } from '$platform/webSocketTransport';

/** A transport of one kind, connected to a door. */
export interface Carrier {
  readonly transport: Transport;
  /** Closes both ends and whatever lies between. */
  close(): Promise<void>;
}

/** Name and `connect(door)` of every way to the host: `describe.each(CARRIERS)('... over %s', (_, connect) => ...)`. */
export const CARRIERS: readonly (readonly [string, (door: HostDoor) => Promise<Carrier>])[] = [
  ['memory', overMemory],
  ['a message port', overMessagePort],
  ['WebSocket', overWebSocket],
  ['Electron IPC', overFakeIpc],
];

function overMemory(door: HostDoor): Promise<Carrier> {
  const transport = createMemoryTransport(door);
  return Promise.resolve({ transport, close: () => Promise.resolve(transport.close()) });
}

function overMessagePort(door: HostDoor): Promise<Carrier> {
  const { port1, port2 } = new MessageChannel();
  const end = serveHost(asPort(port1), door);
  const transport = createPortTransport(asPort(port2));
  return Promise.resolve({
    transport,
    close() {
      transport.close();
      end();
      return Promise.resolve();
    },
  });
}

async function overWebSocket(door: HostDoor): Promise<Carrier> {
  const handleRequest = (): Promise<Response> => Promise.resolve(new Response(null, { status: 404 }));
  const server = await startStudioServer({ host: { door, handleRequest } });
  const { cookie, port } = await enter(server.url);
  const open = (): WebSocket => openSocket(`ws://127.0.0.1:${port}/socket`, { cookie });
  const transport = createWebSocketTransport({ open });
  return {
    transport,
    async close() {
      transport.close();
      await server.close();
    },
  };
}

function overFakeIpc(door: HostDoor): Promise<Carrier> {
  const { ipcMain, contents, ipcRenderer } = fakeIpc();
  const isPageUrl = (url: string): boolean => url.startsWith('studio://app/');
  const port = createIpcPort({ ipcMain, contents, isPageUrl });
  const end = serveHost(port, door);
  const transport = createBridgeTransport(createBridge(ipcRenderer));
  return Promise.resolve({
    transport,
    close() {
      transport.close();
      end();
      port.close();
      return Promise.resolve();
    },
  });
}

/** A socket of Node that, like a browser's, gives every message a turn of its own. */
export function openSocket(url: string, headers: Readonly<Record<string, string>> = {}): WebSocket {
  return new WebSocket(url, { headers, allowSynchronousEvents: false });
}

/** A worker-thread port as the contract's. */
export function asPort(port: MessagePort): Port {
  return {
    post: (message, transfer = []) => port.postMessage(message, [...transfer]),
    onMessage(listener) {
      port.on('message', listener);
      return () => port.off('message', listener);
    },
    close: () => port.close(),
  };
}
