import type { HeadModel, HeadPartName } from '#common/head/headModel';
import { headPart } from '#common/reconstruction/fit/headTopology';

/** Metres a mouth part stays behind the skin in front of it. */
const CLEARANCE = 0.0015;

/** Teeth keep their shape: the row moves back as a whole, at most this far. */
const MOST_TEETH_SHIFT = 0.005;

const CELL = 0.0012;

/** Frontmost skin over a grid of x and y around the mouth; -Infinity where there is none (the mouth's opening). */
interface FrontMap {
  readonly x0: number;
  readonly y0: number;
  readonly columns: number;
  readonly rows: number;
  readonly depth: Float32Array;
}

/**
 * Keeps mouth cavity, tongue and teeth behind the skin, in place: a small or flat chin, or a bent one, would let
 * them through. `vertices` in any expression, model space.
 */
export function tuckInside(model: HeadModel, vertices: Float32Array): void {
  const map = mapSkinFront(model, vertices);
  const ends = new Uint8Array(model.vertexCount);
  const skin = headPart(model, 'skin');
  for (let v = skin.firstVertex; v < skin.firstVertex + skin.vertexCount; v++) ends[model.weld[v]] = 1;
  for (const name of ['mouthCavity', 'tongue'] as const) {
    const { firstVertex, vertexCount } = headPart(model, name);
    for (let v = firstVertex; v < firstVertex + vertexCount; v++) {
      // The rim is sewn to the lips and stays with them.
      if (ends[model.weld[v]] === 1) continue;
      vertices[v * 3 + 2] -= Math.max(0, breach(map, vertices, v));
    }
  }
  shiftTeeth(model, map, vertices, 'teethUpper');
  shiftTeeth(model, map, vertices, 'teethLower');
}

function shiftTeeth(model: HeadModel, map: FrontMap, vertices: Float32Array, name: HeadPartName): void {
  const { firstVertex, vertexCount } = headPart(model, name);
  let shift = 0;
  for (let v = firstVertex; v < firstVertex + vertexCount; v++)
    shift = Math.max(shift, breach(map, vertices, v));
  shift = Math.min(shift, MOST_TEETH_SHIFT);
  for (let v = firstVertex; v < firstVertex + vertexCount; v++) vertices[v * 3 + 2] -= shift;
}

/** How far a vertex is in front of where it may be, metres. */
function breach(map: FrontMap, vertices: Float32Array, v: number): number {
  const column = Math.floor((vertices[v * 3] - map.x0) / CELL);
  const row = Math.floor((vertices[v * 3 + 1] - map.y0) / CELL);
  if (column < 0 || row < 0 || column >= map.columns || row >= map.rows) return 0;
  const front = map.depth[row * map.columns + column];
  return front === -Infinity ? 0 : vertices[v * 3 + 2] - (front - CLEARANCE);
}

function mapSkinFront(model: HeadModel, vertices: Float32Array): FrontMap {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const name of ['mouthCavity', 'teethUpper', 'teethLower', 'tongue'] as const) {
    const { firstVertex, vertexCount } = headPart(model, name);
    for (let v = firstVertex; v < firstVertex + vertexCount; v++) {
      for (let axis = 0; axis < 2; axis++) {
        box[axis] = Math.min(box[axis], vertices[v * 3 + axis]);
        box[axis + 2] = Math.max(box[axis + 2], vertices[v * 3 + axis]);
      }
    }
  }
  const columns = Math.max(1, Math.ceil((box[2] - box[0]) / CELL));
  const rows = Math.max(1, Math.ceil((box[3] - box[1]) / CELL));
  const map: FrontMap = {
    x0: box[0],
    y0: box[1],
    columns,
    rows,
    depth: new Float32Array(columns * rows).fill(-Infinity),
  };
  const skin = headPart(model, 'skin');
  for (let t = skin.firstIndex; t < skin.firstIndex + skin.indexCount; t += 3) {
    drawTriangle(map, vertices, model.indices.subarray(t, t + 3));
  }
  return map;
}

/** Writes the depth of every cell centre that the triangle covers, where it is nearer than what is there. */
function drawTriangle(map: FrontMap, vertices: Float32Array, corners: Uint32Array): void {
  const [a, b, c] = [corners[0] * 3, corners[1] * 3, corners[2] * 3];
  const [ax, ay, bx, by] = [vertices[a], vertices[a + 1], vertices[b], vertices[b + 1]];
  const [cx, cy] = [vertices[c], vertices[c + 1]];
  const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  // Only skin that faces the front covers anything.
  if (area <= 1e-12) return;
  const column = (x: number): number => (x - map.x0) / CELL;
  const row = (y: number): number => (y - map.y0) / CELL;
  const left = Math.max(0, Math.floor(column(Math.min(ax, bx, cx))));
  const right = Math.min(map.columns - 1, Math.floor(column(Math.max(ax, bx, cx))));
  const bottom = Math.max(0, Math.floor(row(Math.min(ay, by, cy))));
  const top = Math.min(map.rows - 1, Math.floor(row(Math.max(ay, by, cy))));
  for (let r = bottom; r <= top; r++) {
    const y = map.y0 + (r + 0.5) * CELL;
    for (let k = left; k <= right; k++) {
      const x = map.x0 + (k + 0.5) * CELL;
      const wb = ((x - ax) * (cy - ay) - (y - ay) * (cx - ax)) / area;
      const wc = ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / area;
      if (wb < 0 || wc < 0 || wb + wc > 1) continue;
      const z = (1 - wb - wc) * vertices[a + 2] + wb * vertices[b + 2] + wc * vertices[c + 2];
      const cell = r * map.columns + k;
      if (z > map.depth[cell]) map.depth[cell] = z;
    }
  }
}
