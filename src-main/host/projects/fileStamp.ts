import { stat } from 'node:fs/promises';
import { asWriteError, systemCode } from '#host/files/diskErrors';

/** How the file on the disk looked when it was last read or written; another look means another hand. */
export interface FileStamp {
  readonly bytes: number;
  readonly modifiedMilliseconds: number;
}

/** How a file looks now; undefined where it is gone. */
export async function stampOf(path: string): Promise<FileStamp | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { bytes: size, modifiedMilliseconds: mtimeMs };
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw asWriteError(error, path);
  }
}

export function isSameStamp(a: FileStamp | undefined, b: FileStamp | undefined): boolean {
  return a?.bytes === b?.bytes && a?.modifiedMilliseconds === b?.modifiedMilliseconds;
}
