import type { HeadModel } from '#common/head/headModel';
import { portableAngle, portableArcCosine } from '#common/math/portableMath';

/** Outer border of a person's skin seen from the head's centre: what hair and clothes must stay outside of. */
export interface HeadHull {
  /** Distance to the border in a direction (need not be unit), metres. */
  readonly radius: (x: number, y: number, z: number) => number;
  /** Height of neck and shoulders over a place of the ground plan, metres; -Infinity outside. */
  readonly shoulderY: (x: number, z: number) => number;
}

const AZIMUTHS = 96;
const ELEVATIONS = 64;
/** Vertices below this on the mean head are neck, metres. */
const LOWEST = -0.1;
const SHOULDER_CELLS = 36;
/** Side of the ground plan, metres. */
const SHOULDER_SPAN = 0.5;
/** Height of the hull's centre over the head's, metres: about the ears' tops. */
export const HULL_CENTRE_Y = 0.01;

/** Measures the hull of a neutral head; ears count half, so that hair lies over them without a bump. About 3 ms. */
export function headHull(model: HeadModel, neutral: Float32Array): HeadHull {
  const skin = model.parts.find(({ name }) => name === 'skin')!;
  const grid = new Float32Array(AZIMUTHS * ELEVATIONS);
  for (let i = skin.firstIndex; i < skin.firstIndex + skin.indexCount; i += 3) {
    // The neck and shoulders lie behind the jaw as seen from here; they have a map of their own.
    if (model.template[model.indices[i] * 3 + 1] > LOWEST) splatTriangle(model, neutral, i, grid);
  }
  fillEmpty(grid);
  const skinned = grid.slice();
  blur(grid);
  // A blurred ridge would lie under the skin.
  skinned.forEach((radius, cell) => (grid[cell] = Math.max(radius, grid[cell])));
  const shoulders = shoulderMap(model, neutral);
  return {
    radius: (x, y, z) => sample(grid, x, y, z),
    shoulderY: (x, z) => {
      const column = (x / SHOULDER_SPAN + 0.5) * (SHOULDER_CELLS - 1);
      const row = (z / SHOULDER_SPAN + 0.5) * (SHOULDER_CELLS - 1);
      const [c, r] = [Math.floor(column), Math.floor(row)];
      if (c < 0 || r < 0 || c >= SHOULDER_CELLS - 1 || r >= SHOULDER_CELLS - 1) return -Infinity;
      const at = r * SHOULDER_CELLS + c;
      const [a, b] = [column - c, row - r];
      const upper = shoulders[at] * (1 - a) + shoulders[at + 1] * a;
      const lower = shoulders[at + SHOULDER_CELLS] * (1 - a) + shoulders[at + SHOULDER_CELLS + 1] * a;
      const height = upper * (1 - b) + lower * b;
      return Number.isNaN(height) ? -Infinity : height;
    },
  };
}

/** Marks the cells of a triangle's corners, edge middles and centre; triangles are smaller than cells are wide. */
function splatTriangle(model: HeadModel, p: Float32Array, at: number, grid: Float32Array): void {
  const a = model.indices[at];
  const b = model.indices[at + 1];
  const c = model.indices[at + 2];
  const { ears } = model.regions;
  const shrink = 1 - (0.1 * (ears[a] + ears[b] + ears[c])) / 3;
  for (const [wa, wb, wc] of SPOTS) {
    const x = wa * p[a * 3] + wb * p[b * 3] + wc * p[c * 3];
    const y = wa * p[a * 3 + 1] + wb * p[b * 3 + 1] + wc * p[c * 3 + 1] - HULL_CENTRE_Y;
    const z = wa * p[a * 3 + 2] + wb * p[b * 3 + 2] + wc * p[c * 3 + 2];
    const length = Math.sqrt(x * x + y * y + z * z);
    const radius = length * shrink;
    const azimuth = Math.floor(((portableAngle(x, z) / (2 * Math.PI) + 0.5) * AZIMUTHS) % AZIMUTHS);
    const elevation = Math.min(
      ELEVATIONS - 1,
      Math.floor((portableArcCosine(y / length) / Math.PI) * ELEVATIONS),
    );
    const cell = elevation * AZIMUTHS + azimuth;
    if (radius > grid[cell]) grid[cell] = radius;
  }
}

