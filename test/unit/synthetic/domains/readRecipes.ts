import { readdirSync, readFileSync } from 'node:fs';
import type { DomainRecipe } from '#common/synthetic/domains/domainRecipe';
import { readDomainRecipe } from '#common/synthetic/domains/readDomainRecipe';

const FOLDER = 'assets/domains';

/** Every recipe of the repository, by id. */
export function readRecipes(): ReadonlyMap<string, DomainRecipe> {
  return new Map(
    readdirSync(FOLDER)
      .filter((name) => name.endsWith('.json'))
      .map((name) => {
        const recipe = readDomainRecipe(JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8')), name);
        return [name.slice(0, -'.json'.length), recipe];
      }),
  );
}
