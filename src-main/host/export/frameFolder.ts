import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RgbaImage } from '#common/image/rasterImage';
import { asWriteError } from '#host/files/diskErrors';
import { encodePng } from '#host/images/storedPicture';

/** Name of the index; a folder that holds one is taken for an earlier export and may be replaced. */
export const FRAME_INDEX = 'frames.json';

export interface FrameFolderFacts {
  readonly name: string;
  readonly motion?: string;
  readonly fps: number;
  readonly size: number;
  readonly background: string;
}

/** Numbered PNG frames and their index, in a folder that exists. */
export interface FrameFolder {
  /** The picture may be reused once the promise is done. */
  add(frame: RgbaImage): Promise<void>;
  /** Writes the index; returns the bytes of all files. */
  finish(): Promise<{ readonly bytes: number; readonly frames: number }>;
}

/** @throws AppError `disk.full`, `disk.notWritable` from its methods */
export function openFrameFolder(folder: string, facts: FrameFolderFacts): FrameFolder {
  const files: string[] = [];
  let bytes = 0;
  const write = async (name: string, contents: Uint8Array): Promise<void> => {
    try {
      await writeFile(join(folder, name), contents);
    } catch (error) {
      throw asWriteError(error, name);
    }
    bytes += contents.length;
  };
  return {
    async add(frame) {
      const name = `${`${files.length}`.padStart(6, '0')}.png`;
      files.push(name);
      await write(name, await encodePng(frame, true));
    },
    async finish() {
      const index = {
        format: 'avatarartist-frames',
        version: 1,
        ...facts,
        frames: files.map((file, frameIndex) => ({ file, timeSeconds: frameIndex / facts.fps })),
      };
      await write(FRAME_INDEX, new TextEncoder().encode(JSON.stringify(index, undefined, 1)));
      return { bytes, frames: files.length };
    },
  };
}
