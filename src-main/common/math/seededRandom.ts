import { portableCosine, portableLog } from '#common/math/portableMath';

/** A stream of pseudo-random numbers; the same seed gives the same stream everywhere. */
export interface SeededRandom {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Normal with mean 0 and deviation 1. */
  normal(): number;
  /** Integer in [0, count). */
  integer(count: number): number;
}

/** sfc32 (Chris Doty-Humphrey's small fast counter), seeded by mixing one 32-bit number. */
export function createSeededRandom(seed: number): SeededRandom {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let i = 0; i < 15; i++) next();
  return {
    uniform: next,
    between: (low, high) => low + (high - low) * next(),
    normal: () => Math.sqrt(-2 * portableLog(1 - next())) * portableCosine(2 * Math.PI * next()),
    integer: (count) => Math.floor(next() * count),
  };
}
