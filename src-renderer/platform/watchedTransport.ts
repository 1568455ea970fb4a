import type { Transport } from '#common/contract/transport';

/**
 * connecting: the first connection is not there yet, calls wait for it. open: calls are answered. lost: it was
 * there and is being sought again; calls reject with `connection.lost` at once. closed: by us, for good.
 */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'closed';

/** A carrier that says whether it carries. */
export interface WatchedTransport extends Transport {
  readonly state: ConnectionState;
  /** Called after every change with the new state. Returns a function that removes the listener. */
  onStateChange(listener: (state: ConnectionState) => void): () => void;
}
