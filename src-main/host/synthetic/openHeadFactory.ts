import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeHeadModel } from '#common/head/headModelCodec';
import type { DatasetRecipe } from '#common/synthetic/dataset/datasetRecipe';
import { HeadFactory } from '#common/synthetic/dataset/HeadFactory';
import { readDomains } from '#host/synthetic/readDomains';

/** The factory of a recipe with what ships: head model and domains. */
export async function openHeadFactory(recipe: DatasetRecipe, assetsDirectory: string): Promise<HeadFactory> {
  const [model, domains] = await Promise.all([
    readFile(join(assetsDirectory, 'head', 'head-v1.bin')),
    readDomains(join(assetsDirectory, 'domains'), recipe.domains),
  ]);
  return new HeadFactory(recipe, decodeHeadModel(model), domains);
}
