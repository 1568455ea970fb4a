import { describe, expect, it } from 'vitest';
import type { ShellSurroundings } from '#cli/studio/chooseShell';
import { chooseShell, isAtLeast } from '#cli/studio/chooseShell';
import type { ElectronPackage } from '#cli/studio/electronPackage';

function electron(installed?: string): ElectronPackage & { installed: string | undefined } {
  return {
    folder: '/app/electron',
    version: '45.0.0',
    installScript: '/app/electron/install.js',
    leastNode: '22.12.0',
    installed,
    binary() {
      return this.installed;
    },
  };
}

const surroundings = (changes: Partial<ShellSurroundings> = {}): ShellSurroundings => ({
  isBrowserWanted: false,
  hasDisplay: true,
  isRoot: false,
  nodeVersion: '22.12.0',
  skipsDownload: false,
  electron: electron(),
  fetch: () => Promise.reject(new Error('must not fetch')),
  ...changes,
});

describe('chooseShell', () => {
  it('takes the installed program whatever Node this is', async () => {
    const choice = await chooseShell(surroundings({ electron: electron('/app/e'), nodeVersion: '20.20.0' }));
    expect(choice).toEqual({ kind: 'desktop', binary: '/app/e' });
  });

  it('fetches it once', async () => {
    const fetched = electron();
    const choice = await chooseShell(
      surroundings({
        electron: fetched,
        fetch: () => {
          fetched.installed = '/app/e';
          return Promise.resolve({ kind: 'fetched' });
        },
      }),
    );
    expect(choice).toEqual({ kind: 'desktop', binary: '/app/e' });
  });

  it.each<[Partial<ShellSurroundings>, string]>([
    [{ isBrowserWanted: true }, '--browser asked for it'],
    [{ hasDisplay: false }, 'this machine has no display'],
    [{ isRoot: true, electron: electron('/app/e') }, 'the desktop window does not run as root'],
    [{ electron: undefined }, 'Electron is not installed'],
    [{ skipsDownload: true }, 'ELECTRON_SKIP_BINARY_DOWNLOAD is set'],
    [{ nodeVersion: '20.20.2' }, 'Electron 45.0.0 is fetched by Node 22.12.0 or newer, this is 20.20.2'],
    [
      { fetch: () => Promise.resolve({ kind: 'failed', reason: 'no network' }) },
      'Electron could not be fetched (no network)',
    ],
    [
      { fetch: () => Promise.resolve({ kind: 'fetched' }) },
      'Electron was fetched but its program is missing',
    ],
  ])('%j: says in one line why it is the browser', async (changes, reason) => {
    expect(await chooseShell(surroundings(changes))).toEqual({
      kind: 'browser',
      reason: `Opening in the browser: ${reason}.`,
    });
  });
});

it.each([
  ['22.12.0', '22.12.0', true],
  ['22.2.0', '22.12.0', false],
  ['24.0.0-nightly', '22.12.0', true],
  ['20.20.2', '22.12.0', false],
  ['23', '22.12.0', true],
])('%s is at least %s: %s', (own, least, expected) => {
  expect(isAtLeast(own, least)).toBe(expected);
});
