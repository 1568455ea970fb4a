import { invariant } from '#common/contract/errors';
import type { Port } from '#common/contract/port';
import { serveBackend } from '#engine/runtime/remote/serveBackend';
import { parentPort } from 'node:worker_threads';

// Runs as a worker thread or as a forked process; the caller's RemoteBackend cannot tell them apart.
serveBackend(parentPort === null ? portOfProcess() : portOfThread(parentPort));

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
  invariant(process.send !== undefined, 'backendMain.worker runs as a worker thread or a forked process');
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
