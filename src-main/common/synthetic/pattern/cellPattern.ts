import { hashShare, latticeHash } from '#common/synthetic/pattern/latticeHash';
import type { PatternPoints } from '#common/synthetic/pattern/patternPoints';

export interface CellOptions {
  /** Cells per metre. */
  readonly frequency: number;
  readonly seed: number;
  /** 0: a regular grid of cubes, 1 (default): fully random seeds. */
  readonly jitter?: number;
  /** Frequencies along canonical x, y, z relative to `frequency`. */
  readonly stretch?: readonly [number, number, number];
}

/** What is known of each point's cell; allocate once with `createCells`. */
export interface Cells {
  /** Distance to the cell's seed, metres (worley F1). */
  readonly nearest: Float32Array;
  /** Distance to the nearest border of the cell, metres, at least 0: leads of stained glass, joints of a mosaic. */
  readonly border: Float32Array;
  /** The cell's hash: `hashShare(cell, channel)` gives its colour. */
  readonly cell: Int32Array;
  /** Canonical place of the cell's seed, three floats, metres: evaluate a colour there to make tiles of one colour. */
  readonly seeds: Float32Array;
}

export function createCells(capacity: number): Cells {
  return {
    nearest: new Float32Array(capacity),
    border: new Float32Array(capacity),
    cell: new Int32Array(capacity),
    seeds: new Float32Array(capacity * 3),
  };
}

/**
 * Voronoi cells of jittered lattice seeds in canonical space (Worley 1996). They are not band-limited themselves: use
 * `lineCoverage(border, halfWidth, footprint)` for the joints, and fade cell colours with `bandWeight(footprint *
 * frequency)` where cells may become smaller than samples.
 */
export function worleyCells(points: PatternPoints, options: CellOptions, out: Cells): void {
  const { canonical, count } = points;
  const { frequency, seed, jitter = 1 } = options;
  const [stretchX, stretchY, stretchZ] = options.stretch ?? [1, 1, 1];
  const scaleX = 1 / (frequency * stretchX);
  const scaleY = 1 / (frequency * stretchY);
  const scaleZ = 1 / (frequency * stretchZ);
  for (let point = 0; point < count; point++) {
    const k = point * 3;
    const x = canonical[k] / scaleX;
    const y = canonical[k + 1] / scaleY;
    const z = canonical[k + 2] / scaleZ;
    const cellX = Math.floor(x);
    const cellY = Math.floor(y);
    const cellZ = Math.floor(z);
    let near = Infinity;
    let second = Infinity;
    nearest.fill(0);
    for (let dz = -1; dz <= 1; dz++) {
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const hash = latticeHash(cellX + dx, cellY + dy, cellZ + dz, seed);
          const sx = cellX + dx + 0.5 + jitter * ((hash & 1023) / 1023 - 0.5);
          const sy = cellY + dy + 0.5 + jitter * (((hash >>> 10) & 1023) / 1023 - 0.5);
          const sz = cellZ + dz + 0.5 + jitter * (((hash >>> 20) & 1023) / 1023 - 0.5);
          const distance =
            (sx - x) * (sx - x) * scaleX * scaleX +
            (sy - y) * (sy - y) * scaleY * scaleY +
            (sz - z) * (sz - z) * scaleZ * scaleZ;
          if (distance < near) {
            second = near;
            other.set(nearest);
            near = distance;
            keepSeed(nearest, hash, sx * scaleX, sy * scaleY, sz * scaleZ);
          } else if (distance < second) {
            second = distance;
            keepSeed(other, hash, sx * scaleX, sy * scaleY, sz * scaleZ);
          }
        }
      }
    }
    out.nearest[point] = Math.sqrt(near);
    // Distance to the plane half way between the two nearest seeds.
    const gapX = other[1] - nearest[1];
    const gapY = other[2] - nearest[2];
    const gapZ = other[3] - nearest[3];
    out.border[point] = (second - near) / (2 * Math.sqrt(gapX * gapX + gapY * gapY + gapZ * gapZ) + 1e-12);
    out.cell[point] = nearest[0];
    out.seeds[k] = nearest[1];
    out.seeds[k + 1] = nearest[2];
    out.seeds[k + 2] = nearest[3];
  }
}

// Hash and place of the two nearest seeds of the point at hand.
const nearest = new Float64Array(4);
const other = new Float64Array(4);

function keepSeed(into: Float64Array, hash: number, x: number, y: number, z: number): void {
  into[0] = hash;
  into[1] = x;
  into[2] = y;
  into[3] = z;
}

export interface SpotOptions extends CellOptions {
  /** Radius of a spot, metres; each spot's own is this times 0.5 to 1. */
  readonly radius: number;
  /** Share of the cells that hold a spot, [0, 1]. */
  readonly density: number;
}

/**
 * Round soft spots (freckles, moles, stubble, rust), coverage in [0, 1]. Spots finer than a sample thin out to their mean
 * instead of sparkling.
 *
 * @param cells scratch for `points.count` points
 */
export function spots(points: PatternPoints, options: SpotOptions, cells: Cells, out: Float32Array): void {
  worleyCells(points, options, cells);
  const { footprint, count } = points;
  for (let point = 0; point < count; point++) {
    const hash = cells.cell[point];
    if (hashShare(hash, 0) >= options.density) {
      out[point] = 0;
      continue;
    }
    const radius = options.radius * (0.5 + 0.5 * hashShare(hash, 1));
    // A sample wider than the spot sees it larger and paler; cubed, because the surface cuts balls of that radius.
    const wide = Math.sqrt(radius * radius + footprint[point] * footprint[point] * 0.25);
    const share = radius / wide;
    const t = 1 - cells.nearest[point] / wide;
    out[point] = t > 0 ? t * t * (3 - 2 * t) * share * share * share : 0;
  }
}
