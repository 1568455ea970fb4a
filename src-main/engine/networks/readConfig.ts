import type { z } from 'zod';
import { AppError } from '#common/contract/errors';

/**
 * The `readConfig` of a network definition: checks what a user wrote as JSON against the config's schema.
 *
 * @param network its name, for messages
 * @throws AppError (from the reader) input.badConfig naming every wrong field and what would be right
 */
export function configReader<Config>(schema: z.ZodType<Config>, network: string): (value: unknown) => Config {
  return (value) => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const problems = result.error.issues.map(({ path, message }) =>
      path.length === 0 ? message : `${path.join('.')}: ${message}`,
    );
    throw new AppError(
      'input.badConfig',
      `The config of ${network} cannot be used. ${problems.join('. ')}.`,
      {
        details: { network, problems },
      },
    );
  };
}
