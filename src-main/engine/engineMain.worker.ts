import { invariant } from '#common/contract/errors';
import type { Port } from '#common/contract/port';
import { createFaceTracker } from '#engine/tracking/createFaceTracker';
import { serveFaceTracker } from '#engine/tracking/serveFaceTracker';
import { parentPort } from 'node:worker_threads';

invariant(parentPort !== null, 'engineMain.worker runs as a worker thread');
const parent = parentPort;

const port: Port = {
  post: (message, transfer = []) => parent.postMessage(message, transfer),
  onMessage(listener) {
    parent.on('message', listener);
    return () => parent.off('message', listener);
  },
  close: () => parent.close(),
};

serveFaceTracker(port, createFaceTracker());
