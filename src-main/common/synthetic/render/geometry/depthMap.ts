import type { Triple } from '#common/synthetic/scene';

/**
 * What a far light sees: the height towards it of the nearest surface, on a square grid of cells. Map space is an
 * orthonormal basis (across, up, towards the light) with cells of equal sides.
 */
export interface DepthMap {
  readonly size: number;
  /** Towards the light, metres; -Infinity where nothing is. */
  readonly heights: Float32Array;
  /** Unit vectors, world: across, up, towards the light. */
  readonly axes: Float64Array;
  /** Map place of the lower corner, metres along `across` and `up`. */
  originX: number;
  originY: number;
  /** Cells per metre. */
  scale: number;
}

export function createDepthMap(size: number): DepthMap {
  return {
    size,
    heights: new Float32Array(size * size),
    axes: new Float64Array(9),
    originX: 0,
    originY: 0,
    scale: 1,
  };
}

/** A mesh that casts. */
export interface DepthCaster {
  readonly positions: Float32Array;
  readonly indices: Uint32Array;
  /** Share of the triangles that cast, (0, 1]: what is half transparent shades half. */
  readonly density: number;
  /** Only triangles that face the light cast: half the work where nothing is seen from behind. */
  readonly isBackCulled: boolean;
}

/** Clears the map, turns it towards the light, fits it about the casters and draws them. */
export function drawDepthMap(map: DepthMap, towardsLight: Triple, casters: readonly DepthCaster[]): void {
  setAxes(map.axes, towardsLight);
  map.heights.fill(-Infinity);
  const total = casters.reduce((sum, { positions }) => sum + positions.length, 0);
  if (projected.length < total) {
    projected = new Float32Array(total);
    columns = new Int32Array(total / 3);
    rows = new Int32Array(total / 3);
  }
  projectCasters(map, casters);
  let first = 0;
  for (const caster of casters) {
    fillCaster(map, caster, first);
    first += caster.positions.length / 3;
  }
}

/** Map coordinates of all casters' vertices, one after the other: x and y in cells, height in metres. */
let projected = new Float32Array(0);
/** First column and row whose centre is not left of or below each vertex. */
let columns = new Int32Array(0);
let rows = new Int32Array(0);

function setAxes(axes: Float64Array, [x, y, z]: Triple): void {
  // Any vector that is not parallel to the light does for a start.
  const isSteep = Math.abs(y) > 0.9;
  const ux = isSteep ? y : z;
  const uy = isSteep ? -x : 0;
  const uz = isSteep ? 0 : -x;
  const length = Math.sqrt(ux * ux + uy * uy + uz * uz);
  axes[0] = ux / length;
  axes[1] = uy / length;
  axes[2] = uz / length;
  axes[3] = y * axes[2] - z * axes[1];
  axes[4] = z * axes[0] - x * axes[2];
  axes[5] = x * axes[1] - y * axes[0];
  axes[6] = x;
  axes[7] = y;
  axes[8] = z;
}

function projectCasters(map: DepthMap, casters: readonly DepthCaster[]): void {
  const [a0, a1, a2, b0, b1, b2, c0, c1, c2] = map.axes;
  let lowX = Infinity;
  let lowY = Infinity;
  let highX = -Infinity;
  let highY = -Infinity;
  let at = 0;
  for (const { positions } of casters) {
    for (let k = 0; k < positions.length; k += 3, at += 3) {
      const x = positions[k];
      const y = positions[k + 1];
      const z = positions[k + 2];
      const across = a0 * x + a1 * y + a2 * z;
      const up = b0 * x + b1 * y + b2 * z;
      projected[at] = across;
      projected[at + 1] = up;
      projected[at + 2] = c0 * x + c1 * y + c2 * z;
      if (across < lowX) lowX = across;
      if (across > highX) highX = across;
      if (up < lowY) lowY = up;
      if (up > highY) highY = up;
    }
  }
  const extent = Math.max(highX - lowX, highY - lowY, 1e-6);
  map.scale = at === 0 ? 1 : (map.size - 2) / extent;
  map.originX = at === 0 ? 0 : lowX - 1 / map.scale;
  map.originY = at === 0 ? 0 : lowY - 1 / map.scale;
  for (let k = 0, vertex = 0; k < at; k += 3, vertex++) {
    const x = (projected[k] - map.originX) * map.scale;
    const y = (projected[k + 1] - map.originY) * map.scale;
    projected[k] = x;
    projected[k + 1] = y;
    columns[vertex] = Math.ceil(x - 0.5);
    rows[vertex] = Math.ceil(y - 0.5);
  }
}

