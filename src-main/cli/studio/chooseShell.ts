import type { ElectronPackage } from '#cli/studio/electronPackage';
import type { FetchOutcome } from '#cli/studio/fetchElectron';

export type ShellChoice =
  | { readonly kind: 'desktop'; readonly binary: string }
  /** `reason` is one line for people: why no window of our own. */
  | { readonly kind: 'browser'; readonly reason: string };

export interface ShellSurroundings {
  readonly isBrowserWanted: boolean;
  readonly hasDisplay: boolean;
  /** Chromium's sandbox does not run as root, and we do not run without it. */
  readonly isRoot: boolean;
  readonly nodeVersion: string;
  readonly skipsDownload: boolean;
  readonly electron: ElectronPackage | undefined;
  readonly fetch: (electron: ElectronPackage) => Promise<FetchOutcome>;
}

/** A window of our own where its program is there or can be fetched, a browser's otherwise. Never fails. */
export async function chooseShell(surroundings: ShellSurroundings): Promise<ShellChoice> {
  const { electron, nodeVersion } = surroundings;
  const inBrowser = (reason: string): ShellChoice => ({
    kind: 'browser',
    reason: `Opening in the browser: ${reason}.`,
  });
  if (surroundings.isBrowserWanted) return inBrowser('--browser asked for it');
  if (!surroundings.hasDisplay) return inBrowser('this machine has no display');
  if (surroundings.isRoot) return inBrowser('the desktop window does not run as root');
  if (electron === undefined) return inBrowser('Electron is not installed');
  const installed = electron.binary();
  if (installed !== undefined) return { kind: 'desktop', binary: installed };
  if (surroundings.skipsDownload) return inBrowser('ELECTRON_SKIP_BINARY_DOWNLOAD is set');
  if (!isAtLeast(nodeVersion, electron.leastNode)) {
    return inBrowser(
      `Electron ${electron.version} is fetched by Node ${electron.leastNode} or newer, this is ${nodeVersion}`,
    );
  }
  const outcome = await surroundings.fetch(electron);
  if (outcome.kind === 'failed') return inBrowser(`Electron could not be fetched (${outcome.reason})`);
  const fetched = electron.binary();
  return fetched === undefined
    ? inBrowser('Electron was fetched but its program is missing')
    : { kind: 'desktop', binary: fetched };
}

/** Compares dotted version numbers; anything after a dash is ignored. */
export function isAtLeast(version: string, least: string): boolean {
  const parse = (text: string): number[] => text.split('-')[0].split('.').map(Number);
  const [own, wanted] = [parse(version), parse(least)];
  for (let index = 0; index < 3; index++) {
    const difference = (own[index] ?? 0) - (wanted[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
