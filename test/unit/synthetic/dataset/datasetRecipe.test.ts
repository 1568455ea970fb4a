import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DatasetRecipe } from '#common/synthetic/dataset/datasetRecipe';
import { datasetRecipeSchema, GENERATOR_VERSION, purposeRandom, recordKey, recordsPerIdentity, shardPlans } from '#common/synthetic/dataset/datasetRecipe'; // prettier-ignore

const recipe: DatasetRecipe = {
  generator: GENERATOR_VERSION,
  seed: 3,
  identities: 100,
  expressions: 4,
  views: 2,
  size: 128,
  domains: ['realistic', 'lego'],
  library: 'none',
};

describe('a recipe of a set', () => {
  it('refuses what no set can have, naming the field', () => {
    const issues = datasetRecipeSchema.safeParse({ ...recipe, views: 0, size: 100, domains: ['a', 'a'] })
      .error?.issues;
    expect(issues?.map(({ path, message }) => `${path.join('.')} ${message}`)).toEqual([
      'views must be at least 1',
      'size must be 128, 256 or 512',
      'domains names a domain twice',
    ]);
  });

  it('has no library where it was written before there was any', () => {
    const old = Object.fromEntries(Object.entries(recipe).filter(([field]) => field !== 'library'));
    expect(datasetRecipeSchema.parse(old)).toEqual({ ...recipe, library: 'none' });
  });

  it('gives each purpose numbers of its own, the same each time', () => {
    const first = (purpose: string, seed = 3): number =>
      purposeRandom({ ...recipe, seed }, purpose).uniform();
    expect(first('identity/1')).toBe(first('identity/1'));
    expect(
      new Set([first('identity/1'), first('identity/2'), first('view/1'), first('identity/1', 4)]).size,
    ).toBe(4);
  });

  it('names records so that sorted keys are in the order of making', () => {
    const keys = [0, 9, 10, 1000].map((identity) =>
      recordKey({ identity, domain: 'lego', expression: 3, view: 12 }),
    );
    expect([...keys].sort()).toEqual(keys);
    expect(keys[1]).toBe('000009-lego-003-012');
  });

  it('puts every identity into exactly one shard', () => {
    const count = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
    fc.assert(
      fc.property(count(5000), count(40), count(9), (identities, expressions, views) => {
        const plans = shardPlans({ ...recipe, identities, expressions, views });
        let next = 0;
        for (const plan of plans) {
          expect(plan.firstIdentity).toBe(next);
          expect(plan.identityCount).toBeGreaterThan(0);
          next += plan.identityCount;
        }
        expect(next).toBe(identities);
        const most = Math.max(...plans.map(({ identityCount }) => identityCount));
        const records = most * recordsPerIdentity({ ...recipe, expressions, views });
        expect(most === 1 || records <= 1024).toBe(true);
      }),
    );
  });
});
