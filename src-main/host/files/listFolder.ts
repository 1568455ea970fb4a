import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FileEntry } from '#common/contract/api/filesApi';
import { AppError } from '#common/contract/errors';
import type { FileAccess } from '#host/files/fileAccess';
import { systemCode } from '#host/files/diskErrors';

/** More than a dialog can show, and little enough for one message. */
const MOST_ENTRIES = 5000;
/** Open at a time while their sizes are read. */
const BATCH = 64;

export interface FolderListing {
  readonly path: string;
  /** Absent at a root. */
  readonly parent?: string;
  readonly entries: readonly FileEntry[];
}

/**
 * What a file dialog shows of a folder: folders first, each sorted by name as people count ("2" before "10").
 * Hidden files, devices, what cannot be read and links that lead outside the roots are left out.
 *
 * @throws AppError `files.outsideRoots`, `input.fileNotFound`, `input.unreadable`
 */
export async function listFolder(path: string, access: FileAccess): Promise<FolderListing> {
  const folder = await access.insideRoots(path);
  const found = (await readFolder(folder)).filter(({ name }) => !isHidden(name));
  const entries: FileEntry[] = [];
  for (let first = 0; first < found.length && entries.length < MOST_ENTRIES; first += BATCH) {
    const batch = found.slice(first, first + BATCH);
    const described = await Promise.all(batch.map((entry) => describeEntry(folder, entry, access)));
    entries.push(...described.filter((entry) => entry !== undefined));
  }
  const parent = dirname(folder);
  const hasParent = parent !== folder && (await isInsideRoots(parent, access));
  return {
    path: folder,
    ...(hasParent ? { parent } : {}),
    entries: entries.slice(0, MOST_ENTRIES).sort(byKindAndName),
  };
}

async function readFolder(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const name = basename(folder);
    const code = systemCode(error);
    if (code === 'ENOENT') {
      throw new AppError('input.fileNotFound', `There is no folder "${name}".`, { cause: error });
    }
    const reason = code === 'ENOTDIR' ? 'is not a folder' : `cannot be opened (${code ?? 'unknown reason'})`;
    throw new AppError('input.unreadable', `"${name}" ${reason}.`, { cause: error });
  }
}

function isHidden(name: string): boolean {
  return name.startsWith('.') || name === '$RECYCLE.BIN' || name === 'System Volume Information';
}

async function describeEntry(
  folder: string,
  entry: Dirent,
  access: FileAccess,
): Promise<FileEntry | undefined> {
  const { name } = entry;
  const path = join(folder, name);
  if (entry.isSymbolicLink() && !(await isInsideRoots(path, access))) return undefined;
  // A file that went away meanwhile, or that this user may not look at, is not offered.
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined || !(facts.isFile() || facts.isDirectory())) return undefined;
  return {
    name,
    path,
    kind: facts.isDirectory() ? 'folder' : 'file',
    bytes: facts.isDirectory() ? 0 : facts.size,
    modified: facts.mtime.toISOString(),
  };
}

async function isInsideRoots(path: string, access: FileAccess): Promise<boolean> {
  return await access.insideRoots(path).then(
    () => true,
    () => false,
  );
}

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function byKindAndName(a: FileEntry, b: FileEntry): number {
  if (a.kind !== b.kind) return a.kind === 'folder' ? -1 : 1;
  return byName.compare(a.name, b.name);
}
