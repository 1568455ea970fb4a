import { AppError } from '#common/contract/errors';
import type { HostEventName } from '#common/contract/events';
import { HOST_EVENTS } from '#common/contract/events';
import type { Port } from '#common/contract/port';
import type { HostDoor, Transport } from '#common/contract/transport';
import type { WireError } from '#common/contract/wire';
import { fromWire, toWire } from '#common/contract/wire';

/** Caller to host. */
type CallerMessage =
  | { readonly kind: 'invoke'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly kind: 'subscribe' | 'unsubscribe'; readonly event: HostEventName };

/** Host to caller. */
type HostMessage =
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: WireError }
  | { readonly kind: 'event'; readonly event: HostEventName; readonly payload: unknown };

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
    const message = raw as HostMessage;
    if (message.kind === 'event') {
      for (const listener of listeners.get(message.event) ?? []) listener(message.payload as never);
      return;
    }
    const call = calls.get(message.id);
    calls.delete(message.id);
    if (message.kind === 'result') call?.resolve(message.result);
    else call?.reject(fromWire(message.error));
  });

  return {
    invoke(method, params) {
      if (isClosed) return Promise.reject(closedError(method));
      const id = nextId++;
      return new Promise<unknown>((resolve, reject) => {
        calls.set(id, { resolve, reject });
        post({ kind: 'invoke', id, method, params });
      }) as never;
    },
    subscribe(event, listener) {
      const set = listeners.get(event) ?? new Set<Listener>();
      listeners.set(event, set);
      if (set.size === 0) post({ kind: 'subscribe', event });
      set.add(listener);
      return () => {
        if (set.delete(listener) && set.size === 0 && !isClosed) {
          post({ kind: 'unsubscribe', event });
        }
      };
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      listeners.clear();
      for (const call of calls.values()) call.reject(closedError('an open call'));
      calls.clear();
      port.close();
    },
  };
}

/** Answers one caller over a port; returns a function that ends the service. */
export function serveHost(port: Port, door: HostDoor): () => void {
  const subscriptions = new Map<HostEventName, () => void>();
  const post = (message: HostMessage): void => port.post(message);

  const removeListener = port.onMessage((raw) => {
    const message = raw as CallerMessage;
    if (message.kind === 'invoke') {
      const { id, method, params } = message;
      door.dispatch(method, params).then(
        (result) => post({ kind: 'result', id, result }),
        (error: unknown) => post({ kind: 'error', id, error: toWire(error) }),
      );
      return;
    }
    // A newer caller may know events that this host does not: they never happen here.
    if (!HOST_EVENTS.includes(message.event)) return;
    subscriptions.get(message.event)?.();
    subscriptions.delete(message.event);
    if (message.kind === 'subscribe') {
      const { event } = message;
      subscriptions.set(
        event,
        door.subscribe(event, (payload) => post({ kind: 'event', event, payload })),
      );
    }
  });

  return () => {
    removeListener();
    for (const remove of subscriptions.values()) remove();
    subscriptions.clear();
  };
}

function closedError(what: string): AppError {
  return new AppError('engine.crashed', `The connection to the host was closed before ${what} was answered.`);
}
