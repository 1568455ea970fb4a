import { describe, expect, it } from 'vitest';
import { domainRecipeSchema } from '#common/synthetic/domains/domainRecipe';
import { readRecipes } from './readRecipes';

const recipes = readRecipes();

/** Supplement, tables S1 and S2, and the photographs. */
const PAPER = [
  'pixar', 'lego', 'greek-statue', 'elf', 'zombie', 'tekken', 'devil', 'steampunk', 'mario', 'orc', 'masque', 'skeleton',
  'peking-opera', 'yoda', 'hobbit', 'stained-glass', 'graffiti', 'pixel-art', 'retro', 'ink',
  '3d-animation', 'toon', 'aam', 'counterfeit', 'pencil', 'lyriel', 'xxm', 'realistic',
]; // prettier-ignore

const BRANDS =
  /pixar|lego|tekken|mario|yoda|hobbit|star wars|lord of the rings|counterfeit|lyriel|xxm|aam|nintendo|disney/i;

describe('domain recipes', () => {
  it('cover the 28 domains of the paper, each in a file of its name', () => {
    expect([...recipes.keys()].sort()).toEqual([...PAPER].sort());
    for (const [name, recipe] of recipes) expect(recipe.id).toBe(name);
  });

  it('have twenty prompts of their own and seven checkpoints that share one', () => {
    const all = [...recipes.values()];
    const prompts = all.filter(({ origin }) => origin === 'prompt').map(({ prompt }) => prompt);
    expect(new Set(prompts).size).toBe(20);
    const shared = all.filter(({ origin }) => origin === 'checkpoint').map(({ prompt }) => prompt);
    expect(shared).toHaveLength(7);
    expect(new Set(shared)).toEqual(new Set(['masterpieces, portrait, high-quality']));
  });

  it('name no brand to people, and no two alike', () => {
    const names = [...recipes.values()].map(({ displayName }) => displayName);
    for (const name of names) expect(name).not.toMatch(BRANDS);
    expect(new Set(names).size).toBe(names.length);
  });

  it('name each prop once', () => {
    for (const { id, props } of recipes.values()) {
      const names = props.flatMap(({ name, isMirrored }) =>
        isMirrored ? [`${name}Left`, `${name}Right`] : [name],
      );
      expect(new Set(names).size, id).toBe(names.length);
    }
  });

  it('are refused with the field that is wrong', () => {
    const refused = domainRecipeSchema.safeParse({ ...recipes.get('elf'), grade: 'excellent' });
    expect(refused.error?.issues.map(({ path }) => path)).toEqual([['grade']]);
    expect(domainRecipeSchema.safeParse({ ...recipes.get('elf'), sparkle: 1 }).success).toBe(false);
  });
});
