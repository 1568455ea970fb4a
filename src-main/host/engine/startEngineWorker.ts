import { Worker } from 'node:worker_threads';
import type { EngineProcess } from '#common/contract/engineProcess';
import { ExitNotice } from '#common/contract/ExitNotice';

/**
 * Starts the engine as a worker thread of this process.
 * @param workerUrl the bundled engineMain.worker.js.
 */
export function startEngineWorker(workerUrl: URL): EngineProcess {
  const worker = new Worker(workerUrl);
  const exit = new ExitNotice();
  worker.on('error', (error) => exit.end(error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => exit.end(`its thread ended with code ${code}`));
  const terminate = async (): Promise<void> => {
    await worker.terminate();
  };
  return {
    port: {
      post: (message, transfer = []) => worker.postMessage(message, transfer),
      onMessage(listener) {
        worker.on('message', listener);
        return () => worker.off('message', listener);
      },
      close: () => void terminate(),
    },
    onExit: (listener) => exit.onExit(listener),
    terminate,
  };
}
