import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeHeadModel } from '#common/head/headModelCodec';
import type { DatasetRecipe } from '#common/synthetic/dataset/datasetRecipe';
import { HeadFactory } from '#common/synthetic/dataset/HeadFactory';
import { readLibrary } from '#host/synthetic/library/readLibrary';
import { readDomains } from '#host/synthetic/readDomains';
import type { HeadWorkerSetup } from '#host/synthetic/headTasks';

/** The factory of a recipe with what ships (head model and domains) and the library that was prepared for it. */
export async function openHeadFactory(
  recipe: DatasetRecipe,
  { assetsDirectory, libraryFolder }: Omit<HeadWorkerSetup, 'recipe'>,
): Promise<HeadFactory> {
  const [bytes, domains] = await Promise.all([
    readFile(join(assetsDirectory, 'head', 'head-v1.bin')),
    readDomains(join(assetsDirectory, 'domains'), recipe.domains),
  ]);
  const model = decodeHeadModel(bytes);
  const library =
    libraryFolder === undefined
      ? undefined
      : await readLibrary({ folder: libraryFolder, model, assetsDirectory });
  return new HeadFactory(recipe, model, domains, library);
}