function fillCaster(map: DepthMap, caster: DepthCaster, first: number): void {
  const { indices, density, isBackCulled } = caster;
  const kept = Math.round(density * 16);
  for (let at = 0, triangle = 0; at < indices.length; at += 3, triangle++) {
    // A fixed scatter of the triangles: neighbours are not dropped in rows.
    if (kept < 16 && ((Math.imul(triangle, 0x9e3779b1) >>> 20) & 15) >= kept) continue;
    const a = first + indices[at];
    const b = first + indices[at + 1];
    const c = first + indices[at + 2];
    // Most triangles are smaller than a cell and lie between two columns' or rows' centres: out with integers alone.
    const columnA = columns[a];
    const columnB = columns[b];
    const columnC = columns[c];
    if (columnA === columnB && columnB === columnC) continue;
    const rowA = rows[a];
    const rowB = rows[b];
    const rowC = rows[c];
    if (rowA === rowB && rowB === rowC) continue;
    box[0] =
      columnA < columnB ? (columnA < columnC ? columnA : columnC) : columnB < columnC ? columnB : columnC;
    box[1] =
      columnA > columnB ? (columnA > columnC ? columnA : columnC) : columnB > columnC ? columnB : columnC;
    box[2] = rowA < rowB ? (rowA < rowC ? rowA : rowC) : rowB < rowC ? rowB : rowC;
    box[3] = rowA > rowB ? (rowA > rowC ? rowA : rowC) : rowB > rowC ? rowB : rowC;
    fillCells(map, a * 3, b * 3, c * 3, isBackCulled);
  }
}

/** Columns and rows to look at: from the first to before the last. */
const box = new Int32Array(4);

function fillCells(map: DepthMap, a: number, b: number, c: number, isBackCulled: boolean): void {
  const { heights, size } = map;
  const xa = projected[a];
  const ya = projected[a + 1];
  const xb = projected[b];
  const yb = projected[b + 1];
  const xc = projected[c];
  const yc = projected[c + 1];
  const area = (xb - xa) * (yc - ya) - (yb - ya) * (xc - xa);
  if (area === 0 || (isBackCulled && area < 0)) return;
  const inverseArea = 1 / area;
  // Weight of b and c: affine over the map.
  const stepB = (yc - ya) * inverseArea;
  const stepC = (ya - yb) * inverseArea;
  const height = projected[a + 2];
  const riseB = projected[b + 2] - height;
  const riseC = projected[c + 2] - height;
  for (let y = box[2]; y < box[3]; y++) {
    const py = y + 0.5 - ya;
    const px = box[0] + 0.5 - xa;
    let weightB = (px * (yc - ya) - py * (xc - xa)) * inverseArea;
    let weightC = (py * (xb - xa) - px * (yb - ya)) * inverseArea;
    let cell = y * size + box[0];
    for (let x = box[0]; x < box[1]; x++, cell++) {
      if (weightB >= 0 && weightC >= 0 && weightB + weightC <= 1) {
        const value = height + weightB * riseB + weightC * riseC;
        if (value > heights[cell]) heights[cell] = value;
      }
      weightB += stepB;
      weightC += stepC;
    }
  }
}
