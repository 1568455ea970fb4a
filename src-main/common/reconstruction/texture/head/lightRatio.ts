import type { ColorImage } from '#common/image/colorImage';
import { portableExp, portableLog } from '#common/math/portableMath';

/**
 * Light as a factor. Light and shade multiply a skin's colour: added, they would turn it grey. Encoded values are a power of
 * linear ones, so a factor on light is one on them too. Factors are kept as logarithms, so that they average and spread evenly.
 */

/** Added to encoded values before they are divided: black has no colour. */
const FLOOR = 0.03;
/** No light is stronger than this (logarithm of encoded values; 0.8 is five times the light). */
const LARGEST = 0.8;
/** Nor does it tint more than this. */
const LARGEST_TINT = 0.09;
/** What a lamp beside the head does. */
export const SIDE_TINT = 0.03;

/** Logarithm of the factor that takes one encoded value to another. */
export function logRatio(from: number, to: number): number {
  return portableLog((Math.max(0, to) + FLOOR) / (Math.max(0, from) + FLOOR));
}

/** An encoded value under a light that differs by a factor, given as its logarithm. */
export function relit(value: number, log: number): number {
  return (value + FLOOR) * portableExp(log) - FLOOR;
}

/** Keeps logarithms of factors within what light does, in place. */
export function limitRatios({ data }: ColorImage, largestTint = LARGEST_TINT): void {
  for (let i = 0; i < data.length; i += 3) {
    const grey = (data[i] + data[i + 1] + data[i + 2]) / 3;
    const kept = clamp(grey, LARGEST);
    for (let c = 0; c < 3; c++) data[i + c] = kept + clamp(data[i + c] - grey, largestTint);
  }
}

function clamp(value: number, limit: number): number {
  return Math.min(limit, Math.max(-limit, value));
}
