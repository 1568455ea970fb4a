import { AppError } from '#common/contract/errors';

/** Frames per second as a fraction, so that 29.97 is 30000/1001 and every timestamp is exact. */
export interface FrameRate {
  readonly numerator: number;
  readonly denominator: number;
}

/**
 * A checked frame rate. Broadcast rates given as decimals (23.976, 29.97, 59.94) become their exact
 * fraction over 1001; other numbers are taken to the thousandth. Throws `input.badOption`.
 */
export function toFrameRate(fps: number | FrameRate): FrameRate {
  const { numerator, denominator } = typeof fps === 'number' ? fractionOf(fps) : fps;
  const isWhole = Number.isSafeInteger(numerator) && Number.isSafeInteger(denominator);
  const value = numerator / denominator;
  if (!isWhole || !(value >= 1) || !(value <= 240)) {
    throw new AppError('input.badOption', `The frame rate must be from 1 to 240 per second (got ${value}).`);
  }
  return { numerator, denominator };
}

function fractionOf(fps: number): FrameRate {
  if (!Number.isFinite(fps)) return { numerator: fps, denominator: 1 };
  const broadcast = Math.round(fps) * 1000;
  if (Math.abs(fps - broadcast / 1001) < 0.005 && fps !== Math.round(fps)) {
    return { numerator: broadcast, denominator: 1001 };
  }
  const thousandths = Math.round(fps * 1000);
  const divisor = greatestCommonDivisor(thousandths, 1000);
  return { numerator: thousandths / divisor, denominator: 1000 / divisor };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? Math.max(1, a) : greatestCommonDivisor(b, a % b);
}

/** Start of a frame in seconds. */
export function frameTimeSeconds(frameIndex: number, { numerator, denominator }: FrameRate): number {
  return (frameIndex * denominator) / numerator;
}
