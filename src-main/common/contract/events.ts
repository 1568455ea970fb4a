import type { JobId, JobKind, JobOutcome } from '#common/contract/jobs';

/** Event name -> payload; payloads are JSON-safe. */
export interface HostEvents {
  'jobs.didStart': { readonly jobId: JobId; readonly kind: JobKind };
  /** `fraction` in [0, 1] inside `stage`; sent at most about 30 times a second. */
  'jobs.didProgress': { readonly jobId: JobId; readonly stage: string; readonly fraction: number };
  /** The last event of a job. */
  'jobs.didFinish': { readonly jobId: JobId; readonly outcome: JobOutcome };
  /** The gallery has other avatars now; ask `library.list`. */
  'library.didChange': Record<never, never>;
  /** The shell wants something of the page: a menu command, a file to open, the window about to close. */
  'shell.didRequest': ShellRequest;
}

/** What a native shell asks of the page. */
export type ShellRequest =
  | { readonly kind: 'command'; readonly commandId: string }
  /** Absolute paths of projects, avatars and pictures, as named on one command line or dropped on the icon. */
  | { readonly kind: 'openFiles'; readonly paths: readonly string[] }
  | { readonly kind: 'close' };

export type HostEventName = keyof HostEvents;

const NAMES: Readonly<Record<HostEventName, true>> = {
  'jobs.didStart': true,
  'jobs.didProgress': true,
  'jobs.didFinish': true,
  'library.didChange': true,
  'shell.didRequest': true,
};

/** Every event, for carriers that must know the names. */
export const HOST_EVENTS = Object.keys(NAMES) as readonly HostEventName[];
