import { InvalidArgumentError } from 'commander';

/** Commander's parser for options that take a number. */
export function parseNumber(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number.');
}

/** Commander's parser for options that count. */
export function parseWholeNumber(text: string): number {
  const value = parseNumber(text);
  if (Number.isInteger(value)) return value;
  throw new InvalidArgumentError('It must be a whole number.');
}

/** Commander's parser for "how many", at least one. */
export function parseCount(text: string): number {
  const value = parseWholeNumber(text);
  if (value >= 1) return value;
  throw new InvalidArgumentError('It must be at least 1.');
}
