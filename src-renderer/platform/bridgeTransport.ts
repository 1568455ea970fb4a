import { createPortTransport } from '#common/contract/portTransport';
import { createConnectionSignal } from '$platform/connectionSignal';
import type { WatchedTransport } from '$platform/watchedTransport';

/** What a desktop shell's preload script offers the page: a message channel and nothing else. */
export interface HostBridge {
  post(message: unknown): void;
  /** Returns a function that removes the listener. */
  onMessage(listener: (message: unknown) => void): () => void;
}

declare global {
  interface Window {
    /** Present where a shell has offered it before the page's first script ran. */
    readonly avatarArtistBridge?: HostBridge;
  }
}

/** Carries calls over a shell's bridge. The shell lives as long as the page, so this is open until closed. */
export function createBridgeTransport(bridge: HostBridge): WatchedTransport {
  const removers = new Set<() => void>();
  const signal = createConnectionSignal('open');
  const transport = createPortTransport({
    post: (message) => bridge.post(message),
    onMessage(listener) {
      const remove = bridge.onMessage(listener);
      removers.add(remove);
      return () => {
        removers.delete(remove);
        remove();
      };
    },
    close() {
      for (const remove of removers) remove();
      removers.clear();
    },
  });
  return {
    ...transport,
    get state() {
      return signal.state;
    },
    onStateChange: (listener) => signal.onStateChange(listener),
    close() {
      transport.close();
      signal.enter('closed');
    },
  };
}
