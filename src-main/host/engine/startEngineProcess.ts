import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EngineProcess } from '#common/contract/engineProcess';
import { ExitNotice } from '#common/contract/ExitNotice';
import { startEngineWorker } from '#host/engine/startEngineWorker';

/** JavaScript objects of a hostile file must not fill the machine; arrays do not count, they lie outside this. */
const HEAP_MEGABYTES = 3072;

/**
 * Starts a worker entry as a process of its own: the only thing that survives native code which aborts, as a broken driver
 * does. Arrays are copied between processes; a thread would transfer them, but die with its process. Inside Electron, whose
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
  const exit = new ExitNotice();
  child.on('error', (error) => exit.end(error.message));
  child.on('exit', (code, signal) =>
    exit.end(signal === null ? `its process ended with code ${code}` : `its process died by ${signal}`),
  );
  const gone = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const terminate = async (): Promise<void> => {
    if (exit.hasEnded) return;
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
    onExit: (listener) => exit.onExit(listener),
    terminate,
  };
}
