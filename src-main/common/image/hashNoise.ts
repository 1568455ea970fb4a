/** Deterministic noise in [0, 1) from a lattice point and a seed; a 32-bit integer hash, no state. */
export function hashNoise(x: number, y: number, seed: number): number {
  let h = (Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1)) >>> 0;
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** Nearly normal deviate of mean 0 and deviation 1 from a lattice point: sum of three uniform hashes. */
export function hashGaussian(x: number, y: number, seed: number): number {
  return 2 * (hashNoise(x, y, seed) + hashNoise(x, y, seed + 101) + hashNoise(x, y, seed + 202) - 1.5);
}
