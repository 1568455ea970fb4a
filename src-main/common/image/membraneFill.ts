import type { ColorImage } from '#common/image/colorImage';
import { createColorImage } from '#common/image/colorImage';

interface Grid {
  readonly width: number;
  readonly height: number;
  readonly color: Float32Array;
  /** 1 = known, 0 = to be found. */
  readonly known: Uint8Array;
}

export interface MembraneOptions {
  /** Relaxation sweeps per level; more is closer to the harmonic solution. */
  readonly sweeps?: number;
}

/**
 * Fills the unknown pixels in place with the membrane (harmonic) interpolation of the known ones, no flux
 * through the picture's border: the solution of Laplace's equation by a cascade of grids, each started from
 * the coarser one and relaxed by red-black over-relaxation.
 * @param known 1 where the colour stands, 0 where it is to be found; at least one pixel must be known.
 */
export function membraneFill(image: ColorImage, known: Uint8Array, options: MembraneOptions = {}): void {
  const grids: Grid[] = [{ width: image.width, height: image.height, color: image.data, known }];
  for (let last = grids[0]; last.width > 4 && last.height > 4; last = grids[grids.length - 1]) {
    grids.push(restrict(last));
  }
  const sweeps = options.sweeps ?? 10;
  for (let index = grids.length - 1; index >= 0; index--) {
    const grid = grids[index];
    if (index === grids.length - 1) seedWithMean(grid);
    else prolong(grid, grids[index + 1]);
    // Coarse grids are cheap and carry the long waves, so they get the most sweeps.
    relax(grid, sweeps * Math.min(6, index + 1));
  }
}

/**
 * Gradient-domain blending (Perez et al., Poisson Image Editing, equation 4, solved for the difference):
 * where `known` is 0, `target` becomes `guide` plus the membrane that makes it meet `target` at the border of
 * the hole. In place, encoded or linear alike; the pictures have the same size.
 */
export function poissonBlend(target: ColorImage, guide: ColorImage, known: Uint8Array): void {
  const difference = createColorImage(target.width, target.height);
  for (let index = 0; index < difference.data.length; index++) {
    difference.data[index] = target.data[index] - guide.data[index];
  }
  membraneFill(difference, known);
  for (let pixel = 0; pixel < known.length; pixel++) {
    if (known[pixel] !== 0) continue;
    for (let index = pixel * 3; index < pixel * 3 + 3; index++) {
      target.data[index] = guide.data[index] + difference.data[index];
    }
  }
}

function restrict(fine: Grid): Grid {
  const width = (fine.width + 1) >> 1;
  const height = (fine.height + 1) >> 1;
  const color = new Float32Array(width * height * 3);
  const known = new Uint8Array(width * height);
  for (let y = 0; y < fine.height; y++) {
    for (let x = 0; x < fine.width; x++) {
      const from = y * fine.width + x;
      if (fine.known[from] === 0) continue;
      const to = (y >> 1) * width + (x >> 1);
      known[to]++;
      for (let c = 0; c < 3; c++) color[to * 3 + c] += fine.color[from * 3 + c];
    }
  }
  for (let to = 0; to < known.length; to++) {
    if (known[to] === 0) continue;
    for (let c = 0; c < 3; c++) color[to * 3 + c] /= known[to];
    known[to] = 1;
  }
  return { width, height, color, known };
}

function seedWithMean(grid: Grid): void {
  const sum = [0, 0, 0];
  let count = 0;
  for (let pixel = 0; pixel < grid.known.length; pixel++) {
    if (grid.known[pixel] === 0) continue;
    count++;
    for (let c = 0; c < 3; c++) sum[c] += grid.color[pixel * 3 + c];
  }
  if (count === 0) return;
  for (let pixel = 0; pixel < grid.known.length; pixel++) {
    if (grid.known[pixel] !== 0) continue;
    for (let c = 0; c < 3; c++) grid.color[pixel * 3 + c] = sum[c] / count;
  }
}

function prolong(fine: Grid, coarse: Grid): void {
  for (let y = 0; y < fine.height; y++) {
    const near = (y >> 1) * coarse.width;
    const far = Math.min(coarse.height - 1, Math.max(0, (y >> 1) + ((y & 1) === 0 ? -1 : 1))) * coarse.width;
    for (let x = 0; x < fine.width; x++) {
      const to = y * fine.width + x;
      if (fine.known[to] !== 0) continue;
      const nearX = x >> 1;
      const farX = Math.min(coarse.width - 1, Math.max(0, nearX + ((x & 1) === 0 ? -1 : 1)));
      for (let c = 0; c < 3; c++) {
        fine.color[to * 3 + c] =
          0.5625 * coarse.color[(near + nearX) * 3 + c] +
          0.1875 * (coarse.color[(near + farX) * 3 + c] + coarse.color[(far + nearX) * 3 + c]) +
          0.0625 * coarse.color[(far + farX) * 3 + c];
      }
    }
  }
}

function relax(grid: Grid, sweeps: number): void {
  const { width, height, color } = grid;
  const unknown: [Int32Array, Int32Array] = [listUnknown(grid, 0), listUnknown(grid, 1)];
  const omega = 1.5;
  for (let sweep = 0; sweep < sweeps * 2; sweep++) {
    const list = unknown[sweep & 1];
    for (const pixel of list) {
      const x = pixel % width;
      const at = pixel * 3;
      // A missing neighbour is replaced by the pixel itself: no flux through the border.
      const left = x > 0 ? at - 3 : at;
      const right = x < width - 1 ? at + 3 : at;
      const up = pixel >= width ? at - width * 3 : at;
      const down = pixel < width * (height - 1) ? at + width * 3 : at;
      for (let c = 0; c < 3; c++) {
        const mean = (color[left + c] + color[right + c] + color[up + c] + color[down + c]) * 0.25;
        color[at + c] += omega * (mean - color[at + c]);
      }
    }
  }
}

function listUnknown(grid: Grid, parity: number): Int32Array {
  const list = new Int32Array(grid.known.length);
  let count = 0;
  for (let y = 0, pixel = 0; y < grid.height; y++) {
    for (let x = 0; x < grid.width; x++, pixel++) {
      if (grid.known[pixel] === 0 && ((x + y) & 1) === parity) list[count++] = pixel;
    }
  }
  return list.subarray(0, count);
}
