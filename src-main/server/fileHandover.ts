import type { HostEvents, ShellRequest } from '#common/contract/events';
import type { HostDoor } from '#common/contract/transport';

type Listener = (payload: HostEvents['shell.didRequest']) => void;

/** A door that also hands files to a page: those of the command line, and those of a second start. */
export interface FileHandover {
  readonly door: HostDoor;
  /**
   * Asks one page to open these absolute paths: the one that began to listen last, or the next that does.
   *
   * @returns whether a page is there that was asked
   */
  open(paths: readonly string[]): boolean;
}

/** What a browser's window is asked takes the way of a desktop shell's requests: the event `shell.didRequest`. */
export function createFileHandover(door: HostDoor): FileHandover {
  const waiting: ShellRequest[] = [];
  const listeners = new Set<Listener>();
  return {
    open(paths) {
      if (paths.length === 0) return listeners.size > 0;
      const request = { kind: 'openFiles', paths } as const;
      const newest = [...listeners].at(-1);
      if (newest === undefined) waiting.push(request);
      else newest(request);
      return newest !== undefined;
    },
    door: {
      dispatch: (method, params) => door.dispatch(method, params),
      subscribe(event, listener) {
        const remove = door.subscribe(event, listener);
        if (event !== 'shell.didRequest') return remove;
        const tell: Listener = (request) => (listener as Listener)(request);
        listeners.add(tell);
        // In a later turn: no event arrives before `subscribe` has returned.
        queueMicrotask(() => {
          if (listeners.has(tell)) for (const request of waiting.splice(0)) tell(request);
        });
        return () => {
          listeners.delete(tell);
          remove();
        };
      },
    },
  };
}
