import { AppError } from '#common/contract/errors';

/** The file does not hold together: cut off, contradicting itself, a checksum that fails. */
export function damaged(reason: string, details: Readonly<Record<string, unknown>> = {}): AppError {
  return new AppError('checkpoint.damaged', `The file is damaged: ${reason}.`, { details });
}

/** The file asks for what weights never need, or for more than a reader may spend on it. Nothing of it was run. */
export function refused(reason: string, details: Readonly<Record<string, unknown>> = {}): AppError {
  return new AppError('checkpoint.refused', `The file was refused: ${reason}. Nothing in it was run.`, {
    details,
  });
}

/** Names from a file, fit for a message: printable and short. */
export function printable(text: string): string {
  const shown = text.replace(/[^\x20-\x7e]/g, '?');
  return shown.length > 100 ? `${shown.slice(0, 97)}...` : shown;
}
