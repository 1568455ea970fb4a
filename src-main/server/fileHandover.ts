import type { HostEvents, ShellRequest } from '#common/contract/events';
import type { HostDoor } from '#common/contract/transport';

/** A door that also hands files named on the command line to a page. */
export interface FileHandover {
  readonly door: HostDoor;
  /** Asks the next page that listens, and no other, to open these; absolute paths. */
  open(paths: readonly string[]): void;
}

/** What a browser's window is asked takes the way of a desktop shell's requests: the event `shell.didRequest`. */
export function createFileHandover(door: HostDoor): FileHandover {
  const waiting: ShellRequest[] = [];
  return {
    open: (paths) => waiting.push(...paths.map((path) => ({ kind: 'openFile', path }) as const)),
    door: {
      dispatch: (method, params) => door.dispatch(method, params),
      subscribe(event, listener) {
        const remove = door.subscribe(event, listener);
        if (event !== 'shell.didRequest') return remove;
        const tell = listener as (payload: HostEvents['shell.didRequest']) => void;
        let isListening = true;
        // In a later turn: no event arrives before `subscribe` has returned.
        queueMicrotask(() => {
          if (isListening) for (const request of waiting.splice(0)) tell(request);
        });
        return () => {
          isListening = false;
          remove();
        };
      },
    },
  };
}
