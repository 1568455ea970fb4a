import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScratchFolder } from '#engine/checkpoints/tensorEntry';

/** Gives work a folder for unpacked bytes and removes it afterwards; what a killed process left there goes first. */
export async function withScratch<Result>(
  folder: string,
  work: (scratch: ScratchFolder) => Promise<Result>,
): Promise<Result> {
  let count = 0;
  await rm(folder, { recursive: true, force: true });
  try {
    return await work({
      async newFile() {
        await mkdir(folder, { recursive: true });
        return join(folder, `${count++}.bin`);
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
