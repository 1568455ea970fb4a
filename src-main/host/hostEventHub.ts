import type { HostEventName, HostEvents } from '#common/contract/events';
import type { Log } from '#host/log';

type Listener = (payload: never) => void;

export interface HostEventHub {
  emit<Name extends HostEventName>(event: Name, payload: HostEvents[Name]): void;
  subscribe<Name extends HostEventName>(
    event: Name,
    listener: (payload: HostEvents[Name]) => void,
  ): () => void;
  clear(): void;
}

/** Hands every event to its listeners in order; a listener that throws is logged and does not stop the others. */
export function createHostEventHub(log: Log): HostEventHub {
  const listeners = new Map<HostEventName, Set<Listener>>();
  return {
    emit(event, payload) {
      for (const listener of [...(listeners.get(event) ?? [])]) {
        try {
          listener(payload as never);
        } catch (error) {
          log.write('error', `A listener of ${event} failed`, { error: String(error) });
        }
      }
    },
    subscribe(event, listener) {
      const set = listeners.get(event) ?? new Set<Listener>();
      listeners.set(event, set);
      // Wrapped, so that one function subscribed twice is two subscriptions.
      const entry: Listener = (payload) => listener(payload);
      set.add(entry);
      return () => set.delete(entry);
    },
    clear: () => listeners.clear(),
  };
}
