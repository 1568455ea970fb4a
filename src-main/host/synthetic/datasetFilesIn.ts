import { open, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { AppError } from '#common/contract/errors';
import type { DatasetFiles } from '#common/synthetic/dataset/DatasetReader';
import type { PictureDecoder } from '#common/synthetic/dataset/decodeRecord';
import { systemCode } from '#host/files/diskErrors';

/** The files of a set in a folder of this machine. Other failures than a missing file are input.unreadable. */
export function datasetFilesIn(folder: string): DatasetFiles {
  return {
    async readText(name) {
      try {
        return await readFile(join(folder, name), 'utf8');
      } catch (error) {
        const code = systemCode(error);
        if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
        throw unreadable(name, error);
      }
    },
    async readRange(name, start, length) {
      const file = await open(join(folder, name)).catch((error: unknown) => {
        throw unreadable(name, error);
      });
      try {
        const bytes = new Uint8Array(length);
        const { bytesRead } = await file.read(bytes, 0, length, start);
        if (bytesRead === length) return bytes;
        throw new AppError('dataset.damaged', `${name} ends before byte ${start + length}.`);
      } finally {
        await file.close();
      }
    },
  };
}

/** Decodes with sharp at the file's own depth. */
export const decodePicture: PictureDecoder = async (file) => {
  const picture = sharp(file);
  const { depth, channels } = await picture.metadata();
  const isDeep = depth === 'ushort';
  const space = channels === 1 ? (isDeep ? 'grey16' : 'b-w') : isDeep ? 'rgb16' : 'srgb';
  const { data, info } = await picture
    .toColourspace(space)
    .raw({ depth: isDeep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    channels: info.channels,
    // A copy of its own: sharp's buffer may start at an odd byte, where no 16-bit view can.
    data: isDeep ? new Uint16Array(Uint8Array.from(data).buffer) : new Uint8Array(data),
  };
};

function unreadable(name: string, cause: unknown): AppError {
  return new AppError('input.unreadable', `"${basename(name)}" cannot be read (${systemCode(cause) ?? String(cause)}).`, { cause }); // prettier-ignore
}
