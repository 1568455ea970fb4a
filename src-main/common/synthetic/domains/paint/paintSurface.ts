import { MILLIMETRE, linearColor } from '#common/synthetic/domains/domainValues';
import { evaluateMask } from '#common/synthetic/domains/paint/evaluateMask';
import type { PaintPoints } from '#common/synthetic/domains/paint/paintPoints';
import { cellsAt } from '#common/synthetic/domains/paint/patternFactors';
import type { Coat, SurfaceLook, Tiles } from '#common/synthetic/domains/paint/surfaceSchema';
import { hashShare } from '#common/synthetic/pattern/latticeHash';
import { lineCoverage } from '#common/synthetic/pattern/linePattern';

/** Painted points; the first `count` hold. */
export interface PaintedPoints {
  /** Linear RGB, three a point. */
  readonly color: Float32Array;
  readonly shine: Float32Array;
  readonly metal: Float32Array;
  readonly glow: Float32Array;
  readonly opacity: Float32Array;
}

/** Paints points of one surface; the result is overwritten by the next call. */
export type SurfacePainter = (points: PaintPoints, own: Float32Array | undefined) => PaintedPoints;

interface CompiledCoat extends Omit<Coat, 'color'> {
  readonly color: readonly [number, number, number] | undefined;
}

/**
 * The painter of a look's base, tiles, coats and lines. It reads canonical coordinates and charts alone, so the same
 * point of a head is the same colour in every pose. The own colour is linear RGBA, four floats a point.
 */
export function createSurfacePainter(look: SurfaceLook): SurfacePainter {
  const base = linearColor(look.base.color);
  const coats = look.coats.map(compileCoat);
  const lines = look.lines.map(compileCoat);
  return (points, own) => {
    const painted = paintedFor(points.count);
    layBase(look.base, base, points.count, own, painted);
    if (look.tiles) layTiles(look.tiles, points, (tiled) => layCoats(coats, tiled, painted), painted);
    else layCoats(coats, points, painted);
    layCoats(lines, points, painted);
    return painted;
  };
}

/** Whether a look needs to know the surface's own colour. */
export function readsOwnColor({ base }: SurfaceLook): boolean {
  return base.own > 0 || base.detail > 0;
}

function compileCoat(coat: Coat): CompiledCoat {
  return { ...coat, color: coat.color === undefined ? undefined : linearColor(coat.color) };
}

let painted: PaintedPoints = allocate(0);
let share = new Float32Array(0);

function allocate(count: number): PaintedPoints {
  return {
    color: new Float32Array(count * 3),
    shine: new Float32Array(count),
    metal: new Float32Array(count),
    glow: new Float32Array(count),
    opacity: new Float32Array(count),
  };
}

function paintedFor(count: number): PaintedPoints {
  if (painted.shine.length < count) {
    painted = allocate(count * 2);
    share = new Float32Array(count * 2);
  }
  return painted;
}

/** Luminance at which `detail` changes nothing: between fair and brown skin. */
const MIDDLE_LUMINANCE = 0.3;

function layBase(
  look: SurfaceLook['base'],
  base: readonly [number, number, number],
  count: number,
  own: Float32Array | undefined,
  { color, shine, metal, glow, opacity }: PaintedPoints,
): void {
  shine.fill(look.shine, 0, count);
  metal.fill(look.metal, 0, count);
  glow.fill(0, 0, count);
  opacity.fill(1, 0, count);
  for (let i = 0; i < count; i++) {
    let light = 1;
    if (own !== undefined && look.detail > 0) {
      const luminance = 0.2126 * own[i * 4] + 0.7152 * own[i * 4 + 1] + 0.0722 * own[i * 4 + 2];
      light = 1 + look.detail * (Math.min(2, luminance / MIDDLE_LUMINANCE) - 1);
    }
    const keep = own === undefined ? 0 : look.own;
    for (let c = 0; c < 3; c++) {
      const from = base[c] * Math.max(0, light);
      color[i * 3 + c] = keep > 0 && own ? from + keep * (own[i * 4 + c] - from) : from;
    }
  }
}

function layCoats(coats: readonly CompiledCoat[], points: PaintPoints, out: PaintedPoints): void {
  for (const coat of coats) {
    evaluateMask(coat.where, points, share);
    for (let i = 0; i < points.count; i++) {
      const amount = share[i] * coat.amount;
      if (amount <= 0) continue;
      if (coat.color) layColor(coat.mode, coat.color, amount, out.color, i * 3);
      if (coat.shine !== undefined) out.shine[i] += amount * (coat.shine - out.shine[i]);
      if (coat.metal !== undefined) out.metal[i] += amount * (coat.metal - out.metal[i]);
      if (coat.glow !== undefined) out.glow[i] += amount * (coat.glow - out.glow[i]);
      if (coat.opacity !== undefined) out.opacity[i] += amount * (coat.opacity - out.opacity[i]);
    }
  }
}

function layColor(
  mode: Coat['mode'],
  paint: readonly number[],
  amount: number,
  color: Float32Array,
  at: number,
): void {
  for (let c = 0; c < 3; c++) {
    const old = color[at + c];
    if (mode === 'mix') color[at + c] = old + amount * (paint[c] - old);
    else if (mode === 'multiply') color[at + c] = old * (1 + amount * (paint[c] - 1));
    else color[at + c] = old + amount * paint[c];
  }
}

let tiledCanonical = new Float32Array(0);
let tileHash = new Float32Array(0);

/** Coats evaluated once per tile: every point looks at its tile's own place. */
function layTiles(
  tiles: Tiles,
  points: PaintPoints,
  layAt: (tiled: PaintPoints) => void,
  out: PaintedPoints,
): void {
  const { count, canonical } = points;
  if (tiledCanonical.length < count * 3) {
    tiledCanonical = new Float32Array(count * 6);
    tileHash = new Float32Array(count * 4);
  }
  if (tiles.kind === 'blocks') {
    const size = tiles.size * MILLIMETRE;
    for (let k = 0; k < count * 3; k++) tiledCanonical[k] = (Math.floor(canonical[k] / size) + 0.5) * size;
    layAt({ ...points, canonical: tiledCanonical });
    return;
  }
  const cells = cellsAt(points, tiles);
  for (let i = 0; i < count; i++) {
    const side = tiles.isMirrored && canonical[i * 3] < 0 ? -1 : 1;
    tiledCanonical[i * 3] = side * cells.seeds[i * 3];
    tiledCanonical[i * 3 + 1] = cells.seeds[i * 3 + 1];
    tiledCanonical[i * 3 + 2] = Math.max(cells.seeds[i * 3 + 2], canonical[i * 3 + 2] > 0.03 ? 0.04 : -1);
    tileHash[i * 2] = hashShare(cells.cell[i], 1);
    tileHash[i * 2 + 1] = lineCoverage(cells.border[i], (tiles.lead * MILLIMETRE) / 2, points.footprint[i]);
  }
  layAt({ ...points, canonical: tiledCanonical });
  const lead = linearColor(tiles.leadColor);
  for (let i = 0; i < count; i++) {
    const bright = 1 + tiles.variation * (2 * tileHash[i * 2] - 1);
    const line = tileHash[i * 2 + 1];
    for (let c = 0; c < 3; c++) {
      const glass = out.color[i * 3 + c] * bright;
      out.color[i * 3 + c] = glass + line * (lead[c] - glass);
    }
    out.glow[i] *= 1 - line;
    out.shine[i] *= 1 - 0.5 * line;
  }
}
