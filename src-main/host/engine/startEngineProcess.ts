import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EngineProcess } from '#common/contract/engineProcess';
import { startEngineWorker } from '#host/engine/startEngineWorker';

/** JavaScript objects of a hostile file must not fill the machine; tensors do not count, they lie outside this. */
const HEAP_MEGABYTES = 3072;

/**
 * Starts a worker entry as a process of its own, which may die without taking anything along. Inside Electron, whose
 * packaged program cannot run plain Node (its fuse `runAsNode` is off), it is a thread.
 */
export function startEngineProcess(workerUrl: URL): EngineProcess {
  if (process.versions['electron'] !== undefined) return startEngineWorker(workerUrl);
  const child = fork(fileURLToPath(workerUrl), [], {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`],
    // What drivers and the runtime print on their own is noise; their failures come back as errors.
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
