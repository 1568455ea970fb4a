import { Worker } from 'node:worker_threads';
import type { EngineProcess } from '#common/contract/engineProcess';

/**
 * Starts the engine as a worker thread of this process.
 * @param workerUrl the bundled engineMain.worker.js.
 */
export function startEngineWorker(workerUrl: URL): EngineProcess {
  const worker = new Worker(workerUrl);
  const exitListeners: ((reason: string) => void)[] = [];
  let exitReason: string | undefined;
  const didExit = (reason: string): void => {
    if (exitReason !== undefined) return;
    exitReason = reason;
    for (const listener of exitListeners) listener(reason);
  };
  worker.on('error', (error) => didExit(error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => didExit(`its thread ended with code ${code}`));
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
    onExit(listener) {
      if (exitReason !== undefined) listener(exitReason);
      else exitListeners.push(listener);
    },
    terminate,
  };
}
