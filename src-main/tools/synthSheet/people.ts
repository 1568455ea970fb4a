import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeHeadModel } from '#common/head/headModelCodec';
import type { HeadModel } from '#common/head/headModel';
import { createSeededRandom } from '#common/math/seededRandom';
import { adaptIdentity } from '#common/synthetic/domains/adaptIdentity';
import { applyDomain } from '#common/synthetic/domains/applyDomain';
import { domainRecipeSchema } from '#common/synthetic/domains/domainRecipe';
import { buildSyntheticHead } from '#common/synthetic/heads/buildSyntheticHead';
import { sampleIdentity } from '#common/synthetic/heads/identity/sampleIdentity';
import { poseSyntheticHead } from '#common/synthetic/heads/poseSyntheticHead';
import { openLibrary } from '#tools/openLibrary';
import type { SheetSource } from '#tools/synthSheet/sheetSource';

const DOMAINS = 'assets/domains';

/** People as the data set draws them, in the realistic look. */
export const people: SheetSource = {
  async subjects(seed, count, _, libraryName) {
    const model = await readModel();
    const library = await openLibrary(libraryName, model);
    const random = createSeededRandom(seed);
    return Array.from({ length: count }, (_, index) => {
      const head = buildSyntheticHead(model, sampleIdentity(random), { library });
      return { name: `person ${index}`, pose: (weights) => poseSyntheticHead(head, weights) };
    });
  },
};

/** `count` people in each of the named domains. */
export const domains: SheetSource = {
  async subjects(seed, count, names, libraryName) {
    if (names.length === 0) throw new Error('--names says which domains');
    const model = await readModel();
    const library = await openLibrary(libraryName, model);
    const rows = names.map(async (name) => {
      const recipe = domainRecipeSchema.parse(
        JSON.parse(await readFile(join(DOMAINS, `${name}.json`), 'utf8')),
      );
      const random = createSeededRandom(seed);
      return Array.from({ length: count }, (_, index) => {
        const identity = adaptIdentity(sampleIdentity(random), recipe, model, random);
        const head = applyDomain(buildSyntheticHead(model, identity, { library }), recipe);
        return {
          name: `${name} ${index}`,
          pose: (weights: Float32Array) => poseSyntheticHead(head, weights),
        };
      });
    });
    return (await Promise.all(rows)).flat();
  },
};

async function readModel(): Promise<HeadModel> {
  return decodeHeadModel(await readFile('assets/head/head-v1.bin'));
}
