import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { reportFailure } from '#cli/commandSession';
import { EXIT_CANCELLED } from '#cli/exitCodes';
import { chooseShell } from '#cli/studio/chooseShell';
import { findElectronPackage } from '#cli/studio/electronPackage';
import { fetchElectron } from '#cli/studio/fetchElectron';
import { runBrowserStudio } from '#cli/studio/runBrowserStudio';
import { runDesktopStudio } from '#cli/studio/runDesktopStudio';
import type { ShellOptions } from '#host/composeHost';
import type { Host } from '#host/createHost';
import { defaultDataDirectory } from '#host/data/dataDirectory';
import { hasDisplay } from '#server/openInBrowser';

interface StudioOptions {
  readonly port?: number;
  readonly open: boolean;
  readonly browser?: boolean;
}

/** @param bundleUrl URL of a file in `dist/`, beside which the desktop shell lies */
export function addStudioCommand(
  program: Command,
  openHost: (options: ShellOptions) => Promise<Host>,
  bundleUrl: string,
): void {
  program
    .command('studio')
    .description('Open the studio: in a window of its own where Electron runs, else in the browser.')
    .argument('[files...]', 'a project (.avatarartist), avatar or picture to open')
    .option('--port <n>', 'port of the browser studio, 127.0.0.1 only (default: any free one)', parsePort)
    .option('--browser', 'use the browser even where a desktop window is possible')
    .option('--no-open', 'print the address and open nothing')
    .action(async (files: string[], options: StudioOptions) => {
      try {
        await runStudio(files, options, openHost, bundleUrl);
      } catch (error) {
        reportFailure(error, {});
      }
    });
}

async function runStudio(
  files: readonly string[],
  options: StudioOptions,
  openHost: (options: ShellOptions) => Promise<Host>,
  bundleUrl: string,
): Promise<void> {
  const paths = files.map((file) => resolve(file));
  const say = (line: string): void => console.log(line);
  const choice = await chooseShell({
    isBrowserWanted: isBrowserAskedFor(options),
    hasDisplay: hasDisplay(),
    isRoot: process.platform === 'linux' && process.getuid?.() === 0,
    nodeVersion: process.versions.node,
    skipsDownload: Boolean(process.env['ELECTRON_SKIP_BINARY_DOWNLOAD']),
    electron: findElectronPackage(bundleUrl),
    fetch: async (electron) => {
      say(`Fetching Electron ${electron.version} for the desktop window, about 120 MB, once ...`);
      const isTerminal = process.stderr.isTTY;
      const outcome = await fetchElectron(electron, {
        onProgress: (seconds) => isTerminal && process.stderr.write(`\r  ${seconds} s`),
      });
      if (isTerminal) process.stderr.write('\r          \r');
      return outcome;
    },
  });
  if (choice.kind === 'desktop') {
    // The package's folder: its package.json names the main script and gives the app its name.
    const app = fileURLToPath(new URL('..', bundleUrl));
    const failure = await runDesktopStudio(choice.binary, app, paths);
    if (failure === undefined) return;
    say(`Opening in the browser: the desktop window did not start (${failure}).`);
  } else if (!isBrowserAskedFor(options)) {
    say(choice.reason);
  }
  await runBrowserStudio({
    dataDirectory: defaultDataDirectory(),
    ...(options.port === undefined ? {} : { port: options.port }),
    opensBrowser: options.open,
    files: paths,
    openHost,
    say,
    ended: untilAskedToEnd(),
  });
}

/** A port, or an address to open by hand, only make sense in a browser. */
function isBrowserAskedFor({ browser, port, open }: StudioOptions): boolean {
  return browser === true || port !== undefined || !open;
}

/** The first Ctrl-C (or the like) ends in order; a second one does not wait. */
function untilAskedToEnd(): Promise<void> {
  return new Promise((resolvePromise) => {
    let isAsked = false;
    const ask = (): void => {
      if (isAsked) process.exit(EXIT_CANCELLED);
      isAsked = true;
      console.log('Ending ...');
      resolvePromise();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new InvalidArgumentError('must be a whole number from 1 to 65535');
  }
  return port;
}
