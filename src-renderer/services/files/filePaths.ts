import type { FileFilter } from '#common/contract/api/filesApi';

/**
 * Paths of the host's machine as the page handles them: the host may run on Windows, so both separators count
 * and the one a path already uses is kept. The page never resolves `..` or links; the host's door does.
 */
const SEPARATOR = /[/\\]/;

/** Position of the last separator, or -1. */
function lastSeparator(path: string): number {
  return Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
}

/** The folder a path lies in; undefined for a bare name. */
export function folderOf(path: string): string | undefined {
  const end = lastSeparator(path);
  if (end < 0) return undefined;
  const folder = path.slice(0, end);
  // "/x" lies in "/", "C:\x" in "C:\".
  return folder === '' || /^[a-z]:$/i.test(folder) ? path.slice(0, end + 1) : folder;
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(lastSeparator(path) + 1);
}

/** A name inside a folder, with the folder's own separator. */
export function joinPath(folder: string, name: string): string {
  const separator = folder.includes('\\') && !folder.startsWith('/') ? '\\' : '/';
  return SEPARATOR.test(folder.slice(-1)) ? folder + name : folder + separator + name;
}

/** The letters after the last dot, small; empty where there is none. */
export function endingOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
}

/** Whether a dialog with these filters offers the file; no filters offer everything. */
export function matchesFilters(name: string, filters: readonly FileFilter[]): boolean {
  const endings = filters.flatMap((filter) => filter.endings);
  return endings.length === 0 || endings.some((ending) => ending.toLowerCase() === endingOf(name));
}

/** The name with the first filter's ending where it has none of the offered ones. */
export function withEnding(name: string, filters: readonly FileFilter[]): string {
  const first = filters[0]?.endings[0];
  return first === undefined || matchesFilters(name, filters) ? name : `${name}.${first}`;
}

/** One step of the way from a root to a folder. */
export interface Breadcrumb {
  readonly name: string;
  readonly path: string;
}

/** The way to a folder, from the root that holds it (the deepest, where roots lie in each other). */
export function breadcrumbsOf(path: string, roots: readonly Breadcrumb[]): readonly Breadcrumb[] {
  const holding = roots
    .filter((root) => path === root.path || path.startsWith(joinPath(root.path, '')))
    .sort((a, b) => b.path.length - a.path.length)[0];
  if (holding === undefined) return [{ name: nameOf(path) || path, path }];
  const crumbs = [holding];
  for (const part of path.slice(holding.path.length).split(SEPARATOR).filter(Boolean)) {
    const parent = crumbs[crumbs.length - 1].path;
    crumbs.push({ name: part, path: joinPath(parent, part) });
  }
  return crumbs;
}

/** Why a name cannot be a file's or folder's name on some system, in one sentence; undefined where it can. */
export function problemOfName(name: string): string | undefined {
  const trimmed = name.trim();
  if (trimmed === '') return 'Give it a name.';
  if (trimmed === '.' || trimmed === '..') return 'That name is taken by the system.';
  if (/[/\\:*?"<>|\p{Cc}]/u.test(trimmed)) return 'A name cannot hold / \\ : * ? " < > or |.';
  if (trimmed.length > 120) return 'A name may have up to 120 characters.';
  return undefined;
}
