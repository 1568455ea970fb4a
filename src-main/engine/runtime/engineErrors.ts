import { AppError } from '#common/contract/errors';

/** onnxruntime tells its failures apart by text only; what a user can act on gets a code of its own. */
export function asEngineError(error: unknown, what: string): AppError {
  if (error instanceof AppError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (/bad_alloc|out of memory|failed to allocate|allocation failed/i.test(text)) {
    return new AppError(
      'engine.outOfMemory',
      `${what}: there is not enough memory. Use a smaller batch or resolution.`,
      { cause: error },
    );
  }
  if (/device (was )?lost|devicelost/i.test(text)) {
    return new AppError(
      'engine.deviceLost',
      `${what}: the graphics device was lost. Restart from the last checkpoint.`,
      { cause: error },
    );
  }
  return new AppError('model.unsupported', `${what}: ${text.slice(0, 400)}`, { cause: error });
}
