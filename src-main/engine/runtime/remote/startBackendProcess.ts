import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EngineProcess } from '#common/contract/engineProcess';

/**
 * Starts `backendMain.worker` as a process: the only thing that survives native code which aborts, as a broken
 * driver does. Arrays are copied between processes; a thread would transfer them, but die with its process.
 *
 * @param workerUrl the bundled backendMain.worker.js
 */
export function startBackendProcess(workerUrl: URL): EngineProcess {
  // What drivers and the runtime print on their own is noise; their failures come back as errors.
  const child = fork(fileURLToPath(workerUrl), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const exitListeners: ((reason: string) => void)[] = [];
  let exitReason: string | undefined;
  const didExit = (reason: string): void => {
    if (exitReason !== undefined) return;
    exitReason = reason;
    for (const listener of exitListeners) listener(reason);
  };
  child.on('error', (error) => didExit(error.message));
  child.on('exit', (code, signal) =>
    didExit(signal === null ? `its process ended with code ${code}` : `its process died by ${signal}`),
  );
  const gone = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const terminate = async (): Promise<void> => {
    if (exitReason !== undefined) return;
    child.kill('SIGKILL');
    await gone;
  };
  return {
    port: {
      post: (message) => {
        // A process that is gone is reported by its exit.
        if (child.connected) child.send(message as object, () => undefined);
      },
      onMessage(listener) {
        child.on('message', listener);
        return () => child.off('message', listener);
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
