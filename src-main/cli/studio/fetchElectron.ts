import { spawn } from 'node:child_process';
import type { ElectronPackage } from '#cli/studio/electronPackage';

export type FetchOutcome =
  { readonly kind: 'fetched' } | { readonly kind: 'failed'; readonly reason: string };

export interface FetchOptions {
  /** Told every second how long it has taken. */
  readonly onProgress: (elapsedSeconds: number) => void;
  readonly timeoutMilliseconds?: number;
  /** Whether the server of the releases can be reached at all; asked first, because a blocked network only hangs. */
  readonly canReach?: () => Promise<boolean>;
  readonly signal?: AbortSignal;
}

/** About 120 MB; whoever needs longer starts in the browser now and fetches with `npx install-electron`. */
const TIMEOUT_MILLISECONDS = 180_000;

/**
 * Fetches Electron's program with Electron's own script (checksums verified by it). Runs it as a process of its own,
 * so that it can be ended; what it has half done it starts anew the next time.
 */
export async function fetchElectron(electron: ElectronPackage, options: FetchOptions): Promise<FetchOutcome> {
  const { timeoutMilliseconds = TIMEOUT_MILLISECONDS, canReach = reachesReleases } = options;
  if (!(await canReach())) return { kind: 'failed', reason: 'no network' };
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [electron.installScript], { stdio: ['ignore', 'ignore', 'pipe'] });
    let lastLines = '';
    const progress = setInterval(
      () => options.onProgress(Math.round((performance.now() - started) / 1000)),
      1000,
    );
    const limit = setTimeout(
      () => end(`took longer than ${timeoutMilliseconds / 1000} s`),
      timeoutMilliseconds,
    );
    const stop = (): void => end('stopped');
    options.signal?.addEventListener('abort', stop, { once: true });
    const finish = (outcome: FetchOutcome): void => {
      clearInterval(progress);
      clearTimeout(limit);
      options.signal?.removeEventListener('abort', stop);
      resolve(outcome);
    };
    const end = (reason: string): void => {
      child.kill();
      finish({ kind: 'failed', reason });
    };
    child.stderr.on('data', (chunk: Buffer) => (lastLines = (lastLines + chunk.toString()).slice(-2000)));
    child.once('error', (error) => finish({ kind: 'failed', reason: error.message }));
    child.once('exit', (code) => {
      if (code === 0) finish({ kind: 'fetched' });
      else finish({ kind: 'failed', reason: firstErrorLine(lastLines) ?? `exit code ${code}` });
    });
  });
}

function firstErrorLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => /error|refused|denied|not found/i.test(line))
    ?.slice(0, 120);
}

async function reachesReleases(): Promise<boolean> {
  const { env } = process;
  // Through a proxy only the script knows the way.
  if ([env['HTTPS_PROXY'], env['https_proxy'], env['npm_config_https_proxy']].some(Boolean)) return true;
  const mirror = env['ELECTRON_MIRROR'] ?? env['npm_config_electron_mirror'];
  try {
    await fetch(mirror ?? 'https://github.com/', { method: 'HEAD', signal: AbortSignal.timeout(5000) });
    return true;
  } catch {
    // Whatever the reason, the answer is no.
    return false;
  }
}
