import { readdirSync, readFileSync } from 'node:fs';
import { domainRecipeSchema, type DomainRecipe } from '#common/synthetic/domains/domainRecipe';

const FOLDER = 'assets/domains';

/** Every recipe of the repository, by id. */
export function readRecipes(): ReadonlyMap<string, DomainRecipe> {
  return new Map(
    readdirSync(FOLDER)
      .filter((name) => name.endsWith('.json'))
      .map((name) => {
        const recipe = domainRecipeSchema.parse(JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8')));
        return [name.slice(0, -'.json'.length), recipe];
      }),
  );
}
