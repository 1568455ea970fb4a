import { latticeHash } from '#common/synthetic/pattern/latticeHash';

/**
 * Smooth noise at one point: value in about [-1, 1] with mean 0 and one feature per unit.
 *
 * @param out receives value, d/dx, d/dy, d/dz
 */
export type NoiseFunction = (x: number, y: number, z: number, seed: number, out: Float64Array) => void;

const HASH_TO_SIGNED = 1 / 2147483648;

/** Cubic interpolation of random values on the unit lattice: round blobs, a little aligned with the axes. */
export function valueNoise(x: number, y: number, z: number, seed: number, out: Float64Array): void {
  const cellX = Math.floor(x);
  const cellY = Math.floor(y);
  const cellZ = Math.floor(z);
  const fx = x - cellX;
  const fy = y - cellY;
  const fz = z - cellZ;
  const u = fx * fx * (3 - 2 * fx);
  const v = fy * fy * (3 - 2 * fy);
  const w = fz * fz * (3 - 2 * fz);
  const a = latticeHash(cellX, cellY, cellZ, seed) * HASH_TO_SIGNED;
  const b = latticeHash(cellX + 1, cellY, cellZ, seed) * HASH_TO_SIGNED;
  const c = latticeHash(cellX, cellY + 1, cellZ, seed) * HASH_TO_SIGNED;
  const d = latticeHash(cellX + 1, cellY + 1, cellZ, seed) * HASH_TO_SIGNED;
  const e = latticeHash(cellX, cellY, cellZ + 1, seed) * HASH_TO_SIGNED;
  const f = latticeHash(cellX + 1, cellY, cellZ + 1, seed) * HASH_TO_SIGNED;
  const g = latticeHash(cellX, cellY + 1, cellZ + 1, seed) * HASH_TO_SIGNED;
  const h = latticeHash(cellX + 1, cellY + 1, cellZ + 1, seed) * HASH_TO_SIGNED;
  // Trilinear in (u, v, w), as polynomial coefficients so that the slopes fall out.
  const kx = b - a;
  const ky = c - a;
  const kz = e - a;
  const kxy = a - b - c + d;
  const kyz = a - c - e + g;
  const kzx = a - b - e + f;
  const kxyz = b - a + c - d + e - f - g + h;
  out[0] = a + kx * u + ky * v + kz * w + kxy * u * v + kyz * v * w + kzx * w * u + kxyz * u * v * w;
  out[1] = 6 * fx * (1 - fx) * (kx + kxy * v + kzx * w + kxyz * v * w);
  out[2] = 6 * fy * (1 - fy) * (ky + kyz * w + kxy * u + kxyz * w * u);
  out[3] = 6 * fz * (1 - fz) * (kz + kzx * u + kyz * v + kxyz * u * v);
}

const SKEW = 1 / 3;
const UNSKEW = 1 / 6;
/** Brings the sum of the four corners to about [-1, 1]. */
const SIMPLEX_SCALE = 42;

/**
 * Gradient noise on the tetrahedral lattice (Perlin 2001): no visible axes, half the corners of `valueNoise`. Gradients
 * are hashed per corner, so there is no table to repeat.
 */
export function simplexNoise(x: number, y: number, z: number, seed: number, out: Float64Array): void {
  const skew = (x + y + z) * SKEW;
  const i = Math.floor(x + skew);
  const j = Math.floor(y + skew);
  const k = Math.floor(z + skew);
  const unskew = (i + j + k) * UNSKEW;
  const x0 = x - i + unskew;
  const y0 = y - j + unskew;
  const z0 = z - k + unskew;
  // The order of the coordinates says which of the six tetrahedra of the cell holds the point.
  const isXy = x0 >= y0 ? 1 : 0;
  const isYz = y0 >= z0 ? 1 : 0;
  const isXz = x0 >= z0 ? 1 : 0;
  const i1 = isXy & isXz;
  const j1 = (1 - isXy) & isYz;
  const k1 = (1 - isXz) & (1 - isYz);
  const i2 = isXy | isXz;
  const j2 = (1 - isXy) | isYz;
  const k2 = (1 - isXz) | (1 - isYz);
  out[0] = 0;
  out[1] = 0;
  out[2] = 0;
  out[3] = 0;
  addCorner(x0, y0, z0, latticeHash(i, j, k, seed), out);
  addCorner(x0 - i1 + UNSKEW, y0 - j1 + UNSKEW, z0 - k1 + UNSKEW, latticeHash(i + i1, j + j1, k + k1, seed), out); // prettier-ignore
  addCorner(x0 - i2 + 2 * UNSKEW, y0 - j2 + 2 * UNSKEW, z0 - k2 + 2 * UNSKEW, latticeHash(i + i2, j + j2, k + k2, seed), out); // prettier-ignore
  addCorner(x0 - 0.5, y0 - 0.5, z0 - 0.5, latticeHash(i + 1, j + 1, k + 1, seed), out);
}

const BYTE = 1 / 127.5;

function addCorner(x: number, y: number, z: number, hash: number, out: Float64Array): void {
  const t = 0.5 - x * x - y * y - z * z;
  if (t <= 0) return;
  // Three bytes of the hash are the gradient; its length varies, which breaks up the regular look for free.
  const gx = (hash & 255) * BYTE - 1;
  const gy = ((hash >>> 8) & 255) * BYTE - 1;
  const gz = ((hash >>> 16) & 255) * BYTE - 1;
  const dot = gx * x + gy * y + gz * z;
  const t2 = t * t;
  const t4 = t2 * t2 * SIMPLEX_SCALE * 2;
  const slope = -8 * t2 * t * SIMPLEX_SCALE * 2 * dot;
  out[0] += t4 * dot;
  out[1] += t4 * gx + slope * x;
  out[2] += t4 * gy + slope * y;
  out[3] += t4 * gz + slope * z;
}
