import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#common/contract/errors';
import type { HeadModel } from '#common/head/headModel';
import { decodeHeadModel } from '#common/head/headModelCodec';

/** The head model that ships. @throws AppError `model.missing` */
export async function readHeadModel(path: string): Promise<HeadModel> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new AppError(
      'model.missing',
      `The head model "${basename(path)}" is missing from the installation; install the program again.`,
      { cause: error },
    );
  }
  return decodeHeadModel(bytes);
}
