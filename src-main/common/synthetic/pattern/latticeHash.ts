/** 32 well-mixed bits from an integer lattice point and a seed; no state. */
export function latticeHash(x: number, y: number, z: number, seed: number): number {
  // Added, not xor-ed: with xor, neighbouring lattice points collide.
  let h =
    (Math.imul(x, 0x27d4eb2d) +
      Math.imul(y, 0x165667b1) +
      Math.imul(z, 0x2545f491) +
      Math.imul(seed, 0x9e3779b1)) |
    0;
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const UNIT = 1 / 4294967296;

/** A number in [0, 1) from a hash; different `channel`s of one hash are independent (a cell's red, green, blue). */
export function hashShare(hash: number, channel = 0): number {
  let h = hash ^ Math.imul(channel + 1, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return ((h ^ (h >>> 16)) >>> 0) * UNIT;
}
