import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '#common/contract/errors';
import type { MotionListing } from '#common/contract/hostApi';
import type { MotionClip } from '#common/timeline/motionClip';
import { parseMotion } from '#common/timeline/motionClip';
import { readInputFile } from '#host/files/readInputFile';

const LARGEST_MOTION_FILE = 256e6;

/** The motions that ship with the program (`assets/motions/<preset>.json`) and those of the user. */
export interface MotionLibrary {
  list(): Promise<MotionListing[]>;
  /** @throws AppError `input.badMotion`, and as `readInputFile` */
  load(motion: { readonly file: string } | { readonly preset: string }): Promise<MotionClip>;
}

export function createMotionLibrary(folder: string): MotionLibrary {
  const presetNames = async (): Promise<string[]> => {
    const names = await readdir(folder);
    return names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length)).sort(); // prettier-ignore
  };
  const loadPreset = (name: string): Promise<MotionClip> => readMotion(join(folder, `${name}.json`));
  return {
    async list() {
      const names = await presetNames();
      return await Promise.all(
        names.map(async (name) => {
          const { name: title, durationSeconds, loop } = await loadPreset(name);
          return { name, title, durationSeconds, loop };
        }),
      );
    },
    async load(motion) {
      if ('file' in motion) return await readMotion(motion.file);
      const names = await presetNames();
      if (names.includes(motion.preset)) return await loadPreset(motion.preset);
      throw new AppError(
        'input.badMotion',
        `There is no motion called "${motion.preset}". Name a file, or one of: ${names.join(', ')}.`,
        { details: { preset: motion.preset } },
      );
    },
  };
}

async function readMotion(path: string): Promise<MotionClip> {
  const bytes = await readInputFile(path, 'a motion', LARGEST_MOTION_FILE);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new AppError('input.badMotion', `The motion "${basename(path)}" is not JSON.`, { cause: error });
  }
  return parseMotion(json);
}
