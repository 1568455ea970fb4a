import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** The npm package of Electron as it lies in node_modules; its binary is fetched apart. */
export interface ElectronPackage {
  readonly folder: string;
  readonly version: string;
  /** Script that fetches the binary. */
  readonly installScript: string;
  /** Least Node the script runs on, e.g. "22.12.0". */
  readonly leastNode: string;
  /** Path of the program, or undefined while it was not fetched. */
  binary(): string | undefined;
}

const manifestSchema = z.object({
  version: z.string(),
  engines: z.object({ node: z.string() }).optional(),
});

/** Undefined where the package is not installed (a production install leaves it out). */
export function findElectronPackage(from: string): ElectronPackage | undefined {
  let manifestPath: string;
  try {
    manifestPath = createRequire(from).resolve('electron/package.json');
  } catch {
    // Not installed: an expected absence.
    return undefined;
  }
  const folder = dirname(manifestPath);
  const { version, engines } = manifestSchema.parse(JSON.parse(readFileSync(manifestPath, 'utf8')));
  return {
    folder,
    version,
    installScript: join(folder, 'install.js'),
    leastNode: engines?.node.replace(/^\D+/, '') ?? '0.0.0',
    binary: () => findBinary(folder, version),
  };
}

/** Where Electron's own index.js looks, without running it: that would start a download. */
function findBinary(folder: string, version: string): string | undefined {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const program = readIfThere(join(folder, 'path.txt')) ?? DEFAULT_PROGRAM[process.platform];
  if (program === undefined) return undefined;
  if (override !== undefined && override !== '') {
    const path = join(override, program);
    return existsSync(path) ? path : undefined;
  }
  // Half a download has no version file, and one of an older version is of no use.
  if (readIfThere(join(folder, 'dist', 'version'))?.replace(/^v/, '') !== version) return undefined;
  const path = join(folder, 'dist', program);
  return existsSync(path) ? path : undefined;
}

const DEFAULT_PROGRAM: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'electron',
  win32: 'electron.exe',
  darwin: 'Electron.app/Contents/MacOS/Electron',
};

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}
