import { spawn } from 'node:child_process';
import { findBrowser } from '#server/findBrowser';

export interface OpenSurroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Starts a program that outlives us; false where it could not be started. */
  readonly launch: (program: string, parameters: readonly string[]) => Promise<boolean>;
  readonly browser: () => string | undefined;
}

/** Whether this machine can show a window at all. A Linux without a display server cannot. */
export function hasDisplay(
  platform: NodeJS.Platform = process.platform,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(environment['DISPLAY']) || Boolean(environment['WAYLAND_DISPLAY']);
}

/**
 * Opens an address in the user's browser: the system's choice, else an installed Chromium.
 * @returns false where nothing could be opened; the caller prints the address in any case
 */
export async function openInBrowser(
  url: string,
  surroundings: Partial<OpenSurroundings> = {},
): Promise<boolean> {
  const { platform = process.platform, environment = process.env } = surroundings;
  const { launch = launchDetached, browser = findBrowser } = surroundings;
  if (!hasDisplay(platform, environment)) return false;
  if (platform === 'darwin') return launch('open', [url]);
  // Not `start`: a shell would read the address.
  if (platform === 'win32') return launch('rundll32', ['url.dll,FileProtocolHandler', url]);
  if (await launch('xdg-open', [url])) return true;
  const path = browser();
  return path !== undefined && launch(path, [url]);
}

function launchDetached(program: string, parameters: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, { detached: true, stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
