import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The parts of the machine the search looks at; tests bring their own. */
export interface BrowserSurroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly exists: (path: string) => boolean;
}

/**
 * Path of an installed Chrome, Chromium or Edge, or undefined. `AVATARARTIST_BROWSER` (or `CHROME_PATH`) names one
 * by hand; a name that does not exist counts as none, so that a mistake is noticed.
 */
export function findBrowser(surroundings: Partial<BrowserSurroundings> = {}): string | undefined {
  const full: BrowserSurroundings = {
    platform: process.platform,
    environment: process.env,
    home: homedir(),
    exists: existsSync,
    ...surroundings,
  };
  const chosen = full.environment['AVATARARTIST_BROWSER'] ?? full.environment['CHROME_PATH'];
  const paths = chosen === undefined || chosen === '' ? usualPaths(full) : [chosen];
  return paths.find((path) => full.exists(path));
}

function usualPaths(surroundings: BrowserSurroundings): string[] {
  switch (surroundings.platform) {
    case 'win32':
      return windowsPaths(surroundings);
    case 'darwin':
      return macPaths(surroundings);
    default:
      return linuxPaths(surroundings);
  }
}

function linuxPaths({ environment }: BrowserSurroundings): string[] {
  const names = [
    'google-chrome',
    'google-chrome-stable',
    'chromium',
    'chromium-browser',
    'microsoft-edge',
    'microsoft-edge-stable',
  ];
  // The usual folders too: a service or a script may have a PATH of its own.
  const folders = [
    ...(environment['PATH'] ?? '').split(delimiter),
    '/usr/bin',
    '/usr/local/bin',
    '/snap/bin',
  ];
  const inFolders = names.flatMap((name) =>
    folders.filter((folder) => folder !== '').map((folder) => join(folder, name)),
  );
  return [...inFolders, '/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge'];
}

function macPaths({ home }: BrowserSurroundings): string[] {
  const names = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
  return names.flatMap((name) =>
    ['/Applications', join(home, 'Applications')].map((folder) =>
      join(folder, `${name}.app`, 'Contents', 'MacOS', name),
    ),
  );
}

function windowsPaths({ environment }: BrowserSurroundings): string[] {
  const bases = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .map((name) => environment[name])
    .filter((base) => base !== undefined);
  const programs = [
    ['Google', 'Chrome', 'Application', 'chrome.exe'],
    ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
    ['Chromium', 'Application', 'chrome.exe'],
  ];
  return programs.flatMap((program) => bases.map((base) => [base, ...program].join('\\')));
}
