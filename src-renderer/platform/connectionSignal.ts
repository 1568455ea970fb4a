import type { ConnectionState } from '$platform/watchedTransport';

/** The state of one carrier and who wants to hear of it. */
export interface ConnectionSignal {
  readonly state: ConnectionState;
  /** Tells the listeners, unless it is the state already. */
  enter(state: ConnectionState): void;
  onStateChange(listener: (state: ConnectionState) => void): () => void;
}

export function createConnectionSignal(initial: ConnectionState): ConnectionSignal {
  const listeners = new Set<(state: ConnectionState) => void>();
  let state = initial;
  return {
    get state() {
      return state;
    },
    enter(next) {
      if (state === next) return;
      state = next;
      for (const listener of [...listeners]) listener(next);
      if (next === 'closed') listeners.clear();
    },
    onStateChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
