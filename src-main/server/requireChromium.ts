import { spawnSync } from 'node:child_process';
import { AppError } from '#common/contract/errors';
import type { BrowserSurroundings } from '#server/findBrowser';
import { findBrowser } from '#server/findBrowser';

export interface ChromiumSurroundings extends BrowserSurroundings {
  readonly isRoot: boolean;
  /** Runs a program to its end; false where it failed or is not there. */
  readonly run: (program: string, ...parameters: string[]) => boolean;
}

/**
 * A Chromium for tests and benches: an installed Chrome, Chromium or Edge, or Debian's package, which is installed
 * where that is allowed (Linux, root, apt).
 *
 * @throws AppError `capability.missing`, saying exactly what to do
 */
export function requireChromium(surroundings: Partial<ChromiumSurroundings> = {}): string {
  const platform = surroundings.platform ?? process.platform;
  const isRoot = surroundings.isRoot ?? process.getuid?.() === 0;
  const run = surroundings.run ?? runToEnd;
  const found = findBrowser(surroundings);
  if (found !== undefined) return found;
  const chosen = (surroundings.environment ?? process.env)['AVATARARTIST_BROWSER'];
  if (chosen !== undefined && chosen !== '') {
    throw missing(`AVATARARTIST_BROWSER names ${chosen}, which does not exist. Correct or unset it.`);
  }
  if (platform === 'linux' && isRoot && run('apt-get', 'update')) {
    run('apt-get', 'install', '--yes', '--no-install-recommends', 'chromium');
    const installed = findBrowser(surroundings);
    if (installed !== undefined) return installed;
    throw missing('"apt-get install chromium" did not bring one. Run it by hand to see why.');
  }
  throw missing(ADVICE[platform] ?? OTHER_ADVICE);
}

const OTHER_ADVICE =
  'Install Chrome, Chromium or Edge, or set AVATARARTIST_BROWSER to the path of one that is installed elsewhere.';

const ADVICE: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: `Run "sudo apt-get install chromium" (Debian, Ubuntu) or your system's counterpart. ${OTHER_ADVICE}`,
};

function missing(advice: string): AppError {
  return new AppError('capability.missing', `This needs a Chromium browser and none was found. ${advice}`);
}

function runToEnd(program: string, ...parameters: string[]): boolean {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(program, parameters, { stdio: 'ignore', env: environment }).status === 0;
}
