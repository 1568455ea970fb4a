import { parentPort } from 'node:worker_threads';
import { toWire } from '#common/contract/wire';
import { invariant } from '#common/contract/errors';
import { tryEncoder } from '#host/export/video/tryEncoder';
import { VideoSession } from '#host/export/video/videoSession';
import type { FromVideoWorker, ToVideoWorker } from '#host/export/video/workerMessages';

invariant(parentPort !== null, 'videoEncode.worker runs as a worker thread');
const port = parentPort;
let session: VideoSession | undefined;

async function handle(message: ToVideoWorker): Promise<void> {
  switch (message.kind) {
    case 'open':
      session = await VideoSession.open(message, message.settings);
      return post({ kind: 'opened' });
    case 'frame':
      invariant(session !== undefined, 'a session is open before frames come');
      await session.add(new Uint8Array(message.buffer));
      return post({ kind: 'taken', buffer: message.buffer }, [message.buffer]);
    case 'finish':
      invariant(session !== undefined, 'a session is open before it is finished');
      return post({ kind: 'finished', ...(await session.finish()) });
    case 'try':
      return post({ kind: 'tried', ...(await tryEncoder(message.settings)) });
  }
}

function post(message: FromVideoWorker, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

// One at a time: encoders are stateful and frames must keep their order.
let queue = Promise.resolve();
port.on('message', (message: ToVideoWorker) => {
  queue = queue
    .then(() => handle(message))
    .catch((error: unknown) => post({ kind: 'failed', error: toWire(error) }));
});
