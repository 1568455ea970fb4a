/** Part of a body: `end` is exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * What a Range header asks of a body of `length` bytes: one range, or `unsatisfiable` (RFC 9110, 14.1.2). Several
 * ranges and malformed ones are refused like unsatisfiable ones: nothing of ours sends them.
 */
export function parseRange(header: string, length: number): ByteRange | 'unsatisfiable' {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim());
  if (match === null || (match[1] === '' && match[2] === '')) return 'unsatisfiable';
  if (match[1] === '') {
    const suffix = Math.min(Number(match[2]), length);
    return suffix === 0 ? 'unsatisfiable' : { start: length - suffix, end: length };
  }
  const start = Number(match[1]);
  const end = match[2] === '' ? length : Math.min(Number(match[2]) + 1, length);
  return start < end ? { start, end } : 'unsatisfiable';
}
