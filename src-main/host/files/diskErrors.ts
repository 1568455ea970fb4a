import { basename } from 'node:path';
import { AppError } from '#common/contract/errors';

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const NOT_WRITABLE = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'EISDIR',
  'EEXIST',
  'ENAMETOOLONG',
  'ELOOP',
]);

/** Node's error code (`ENOENT`, ...) of a thrown value, or undefined. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * The AppError for a failure to write `path`; an AppError passes through, anything else that is not a
 * system error too, so that a fault in our own code is not mistaken for a full disk.
 */
export function asWriteError(error: unknown, path: string): unknown {
  if (error instanceof AppError) return error;
  const code = systemCode(error);
  const name = basename(path);
  const options = { details: { path: name, systemCode: code ?? '' }, cause: error };
  if (code === undefined) return error;
  if (FULL.has(code)) {
    return new AppError(
      'disk.full',
      `There is no room left on the disk to write "${name}". Free some space and try again.`,
      options,
    );
  }
  if (NOT_WRITABLE.has(code)) {
    return new AppError(
      'disk.notWritable',
      `"${name}" cannot be written there (${code}). Choose a folder you may write to.`,
      options,
    );
  }
  if (code === 'ENOENT') {
    return new AppError('disk.notFound', `The folder for "${name}" does not exist.`, options);
  }
  return code.startsWith('E')
    ? new AppError('disk.notWritable', `Writing "${name}" failed (${code}).`, options)
    : error;
}
