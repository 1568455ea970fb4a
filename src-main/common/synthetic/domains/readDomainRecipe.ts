import { AppError } from '#common/contract/errors';
import { domainRecipeSchema, type DomainRecipe } from '#common/synthetic/domains/domainRecipe';

/**
 * A recipe from the parsed JSON of a file. Throws `input.badOption`, which names the file and each field that is wrong.
 *
 * @param source what to call it in errors, such as `assets/domains/elf.json`
 */
export function readDomainRecipe(value: unknown, source: string): DomainRecipe {
  const result = domainRecipeSchema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the file'}: ${message}`,
  );
  throw new AppError('input.badOption', `${source} is no domain recipe. ${faults.join('; ')}`, {
    details: { source, faults },
  });
}
