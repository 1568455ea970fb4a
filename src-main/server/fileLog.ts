import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Log } from '#host/log';

/** At this size the log is put aside (one old one is kept), so that it never grows past twice this. */
const MAXIMUM_BYTES = 1024 * 1024;

/**
 * Appends what nobody waits for to a file, one JSON line each. Written at once: the line that explains a crash must
 * not be in a buffer. A log that cannot be written is no reason to stop.
 */
export function createFileLog(path: string, now: () => Date = () => new Date()): Log {
  return {
    write(level, message, facts) {
      if (level === 'debug') return;
      try {
        mkdirSync(dirname(path), { recursive: true });
        if (sizeOf(path) > MAXIMUM_BYTES) renameSync(path, `${path}.old`);
        appendFileSync(path, `${JSON.stringify({ time: now().toISOString(), level, message, ...facts })}\n`);
      } catch {
        // There is nowhere left to say it.
      }
    },
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
