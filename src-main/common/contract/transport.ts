import type { HostEventName, HostEvents } from '#common/contract/events';
import type { HostApi, HostMethod } from '#common/contract/hostApi';

/**
 * The two primitives every carrier offers (memory, a message port, WebSocket, Electron IPC).
 * A carrier never interprets what it carries, so every host gets the whole API from it.
 */
export interface Transport {
  /** Rejects with an AppError, whatever the carrier. */
  invoke<Method extends HostMethod>(
    method: Method,
    params: HostApi[Method]['params'],
  ): Promise<HostApi[Method]['result']>;
  /** Events arrive in order, none before `subscribe` returns. Returns a function that ends the subscription. */
  subscribe<Name extends HostEventName>(
    event: Name,
    listener: (payload: HostEvents[Name]) => void,
  ): () => void;
  /** Open calls reject with `connection.lost`; safe to call twice. */
  close(): void;
}

/** The host's side of every carrier: untyped on purpose, because what arrives is not to be trusted. */
export interface HostDoor {
  /** Validates `params`, runs the method; rejects with an AppError. */
  dispatch(method: string, params: unknown): Promise<unknown>;
  subscribe<Name extends HostEventName>(
    event: Name,
    listener: (payload: HostEvents[Name]) => void,
  ): () => void;
}
