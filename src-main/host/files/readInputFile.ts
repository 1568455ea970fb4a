import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#common/contract/errors';
import { systemCode } from '#host/files/diskErrors';

/**
 * Reads a whole file the user named.
 *
 * @param what what was expected there, with its article ("a picture"), for the messages
 * @throws AppError `input.fileNotFound`, `input.isDirectory`, `input.emptyFile`, `input.unreadable` (also for
 * devices and pipes, and for files above `maximumBytes`)
 */
export async function readInputFile(path: string, what: string, maximumBytes: number): Promise<Uint8Array> {
  const name = basename(path);
  try {
    const facts = await stat(path);
    if (facts.isDirectory()) {
      throw new AppError('input.isDirectory', `"${name}" is a folder; ${what} was expected.`);
    }
    if (!facts.isFile()) {
      throw new AppError('input.unreadable', `"${name}" is no regular file; ${what} was expected.`);
    }
    if (facts.size === 0) {
      throw new AppError('input.emptyFile', `"${name}" is empty; ${what} was expected.`);
    }
    if (facts.size > maximumBytes) {
      throw new AppError(
        'input.unreadable',
        `"${name}" has ${Math.ceil(facts.size / 1e6)} MB; at most ${Math.floor(maximumBytes / 1e6)} MB are read.`,
        { details: { bytes: facts.size, maximumBytes } },
      );
    }
    return await readFile(path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new AppError('input.fileNotFound', `There is no file "${name}"; ${what} was expected.`, {
        cause: error,
      });
    }
    throw new AppError('input.unreadable', `"${name}" cannot be read (${code ?? 'unknown reason'}).`, {
      cause: error,
    });
  }
}
