import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '#common/contract/errors';
import type { DomainRecipe } from '#common/synthetic/domains/domainRecipe';
import { domainRecipeSchema } from '#common/synthetic/domains/domainRecipe';

/** Ids of the domains in a folder, sorted; the realistic one comes first. */
export async function listDomains(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder);
  const ids = files.filter((name) => name.endsWith('.json')).map((name) => basename(name, '.json'));
  return ids.sort((a, b) => Number(b === 'realistic') - Number(a === 'realistic') || (a < b ? -1 : 1));
}

/** @throws AppError input.badOption for an id there is not, or a file that is no recipe, naming the field */
export async function readDomains(
  folder: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, DomainRecipe>> {
  const known = await listDomains(folder);
  return new Map(
    await Promise.all(ids.map(async (id) => [id, await readDomain(folder, id, known)] as const)),
  );
}

async function readDomain(folder: string, id: string, known: readonly string[]): Promise<DomainRecipe> {
  if (!known.includes(id)) {
    throw new AppError('input.badOption', `There is no domain "${id}". Choose from: ${known.join(', ')}.`);
  }
  const parsed = domainRecipeSchema.safeParse(JSON.parse(await readFile(join(folder, `${id}.json`), 'utf8')));
  if (parsed.success && parsed.data.id === id) return parsed.data;
  const [issue] = parsed.error?.issues ?? [{ path: ['id'], message: `is not "${id}"` }];
  throw new AppError(
    'input.badOption',
    `The domain "${id}" is no recipe: ${issue.path.join('.')} ${issue.message}.`,
  );
}
