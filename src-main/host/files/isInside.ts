import { isAbsolute, relative, sep } from 'node:path';

/** True for the folder itself and everything below it; both absolute, links resolved or not at all in both. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  // On Windows the way to another drive is absolute.
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
