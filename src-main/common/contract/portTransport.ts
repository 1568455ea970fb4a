import { AppError } from '#common/contract/errors';
import type { HostEventName } from '#common/contract/events';
import type { Port } from '#common/contract/port';
import type { CallerMessage } from '#common/contract/portMessages';
import { readHostMessage } from '#common/contract/portMessages';
import type { Transport } from '#common/contract/transport';
import { fromWire } from '#common/contract/wire';

interface OpenCall {
  resolve(result: unknown): void;
  reject(error: AppError): void;
}

type Listener = (payload: never) => void;

/** The caller's end of a message port; the other end is `serveHost`. Owns the port. */
export function createPortTransport(port: Port): Transport {
  const calls = new Map<number, OpenCall>();
  const listeners = new Map<HostEventName, Set<Listener>>();
  let nextId = 1;
  let isClosed = false;
  const post = (message: CallerMessage): void => port.post(message);

  port.onMessage((raw) => {
    const message = readHostMessage(raw);
    if (message === undefined) return;
    if (message.kind === 'event') {
      const called = listeners.get(message.event as HostEventName) ?? [];
      for (const listener of [...called]) listener(message.payload as never);
      return;
    }
    const call = calls.get(message.id);
    calls.delete(message.id);
    if (message.kind === 'result') call?.resolve(message.result);
    else call?.reject(fromWire(message.error));
  });

  return {
    invoke(method, params) {
      if (isClosed) return Promise.reject(connectionLost(method));
      const id = nextId++;
      return new Promise<unknown>((resolve, reject) => {
        // Kept before it is sent: a port within one process may answer at once.
        calls.set(id, { resolve, reject });
        try {
          post({ kind: 'invoke', id, method, params });
        } catch (cause) {
          calls.delete(id);
          throw new AppError('internal.invariant', `The params of ${method} cannot be sent.`, { cause });
        }
      }) as never;
    },
    subscribe(event, listener) {
      const set = listeners.get(event) ?? new Set<Listener>();
      listeners.set(event, set);
      // Wrapped, so that one function subscribed twice is two subscriptions.
      const entry: Listener = (payload) => listener(payload);
      if (set.size === 0 && !isClosed) post({ kind: 'subscribe', event });
      set.add(entry);
      return () => {
        if (set.delete(entry) && set.size === 0 && !isClosed) post({ kind: 'unsubscribe', event });
      };
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      listeners.clear();
      for (const call of calls.values()) call.reject(connectionLost('an open call'));
      calls.clear();
      port.close();
    },
  };
}

/** What a call gets whose answer can no longer arrive. Whether the host has run it is not known. */
export function connectionLost(what: string): AppError {
  return new AppError('connection.lost', `The connection to the host was lost before ${what} was answered.`);
}
