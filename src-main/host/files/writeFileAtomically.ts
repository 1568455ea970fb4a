import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asWriteError } from '#host/files/diskErrors';
import type { OutputFileSystem } from '#host/files/outputTransaction';
import { withOutputs } from '#host/files/outputTransaction';

/**
 * Writes a whole file so that a reader, or a start after a crash, finds the old contents or the new, never
 * half. Missing folders are created and stay.
 *
 * @throws AppError `disk.full`, `disk.notWritable`, `disk.notFound`
 */
export async function writeFileAtomically(
  path: string,
  contents: Uint8Array | string,
  files?: OutputFileSystem,
): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await withOutputs(async (outputs) => {
      await writeFile(await outputs.reserveFile(path), contents);
    }, files);
  } catch (error) {
    throw asWriteError(error, path);
  }
}
