import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PreviewDomainsResult, SynthesizeRequest } from '#common/contract/api/syntheticApi';
import { recordsPerIdentity } from '#common/synthetic/dataset/datasetRecipe';
import { asWriteError } from '#host/files/diskErrors';
import type { JobContext } from '#host/jobs/jobRunner';
import type { GenerateOptions } from '#host/synthetic/generateDataset';
import { recipeOf } from '#host/synthetic/generateDataset';
import { prepareLibrary } from '#host/synthetic/library/prepareLibrary';
import { runHeadTasks } from '#host/synthetic/runHeadTasks';

/** Writes `<domain>.png` into a folder for each domain: what a set of this recipe would show. */
export async function previewDomains(
  request: SynthesizeRequest,
  { signal, onProgress }: JobContext,
  { assetsDirectory, workerUrl, allDomains, cacheFolder }: GenerateOptions,
): Promise<PreviewDomainsResult> {
  const { out } = request;
  const recipe = await recipeOf(request, allDomains);
  try {
    await mkdir(out, { recursive: true });
  } catch (error) {
    throw asWriteError(error, out);
  }
  const libraryFolder = await prepareLibrary(recipe.library, cacheFolder, { signal, onProgress });
  const sheets = recipe.domains.map((domain) => join(out, `${domain}.png`));
  const total = recipe.identities * recordsPerIdentity(recipe);
  let done = 0;
  await runHeadTasks({
    setup: { recipe, assetsDirectory, libraryFolder },
    tasks: recipe.domains.map((domain, index) => ({ kind: 'sheet', domain, path: sheets[index] })),
    workerUrl,
    signal,
    onRecord: () => onProgress({ stage: 'Heads', fraction: ++done / total }),
  });
  return { sheets };
}
