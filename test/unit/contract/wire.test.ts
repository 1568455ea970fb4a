import { describe, expect, it } from 'vitest';
import { AppError } from '#common/contract/errors';
import { fromWire, toWire } from '#common/contract/wire';

describe('errors on the wire', () => {
  it('survive structured cloning with code, details and causes', () => {
    const root = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    const cause = new AppError('disk.full', 'The disk is full.', { cause: root });
    const error = new AppError('encoder.unavailable', 'No encoder.', { details: { tried: 3 }, cause });
    const received = fromWire(structuredClone(toWire(error)));
    expect(received).toBeInstanceOf(AppError);
    expect(received).toMatchObject({
      code: 'encoder.unavailable',
      family: 'environment',
      message: 'No encoder.',
      details: { tried: 3 },
      cause: { name: 'AppError', code: 'disk.full', cause: { message: 'no space left', code: 'ENOSPC' } },
    });
  });

  it('are JSON all through', () => {
    const wire = toWire(new AppError('input.badOption', 'No.', { cause: new TypeError('x') }));
    expect(JSON.parse(JSON.stringify(wire))).toEqual(wire);
  });

  it.each([[new TypeError('x is undefined')], ['a string'], [undefined], [{ strange: true }]])(
    'take %o for a fault of ours',
    (thrown) => {
      expect(toWire(thrown).code).toBe('internal.invariant');
    },
  );

  it('end a cause chain that bites its tail', () => {
    const error = new AppError('disk.full', 'Full.', { cause: new Error('a') });
    (error.cause as Error).cause = error;
    expect(JSON.stringify(toWire(error)).length).toBeLessThan(5000);
  });

  it('name a code this side does not know a version mismatch', () => {
    const wire = { code: 'moon.full' as never, message: 'From the future.' };
    expect(fromWire(wire)).toMatchObject({ code: 'contract.versionMismatch', message: 'From the future.' });
  });
});
