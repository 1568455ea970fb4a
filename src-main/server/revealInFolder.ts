import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '#common/contract/errors';
import { hasDisplay } from '#server/openInBrowser';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * How this machine shows a file in its file manager, or undefined where it cannot (no display). On Linux the file
 * manager is asked over D-Bus to select the file; one that does not know how gets the folder opened.
 */
export function createReveal(
  platform: NodeJS.Platform = process.platform,
  environment: Environment = process.env,
): ((path: string) => Promise<void>) | undefined {
  if (!hasDisplay(platform, environment)) return undefined;
  return async (path) => {
    for (const [program, ...parameters] of revealCommands(platform, path)) {
      if (await run(program, parameters)) return;
    }
    throw new AppError('capability.missing', 'No file manager could be opened on this machine.');
  };
}

/** What to run, in order, until one succeeds. */
export function revealCommands(
  platform: NodeJS.Platform,
  path: string,
): readonly (readonly [string, ...string[]])[] {
  if (platform === 'darwin') return [['open', '-R', path]];
  if (platform === 'win32') return [['explorer.exe', `/select,${path}`]];
  const uri = pathToFileURL(path).href.replaceAll(',', '%2C');
  return [
    [
      'dbus-send',
      '--session',
      '--print-reply',
      '--dest=org.freedesktop.FileManager1',
      '/org/freedesktop/FileManager1',
      'org.freedesktop.FileManager1.ShowItems',
      `array:string:${uri}`,
      'string:',
    ],
    ['xdg-open', dirname(path)],
  ];
}

function run(program: string, parameters: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, { stdio: 'ignore', timeout: 10_000 });
    child.once('error', () => resolve(false));
    // Explorer returns 1 when it has shown the file.
    child.once('exit', (code) => resolve(code === 0 || program === 'explorer.exe'));
  });
}
