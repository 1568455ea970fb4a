import type { RawData, WebSocket } from 'ws';
import type { Port } from '#common/contract/port';

/**
 * Unsent bytes after which a caller counts as gone: events of a running job are small, so a page that has let
 * this much pile up reads nothing any more, and the host must not keep it all in memory.
 */
const MAXIMUM_UNSENT_BYTES = 64 * 1024 * 1024;

/**
 * A host's port over one accepted socket: one JSON text per message. Binary frames and text that is not JSON are
 * dropped (`onRefused` is told); the length of a frame is bounded by the server's `maxPayload`. Transfer lists mean
 * nothing here: bytes go through `handleRequest`.
 */
export function createWebSocketPort(socket: WebSocket, onRefused?: (reason: string) => void): Port {
  return {
    post(message) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > MAXIMUM_UNSENT_BYTES) {
        socket.terminate();
        return;
      }
      socket.send(JSON.stringify(message));
    },
    onMessage(listener) {
      const receive = (data: RawData, isBinary: boolean): void => {
        const message = isBinary || !Buffer.isBuffer(data) ? undefined : parseJson(data.toString());
        if (message === undefined) onRefused?.(isBinary ? 'is binary' : 'is no JSON');
        else listener(message.value);
      };
      socket.on('message', receive);
      return () => socket.off('message', receive);
    },
    close: () => socket.close(1000),
  };
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // Not JSON is the caller's fault, answered by dropping it.
    return undefined;
  }
}
