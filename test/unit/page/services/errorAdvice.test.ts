import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '#common/contract/errors';
import { AppError, ERROR_FAMILIES } from '#common/contract/errors';
import { adviceFor } from '$services/notices/errorAdvice';

const codes = Object.keys(ERROR_FAMILIES) as ErrorCode[];

describe('advice for an error', () => {
  test('has a title for everything that is not asked for', () => {
    const titles = codes
      .filter((code) => ERROR_FAMILIES[code] !== 'cancelled')
      .map((code) => adviceFor(new AppError(code, 'x'))?.title ?? '');
    expect(titles.filter((title) => !/^[A-Z]/.test(title))).toEqual([]);
  });

  test('is nothing for what was cancelled', () => {
    expect(adviceFor(new AppError('job.cancelled', 'x'))).toBeUndefined();
  });

  test('takes what nobody foresaw for our fault', () => {
    expect(adviceFor(new TypeError('x'))).toEqual(adviceFor(new AppError('internal.invariant', 'x')));
  });

  test('names the next step wherever the machine or we are at fault', () => {
    const helpless = codes.filter((code) => {
      const advice = adviceFor(new AppError(code, 'x'));
      return advice?.severity === 'error' && advice.advice === undefined;
    });
    expect(helpless).toEqual([]);
  });
});
