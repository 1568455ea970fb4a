import { AppError } from '#common/contract/errors';

/** The error every reader of motions throws: `input.badMotion` with the path in words and in details. */
export function badMotion(path: string, problem: string): AppError {
  const subject = path === '' ? 'The motion' : `The motion's ${path}`;
  return new AppError('input.badMotion', `${subject} ${problem}${/[.?]$/.test(problem) ? '' : '.'}`, {
    details: { path },
  });
}

/** A finite number inside the range, or `input.badMotion`. A thousandth beyond the range is rounding and is clamped. */
export function checkedNumber(
  value: unknown,
  path: string,
  range: { low: number; high: number; unit: string },
): number {
  const unit = range.unit === 'degrees' ? ' degrees' : range.unit;
  const right = `must be a number from ${range.low} to ${range.high}${unit}`;
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw badMotion(path, `is ${describe(value)}; it ${right}`);
  if (value < range.low - 1e-3 || value > range.high + 1e-3)
    throw badMotion(path, `is ${value}; it ${right}`);
  return Math.min(range.high, Math.max(range.low, value));
}

function describe(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
