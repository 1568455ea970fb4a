import { smoothStep } from '#common/math/smoothStep';
import { MILLIMETRE } from '#common/synthetic/domains/domainValues';
import type { MaskFactor } from '#common/synthetic/domains/paint/maskSchema';
import type { PaintPoints } from '#common/synthetic/domains/paint/paintPoints';
import { createCells, spots, worleyCells, type Cells } from '#common/synthetic/pattern/cellPattern';
import { cylinderCoordinates } from '#common/synthetic/pattern/cylinderCoordinates';
import { fractalNoise } from '#common/synthetic/pattern/fractalNoise';
import { hashShare } from '#common/synthetic/pattern/latticeHash';
import { simplexNoise } from '#common/synthetic/pattern/latticeNoise';
import { lineCoverage, stripeCoverage } from '#common/synthetic/pattern/linePattern';
import type { PatternPoints } from '#common/synthetic/pattern/patternPoints';
import { norm2 } from '#common/math/portableMath';

type Factor<Kind extends MaskFactor['kind']> = Extract<MaskFactor, { kind: Kind }>;

export function noiseFactor(factor: Factor<'noise'>, points: PaintPoints, out: Float32Array): void {
  const { size, octaves, seed, stretch, isRidged, from, to } = factor;
  const frequency = 1 / (size * MILLIMETRE);
  fractalNoise(points, { frequency, octaves, seed, stretch, isRidged }, out);
  for (let i = 0; i < points.count; i++) out[i] = smoothStep(from, to, out[i]);
}

let cells: Cells = createCells(0);

function cellsFor(count: number): Cells {
  if (cells.cell.length < count) cells = createCells(count * 2);
  return cells;
}

let mirrored = new Float32Array(0);

/** The points with |x|, for patterns that are alike on both sides. */
function mirroredPoints(points: PatternPoints): PatternPoints {
  const length = points.count * 3;
  if (mirrored.length < length) mirrored = new Float32Array(length * 2);
  for (let k = 0; k < length; k += 3) {
    mirrored[k] = Math.abs(points.canonical[k]);
    mirrored[k + 1] = points.canonical[k + 1];
    mirrored[k + 2] = points.canonical[k + 2];
  }
  return { count: points.count, canonical: mirrored, footprint: points.footprint };
}

interface CellLayout {
  readonly size: number;
  readonly seed: number;
  readonly jitter: number;
  readonly stretch: readonly [number, number, number];
  readonly isMirrored: boolean;
}

/** The Voronoi cells of a layout at each point; valid until the next call. */
export function cellsAt(points: PatternPoints, layout: CellLayout): Cells {
  const found = cellsFor(points.count);
  const { size, seed, jitter, stretch, isMirrored } = layout;
  const where = isMirrored ? mirroredPoints(points) : points;
  worleyCells(where, { frequency: 1 / (size * MILLIMETRE), seed, jitter, stretch }, found);
  return found;
}

export function leadsFactor(factor: Factor<'leads'>, points: PaintPoints, out: Float32Array): void {
  const { border } = cellsAt(points, factor);
  const half = (factor.width * MILLIMETRE) / 2;
  for (let i = 0; i < points.count; i++) out[i] = lineCoverage(border[i], half, points.footprint[i]);
}

export function cellsFactor(factor: Factor<'cells'>, points: PaintPoints, out: Float32Array): void {
  const { cell } = cellsAt(points, factor);
  for (let i = 0; i < points.count; i++) {
    const share = hashShare(cell[i], 5);
    out[i] = share >= factor.from && share < factor.to ? 1 : 0;
  }
}

export function spotsFactor(factor: Factor<'spots'>, points: PaintPoints, out: Float32Array): void {
  const { size, radius, density, seed } = factor;
  const options = { frequency: 1 / (size * MILLIMETRE), radius: radius * MILLIMETRE, density, seed };
  spots(points, options, cellsFor(points.count), out);
}

let unrolled = new Float32Array(0);

function unroll(points: PatternPoints): Float32Array {
  if (unrolled.length < points.count * 2) unrolled = new Float32Array(points.count * 4);
  cylinderCoordinates(points, unrolled);
  return unrolled;
}

const wander = new Float64Array(4);

export function stripesFactor(factor: Factor<'stripes'>, points: PaintPoints, out: Float32Array): void {
  const { across, wobble, seed, duty } = factor;
  const period = factor.period * MILLIMETRE;
  const arcs = across === 'arc' ? unroll(points) : undefined;
  const { canonical, uvs, footprint } = points;
  for (let i = 0; i < points.count; i++) {
    const x = canonical[i * 3];
    const y = canonical[i * 3 + 1];
    const z = canonical[i * 3 + 2];
    let coordinate;
    if (arcs) coordinate = arcs[i * 2];
    else if (across === 'u' || across === 'v') coordinate = uvs[i * 2 + (across === 'u' ? 0 : 1)];
    else coordinate = x * Number(across[0]) + y * Number(across[1]) + z * Number(across[2]);
    if (wobble > 0) {
      // Along a chart stripes are strands: they wander slowly on their way down.
      if (across === 'u') simplexNoise(uvs[i * 2] * 9, uvs[i * 2 + 1] * 2, 0.5, seed, wander);
      else simplexNoise(x * 60, y * 60, z * 60, seed, wander);
      coordinate += wander[0] * wobble * period;
    }
    out[i] = stripeCoverage(coordinate, period, duty, footprint[i]);
  }
}

export function dotsFactor(factor: Factor<'dots'>, points: PaintPoints, out: Float32Array): void {
  const period = factor.period * MILLIMETRE;
  const radius = factor.radius * MILLIMETRE;
  const place = unroll(points);
  for (let i = 0; i < points.count; i++) {
    const u = place[i * 2] / period;
    const v = place[i * 2 + 1] / period;
    if (factor.shape === 'check') {
      out[i] = (Math.floor(u) + Math.floor(v)) & 1;
      continue;
    }
    // Rows are offset by half a period, as in print.
    const row = Math.floor(v);
    const du = u + (row & 1) * 0.5;
    const distance = norm2(du - Math.floor(du) - 0.5, v - row - 0.5) * period;
    const soft = Math.max(points.footprint[i] * 0.7, radius * 0.15);
    out[i] = smoothStep(radius + soft, radius - soft, distance);
  }
}
