import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename, dirname, isAbsolute, join, parse, resolve } from 'node:path';
import type { FileRoot } from '#common/contract/api/filesApi';
import { AppError } from '#common/contract/errors';
import { systemCode } from '#host/files/diskErrors';
import { isInside } from '#host/files/isInside';

export interface FileAccessOptions {
  readonly home: string;
  readonly workingDirectory: string;
  readonly dataDirectory: string;
  /** Folders of the installation that calls may name (sample portraits); granted, not offered in dialogs. */
  readonly readableFolders: readonly string[];
  /** False for the command line, whose user may name any path: `authorise` then lets everything through. */
  readonly isConfined: boolean;
  readonly platform?: NodeJS.Platform;
}

/** Decides which paths a caller may name. */
export interface FileAccess {
  /** Folders a file dialog starts from; only those that exist. */
  roots(): Promise<FileRoot[]>;
  /**
   * The absolute path, if it lies under a root, both as written and after every symbolic link; it need not
   * exist. Applies to every host, confined or not.
   *
   * @throws AppError `files.outsideRoots`
   */
  insideRoots(path: string): Promise<string>;
  /** As `insideRoots` in a confined host; otherwise returns `path` as it is. */
  authorise(path: string): Promise<string>;
  /** Lets one path through, because the user has chosen it in a native dialog or opened it from the desktop. */
  grant(path: string): void;
}

/** The usual folders of a home, in the order a dialog shows them. */
const HOME_FOLDERS = ['Desktop', 'Documents', 'Pictures', 'Downloads'];

export function createFileAccess(options: FileAccessOptions): FileAccess {
  const granted = new Set<string>();

  const roots = async (): Promise<FileRoot[]> => {
    const candidates = [
      { name: 'Home', path: options.home },
      ...HOME_FOLDERS.map((name) => ({ name, path: join(options.home, name) })),
      ...workingRoot(options.workingDirectory),
      { name: 'Studio data', path: options.dataDirectory },
      ...(await mountedDrives(options.platform ?? process.platform)),
    ];
    const isOffered = await Promise.all(candidates.map(({ path }) => isFolder(path)));
    const seen = new Set<string>();
    return candidates.filter(({ path }, index) => {
      const isNew = isOffered[index] && !seen.has(resolve(path));
      seen.add(resolve(path));
      return isNew;
    });
  };

  const insideRoots = async (path: string): Promise<string> => {
    if (path.includes('\0') || !isAbsolute(path)) throw outside(path);
    const absolute = resolve(path);
    if (granted.has(absolute)) return absolute;
    const allowed = [...(await roots()).map((root) => root.path), ...options.readableFolders];
    if (!allowed.some((root) => isInside(absolute, resolve(root)))) throw outside(path);
    const real = await realTarget(absolute);
    const realRoots = await Promise.all(allowed.map(realFolder));
    if (real === undefined || !realRoots.some((root) => isInside(real, root))) throw outside(path);
    return absolute;
  };

  return {
    roots,
    insideRoots,
    authorise: async (path) => (options.isConfined ? await insideRoots(path) : path),
    grant: (path) => void granted.add(resolve(path)),
  };
}

/** `/` as the working directory (a start from the desktop) would grant the whole machine. */
function workingRoot(path: string): FileRoot[] {
  return parse(resolve(path)).root === resolve(path) ? [] : [{ name: basename(path), path }];
}

async function mountedDrives(platform: NodeJS.Platform): Promise<FileRoot[]> {
  if (platform === 'win32') {
    // C: is the system's; the user's part of it is the home folder.
    return [...'DEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => ({ name: `${letter}:`, path: `${letter}:\\` }));
  }
  const user = platform === 'darwin' ? '' : userName();
  const parents = platform === 'darwin' ? ['/Volumes'] : [`/media/${user}`, `/run/media/${user}`];
  const folders = await Promise.all(
    parents.map(async (parent) =>
      (await namesIn(parent)).map((name) => ({ name, path: join(parent, name) })),
    ),
  );
  // The system's own volume is listed among the mounted ones as a link to `/`.
  const drives = await Promise.all(
    folders.flat().map(async (drive) => ((await realFolder(drive.path)) === '/' ? [] : [drive])),
  );
  return drives.flat();
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // An account without an entry in the user database (containers) has no media folder either.
    return 'nobody';
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}

async function realFolder(path: string): Promise<string> {
  return await realpath(path).catch(() => resolve(path));
}

/**
 * Where a path really leads. The part of it that does not exist yet hangs from its nearest ancestor that does;
 * a link to nowhere is undefined, since writing through it would create a file at a place nobody checked.
 */
async function realTarget(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') return undefined;
  }
  if (await isLink(path)) return undefined;
  const parent = dirname(path);
  if (parent === path) return undefined;
  const realParent = await realTarget(parent);
  return realParent === undefined ? undefined : join(realParent, basename(path));
}

async function isLink(path: string): Promise<boolean> {
  return await lstat(path).then(
    (facts) => facts.isSymbolicLink(),
    () => false,
  );
}

function outside(path: string): AppError {
  const name = basename(path).replace(/\p{Cc}/gu, '');
  return new AppError(
    'files.outsideRoots',
    `"${name}" lies outside the folders the studio may use. Choose a place in your home folder.`,
    { details: { path: name } },
  );
}
