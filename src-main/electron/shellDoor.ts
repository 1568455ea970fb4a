import type { HostEvents, ShellRequest } from '#common/contract/events';
import type { HostDoor } from '#common/contract/transport';

/** A window's way to the host, with what the shell adds to it. */
export interface ShellDoor extends HostDoor {
  /** Asks the page for something; kept until the page listens. */
  request(request: ShellRequest): void;
  /** Whether a page is there that hears requests. */
  readonly isHeard: boolean;
  /** How many projects the page has closed. */
  readonly closedProjects: number;
  /** The page is gone (reload, crash): what is asked from now on waits for the next one. */
  forgetPage(): void;
}

/** More than this many requests can only pile up for a page that never comes. */
const MAXIMUM_WAITING = 32;

/**
 * Decorates the host's door for one window: events `shell.didRequest` come from here, and project files that were
 * opened or saved are told to the system's list of recent documents.
 */
export function createShellDoor(door: HostDoor, addRecentDocument: (path: string) => void): ShellDoor {
  const listeners = new Set<(request: ShellRequest) => void>();
  const waiting: ShellRequest[] = [];
  let closedProjects = 0;
  return {
    get isHeard() {
      return listeners.size > 0;
    },
    get closedProjects() {
      return closedProjects;
    },
    async dispatch(method, params) {
      const result = await door.dispatch(method, params);
      if (method === 'projects.close') closedProjects++;
      const path = projectPath(method, result);
      if (path !== undefined) addRecentDocument(path);
      return result;
    },
    subscribe(event, listener) {
      if (event !== 'shell.didRequest') return door.subscribe(event, listener);
      const entry = (request: ShellRequest): void =>
        (listener as (payload: HostEvents['shell.didRequest']) => void)(request);
      listeners.add(entry);
      // In a later turn: no event arrives before `subscribe` has returned.
      queueMicrotask(() => {
        if (listeners.has(entry)) for (const request of waiting.splice(0)) entry(request);
      });
      return () => listeners.delete(entry);
    },
    request(request) {
      if (listeners.size === 0) {
        waiting.push(request);
        waiting.splice(0, waiting.length - MAXIMUM_WAITING);
      }
      for (const listener of [...listeners]) listener(request);
    },
    forgetPage: () => listeners.clear(),
  };
}

/** The project file a successful call was about. */
function projectPath(method: string, result: unknown): string | undefined {
  if (method !== 'projects.open' && method !== 'projects.save') return undefined;
  if (typeof result !== 'object' || result === null || !('path' in result)) return undefined;
  return typeof result.path === 'string' ? result.path : undefined;
}
