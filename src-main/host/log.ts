export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where the host reports what no caller is waiting for. `facts` must be JSON-safe. */
export interface Log {
  write(level: LogLevel, message: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** For callers that keep no log. */
export const silentLog: Log = { write: () => undefined };
