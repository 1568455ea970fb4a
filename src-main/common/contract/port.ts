/**
 * A two-way message channel, the least that `worker_threads`, Electron's `UtilityProcess` and a page's
 * `MessagePort` have in common. Messages are structured-cloned; listed buffers move instead of being copied
 * and are empty for the sender afterwards.
 */
export interface Port {
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  /** Returns a function that removes the listener. Messages keep their order. */
  onMessage(listener: (message: unknown) => void): () => void;
  /** No message is sent or delivered afterwards. Safe to call twice. */
  close(): void;
}
