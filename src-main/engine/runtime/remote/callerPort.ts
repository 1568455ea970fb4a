import { parentPort } from 'node:worker_threads';
import { invariant } from '#common/contract/errors';
import type { Port } from '#common/contract/port';

/** The way to whoever started this entry, as a worker thread or as a forked process; the caller cannot tell them apart. */
export function callerPort(): Port {
  return parentPort === null ? portOfProcess() : portOfThread(parentPort);
}

function portOfThread(parent: NonNullable<typeof parentPort>): Port {
  return {
    post: (message, transfer = []) => parent.postMessage(message, transfer),
    onMessage(listener) {
      parent.on('message', listener);
      return () => parent.off('message', listener);
    },
    close: () => parent.close(),
  };
}

function portOfProcess(): Port {
  invariant(process.send !== undefined, 'a worker entry runs as a worker thread or a forked process');
  // A caller that is gone will ask nothing any more.
  process.on('disconnect', () => process.exit(0));
  return {
    post: (message) => void process.send?.(message),
    onMessage(listener) {
      process.on('message', listener);
      return () => process.off('message', listener);
    },
    close: () => process.disconnect(),
  };
}