/** Highest shoulder vertex in each cell of the ground plan, spread to empty neighbours. */
function shoulderMap(model: HeadModel, p: Float32Array): Float32Array {
  const map = new Float32Array(SHOULDER_CELLS * SHOULDER_CELLS).fill(-Infinity);
  for (let v = 0; v < model.vertexCount; v++) {
    if (model.regions.neck[v] + model.regions.shoulders[v] < 0.5 || model.template[v * 3 + 1] > -0.1)
      continue;
    const column = Math.round((p[v * 3] / SHOULDER_SPAN + 0.5) * (SHOULDER_CELLS - 1));
    const row = Math.round((p[v * 3 + 2] / SHOULDER_SPAN + 0.5) * (SHOULDER_CELLS - 1));
    if (column < 0 || row < 0 || column >= SHOULDER_CELLS || row >= SHOULDER_CELLS) continue;
    const cell = row * SHOULDER_CELLS + column;
    map[cell] = Math.max(map[cell], p[v * 3 + 1]);
  }
  for (let round = 0; round < 3; round++) {
    const before = map.slice();
    before.forEach((height, cell) => {
      if (height > -Infinity) return;
      for (const near of [cell - 1, cell + 1, cell - SHOULDER_CELLS, cell + SHOULDER_CELLS])
        if ((before[near] ?? -Infinity) > map[cell]) map[cell] = before[near];
    });
  }
  return map;
}

const SPOTS = [
  [1, 0, 0], [0, 1, 0], [0, 0, 1], [0.5, 0.5, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.34, 0.33, 0.33],
] as const; // prettier-ignore

function fillEmpty(grid: Float32Array): void {
  for (let round = 0; round < ELEVATIONS; round++) {
    let isFull = true;
    const before = grid.slice();
    for (let e = 0; e < ELEVATIONS; e++)
      for (let a = 0; a < AZIMUTHS; a++) {
        const cell = e * AZIMUTHS + a;
        if (before[cell] > 0) continue;
        let sum = 0;
        let count = 0;
        for (const near of neighbours(e, a))
          if (before[near] > 0) {
            sum += before[near];
            count++;
          }
        if (count > 0) grid[cell] = sum / count;
        else isFull = false;
      }
    if (isFull) return;
  }
}

function neighbours(e: number, a: number): number[] {
  const cells = [e * AZIMUTHS + ((a + 1) % AZIMUTHS), e * AZIMUTHS + ((a + AZIMUTHS - 1) % AZIMUTHS)];
  if (e > 0) cells.push((e - 1) * AZIMUTHS + a);
  if (e < ELEVATIONS - 1) cells.push((e + 1) * AZIMUTHS + a);
  return cells;
}

function blur(grid: Float32Array): void {
  for (let pass = 0; pass < 2; pass++) {
    const before = grid.slice();
    for (let e = 0; e < ELEVATIONS; e++)
      for (let a = 0; a < AZIMUTHS; a++) {
        const near = neighbours(e, a);
        const mean = near.reduce((sum, cell) => sum + before[cell], 0) / near.length;
        grid[e * AZIMUTHS + a] = 0.5 * before[e * AZIMUTHS + a] + 0.5 * mean;
      }
  }
}

function sample(grid: Float32Array, x: number, y: number, z: number): number {
  const length = Math.sqrt(x * x + y * y + z * z) + 1e-12;
  const a = (portableAngle(x, z) / (2 * Math.PI) + 0.5) * AZIMUTHS - 0.5;
  const e = Math.min(
    ELEVATIONS - 1.001,
    Math.max(0, (portableArcCosine(y / length) / Math.PI) * ELEVATIONS - 0.5),
  );
  const a0 = Math.floor(a);
  const e0 = Math.floor(e);
  const fa = a - a0;
  const fe = e - e0;
  const column = (k: number): number => (k + AZIMUTHS) % AZIMUTHS;
  const row = (k: number): number => Math.min(ELEVATIONS - 1, k) * AZIMUTHS;
  return (
    (1 - fe) * ((1 - fa) * grid[row(e0) + column(a0)] + fa * grid[row(e0) + column(a0 + 1)]) +
    fe * ((1 - fa) * grid[row(e0 + 1) + column(a0)] + fa * grid[row(e0 + 1) + column(a0 + 1)])
  );
}
