import { spawn } from 'node:child_process';

/** Electron that ends sooner than this with a failure never showed a window (a library is missing, no GPU process). */
const EARLY_MILLISECONDS = 8000;

/**
 * Runs the desktop window until it ends. Ctrl-C is passed on as a request to end, so that the window can save.
 *
 * @param app folder whose package.json names the main script
 * @param files to open
 * @returns why it never came up, or undefined after a normal run
 */
export function runDesktopStudio(
  binary: string,
  app: string,
  files: readonly string[],
): Promise<string | undefined> {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(binary, [app, ...files], { stdio: 'inherit' });
    const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    for (const signal of signals) process.on(signal, passOn);
    const finish = (reason: string | undefined): void => {
      for (const signal of signals) process.off(signal, passOn);
      resolve(reason);
    };
    child.once('error', (error) => finish(error.message));
    child.once('exit', (code, signal) => {
      const isFailure = code !== 0 && signal !== 'SIGINT' && signal !== 'SIGTERM';
      const isEarly = performance.now() - started < EARLY_MILLISECONDS;
      finish(isFailure && isEarly ? `it ended at once with ${code ?? signal}` : undefined);
    });
  });
}
