/** Letters, digits and `._-`, not starting with a dot: every name we serve, and nothing a file system could read otherwise. */
const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/;

/**
 * The parts of a URL path, decoded once; `/` has none. Undefined for anything that is not a plain list of plain
 * names: empty parts, dots that climb, separators, drive letters, NUL, whatever is still encoded after decoding.
 */
export function safeSegments(pathname: string): string[] | undefined {
  if (pathname === '/') return [];
  if (!pathname.startsWith('/')) return undefined;
  const segments: string[] = [];
  for (const part of pathname.slice(1).split('/')) {
    const segment = decodeOnce(part);
    if (segment === undefined || !SEGMENT.test(segment)) return undefined;
    segments.push(segment);
  }
  return segments;
}

function decodeOnce(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    // Broken percent signs name nothing of ours.
    return undefined;
  }
}
