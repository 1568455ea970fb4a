import type { HostEventName } from '#common/contract/events';
import type { Port } from '#common/contract/port';
import { connectionLost, createPortTransport } from '#common/contract/portTransport';
import type { Transport } from '#common/contract/transport';
import type { ConnectionSignal } from '$platform/connectionSignal';
import { createConnectionSignal } from '$platform/connectionSignal';
import type { WatchedTransport } from '$platform/watchedTransport';

/** The part of a WebSocket this needs: the browser's and that of Node's `ws` package both have it. */
export interface SocketLike {
  send(text: string): void;
  close(): void;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

export interface WebSocketTransportOptions {
  /** Opens one socket; called again for every attempt to reconnect. */
  readonly open: () => SocketLike;
  /** Runs `retry` after a while; returns a function that forgets it. Tests bring their own time. */
  readonly schedule?: (retry: () => void, milliseconds: number) => () => void;
}

/** Pauses between attempts; the last one repeats. The host is on this machine, so it is back at once or not soon. */
const RETRY_MILLISECONDS = [100, 250, 500, 1000, 2000, 5000];

type Listener = (payload: never) => void;

/**
 * Carries calls over a WebSocket and reconnects by itself. Calls that are open when the connection goes reject with
 * `connection.lost` and are never sent twice; subscriptions live on and are sent again once it is back. Events of
 * the time between are missed: listeners of `onStateChange` should read again what they show.
 */
export function createWebSocketTransport(options: WebSocketTransportOptions): WatchedTransport {
  const schedule = options.schedule ?? defaultSchedule;
  const subscriptions = new Map<symbol, { readonly event: HostEventName; readonly listener: Listener }>();
  const removers = new Map<symbol, () => void>();
  const signal = createConnectionSignal('connecting');
  let inner: Transport | undefined;
  let socket: SocketLike | undefined;
  let failures = 0;
  let cancelRetry: () => void = () => undefined;

  const attach = (key: symbol): void => {
    const subscription = subscriptions.get(key);
    if (inner === undefined || subscription === undefined) return;
    removers.set(key, inner.subscribe(subscription.event, subscription.listener as () => void));
  };

  const didOpen = (opened: SocketLike): void => {
    failures = 0;
    inner = createPortTransport(createSocketPort(opened));
    for (const key of subscriptions.keys()) attach(key);
    signal.enter('open');
  };

  const didClose = (): void => {
    removers.clear();
    inner?.close();
    inner = undefined;
    socket = undefined;
    if (signal.state === 'closed') return;
    const pause = RETRY_MILLISECONDS[Math.min(failures++, RETRY_MILLISECONDS.length - 1)];
    // A host that was never there may still be starting: calls wait for it through the first round of attempts.
    if (signal.state === 'open' || failures >= RETRY_MILLISECONDS.length) signal.enter('lost');
    cancelRetry = schedule(connect, pause);
  };

  const connect = (): void => {
    const opened = options.open();
    socket = opened;
    opened.addEventListener('open', () => {
      if (socket === opened) didOpen(opened);
    });
    opened.addEventListener('close', () => {
      if (socket === opened) didClose();
    });
    // A close follows every error; without a listener, sockets of Node would throw it.
    opened.addEventListener('error', () => undefined);
  };

  connect();

  return {
    get state() {
      return signal.state;
    },
    onStateChange: (listener) => signal.onStateChange(listener),
    async invoke(method, params) {
      if (signal.state === 'connecting') await firstChange(signal);
      if (inner === undefined) throw connectionLost(method);
      return inner.invoke(method, params);
    },
    subscribe(event, listener) {
      const key = Symbol(event);
      subscriptions.set(key, { event, listener });
      attach(key);
      return () => {
        subscriptions.delete(key);
        removers.get(key)?.();
        removers.delete(key);
      };
    },
    close() {
      if (signal.state === 'closed') return;
      cancelRetry();
      subscriptions.clear();
      signal.enter('closed');
      const open = socket;
      didClose();
      open?.close();
    },
  };
}

function firstChange(signal: ConnectionSignal): Promise<void> {
  return new Promise((resolve) => {
    const remove = signal.onStateChange(() => {
      remove();
      resolve();
    });
  });
}

/** One open socket as a port; the transport above watches its life. */
function createSocketPort(socket: SocketLike): Port {
  let isClosed = false;
  return {
    post(message) {
      if (!isClosed) socket.send(JSON.stringify(message));
    },
    onMessage(listener) {
      let isRemoved = false;
      socket.addEventListener('message', ({ data }) => {
        if (!isRemoved && !isClosed && typeof data === 'string') listener(JSON.parse(data) as unknown);
      });
      return () => (isRemoved = true);
    },
    close() {
      isClosed = true;
      socket.close();
    },
  };
}

function defaultSchedule(retry: () => void, milliseconds: number): () => void {
  const timer = setTimeout(retry, milliseconds);
  return () => clearTimeout(timer);
}
