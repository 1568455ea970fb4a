import { boundaryLoops } from './meshLoops';
import { minimiseDistortion, type FlatTriangles } from './minimiseDistortion';

/** A disk of skin to lay flat. Vertices are numbered from 0; `positions` are 3D, any unit. */
export interface ChartMesh {
  readonly triangles: Uint32Array;
  readonly positions: Float64Array;
  /** Wanted magnification of each vertex's neighbourhood; 1 everywhere gives even texel density. */
  readonly importance: Float64Array;
}

export interface ChartShape {
  /** Width and height of the rectangle the border is laid on. */
  readonly width: number;
  readonly height: number;
  /** Corner radius of that rectangle. */
  readonly corner: number;
  /** Vertex of the outer border that goes to the middle of the top edge. */
  readonly top: number;
  /** Vertex that goes to the middle of the bottom edge; the border between is spread by length. */
  readonly bottom: number;
}

/**
 * Lays a disk flat on a rounded rectangle: Tutte's embedding (never folds for a convex border), then the
 * interior relaxed to least symmetric Dirichlet energy by steps that never fold a triangle. v runs down, u to
 * the right seen from outside; returns two coordinates per vertex in [0, width] x [0, height].
 */
export function embedChart(mesh: ChartMesh, shape: ChartShape): Float64Array {
  const loops = boundaryLoops(mesh.triangles);
  const count = mesh.positions.length / 3;
  const holes = loops.slice(1);
  const total = count + holes.length;
  const uv = new Float64Array(total * 2).fill(0);
  const fixed = new Uint8Array(total);
  placeBorder(mesh, loops[0], shape, uv, fixed);
  const fans = holes.flatMap((hole, h) =>
    hole.flatMap((v, i) => [hole[(i + 1) % hole.length], v, count + h]),
  );
  const triangles = Uint32Array.from([...mesh.triangles, ...fans]);
  tutte(triangles, withHoleCentres(mesh.positions, holes), uv, fixed, shape);
  minimiseDistortion(uv, fixed, flatTriangles(mesh, triangles, holes, shape));
  return uv.slice(0, count * 2);
}

/** Outer border, both halves from top to bottom spread by their own length: symmetric for a symmetric disk. */
function placeBorder(
  mesh: ChartMesh,
  loop: readonly number[],
  shape: ChartShape,
  uv: Float64Array,
  fixed: Uint8Array,
): void {
  const start = loop.indexOf(shape.top);
  const ordered = loop.map((_, i) => loop[(start + i) % loop.length]);
  const middle = ordered.indexOf(shape.bottom);
  const lengths = cumulativeLengths(mesh.positions, ordered);
  const half = lengths[middle];
  const whole = lengths[ordered.length];
  ordered.forEach((v, i) => {
    const along =
      i <= middle ? (0.5 * lengths[i]) / half : 0.5 + (0.5 * (lengths[i] - half)) / (whole - half);
    // Counter-clockwise seen from outside means left (smaller u) first, with v running down.
    const [u, vDown] = roundedRectangle(shape, along);
    uv[v * 2] = u;
    uv[v * 2 + 1] = vDown;
    fixed[v] = 1;
  });
}

function cumulativeLengths(positions: Float64Array, loop: readonly number[]): number[] {
  const lengths = [0];
  loop.forEach((a, i) => {
    const b = loop[(i + 1) % loop.length];
    const d = Math.hypot(...[0, 1, 2].map((c) => positions[a * 3 + c] - positions[b * 3 + c]));
    lengths.push(lengths[i] + d);
  });
  return lengths;
}

/** How far the sides' ends lie inside their middle, fraction of the half width. */
const BULGE = 0.02;

/** Point at `along` in [0, 1] of the perimeter, from the top's middle to the left, down, right and back. */
function roundedRectangle({ width, height, corner: r }: ChartShape, along: number): [number, number] {
  const arc = (Math.PI / 2) * r;
  const pieces = [width / 2 - r, arc, height - 2 * r, arc, width / 2 - r];
  const halfLength = pieces.reduce((sum, piece) => sum + piece, 0);
  const mirrored = along > 0.5;
  let s = (mirrored ? 1 - along : along) * 2 * halfLength;
  let k = 0;
  while (k < 4 && s > pieces[k]) s -= pieces[k++];
  const angle = s / r;
  const points: [number, number][] = [
    [width / 2 - s, 0],
    [r - r * Math.sin(angle), r - r * Math.cos(angle)],
    [0, r + s],
    [r - r * Math.cos(angle), height - r + r * Math.sin(angle)],
    [r + s, height],
  ];
  const [u, v] = points[k];
  // Bulged sides: on straight ones a triangle with three border vertices would have no area.
  const bulgedU = width / 2 + (u - width / 2) * (1 - BULGE * (2 * (v / height) - 1) ** 2);
  const bulgedV = height / 2 + (v - height / 2) * (1 - BULGE * (2 * (u / width) - 1) ** 2);
  return [mirrored ? width - bulgedU : bulgedU, bulgedV];
}

/**
 * Each free vertex becomes the mean of its neighbours under mean value weights (Floater 2003: positive, so
 * the convex border forbids folds, and nearly conformal), by successive over-relaxation.
 */
function tutte(
  triangles: Uint32Array,
  positions: Float64Array,
  uv: Float64Array,
  fixed: Uint8Array,
  shape: ChartShape,
): void {
  const count = positions.length / 3;
  const rows = meanValueRows(triangles, positions);
  for (let v = 0; v < count; v++)
    if (!fixed[v]) {
      uv[v * 2] = shape.width / 2;
      uv[v * 2 + 1] = shape.height / 2;
    }
  for (let sweep = 0; sweep < 6000; sweep++) {
    let change = 0;
    for (let v = 0; v < count; v++) {
      if (fixed[v]) continue;
      const { neighbours, weights } = rows[v];
      for (let c = 0; c < 2; c++) {
        let sum = 0;
        for (let k = 0; k < neighbours.length; k++) sum += weights[k] * uv[neighbours[k] * 2 + c];
        const step = 1.85 * (sum - uv[v * 2 + c]);
        uv[v * 2 + c] += step;
        change = Math.max(change, Math.abs(step));
      }
    }
    if (change < 1e-13) break;
  }
}

function meanValueRows(
  triangles: Uint32Array,
  positions: Float64Array,
): { neighbours: number[]; weights: number[] }[] {
  const rows = Array.from({ length: positions.length / 3 }, () => new Map<number, number>());
  for (let t = 0; t < triangles.length; t += 3)
    for (let k = 0; k < 3; k++) {
      const [at, left, right] = [
        triangles[t + k],
        triangles[t + ((k + 1) % 3)],
        triangles[t + ((k + 2) % 3)],
      ];
      const a = [0, 1, 2].map((c) => positions[left * 3 + c] - positions[at * 3 + c]);
      const b = [0, 1, 2].map((c) => positions[right * 3 + c] - positions[at * 3 + c]);
      const lengths = [Math.hypot(...a), Math.hypot(...b)];
      const cosine = (a[0] * b[0] + a[1] * b[1] + a[2] * b[2]) / (lengths[0] * lengths[1] || 1);
      const half = Math.tan(Math.acos(Math.max(-0.999, Math.min(0.9999, cosine))) / 2);
      [left, right].forEach((to, i) =>
        rows[at].set(to, (rows[at].get(to) ?? 0) + half / Math.max(lengths[i], 1e-3)),
      );
    }
  return rows.map((row) => {
    const total = [...row.values()].reduce((sum, weight) => sum + weight, 0);
    return { neighbours: [...row.keys()], weights: [...row.values()].map((weight) => weight / total) };
  });
}

/** The chart's vertices and one more in the middle of each hole. */
function withHoleCentres(positions: Float64Array, holes: readonly (readonly number[])[]): Float64Array {
  const centres = holes.flatMap((hole) =>
    [0, 1, 2].map((c) => hole.reduce((sum, v) => sum + positions[v * 3 + c], 0) / hole.length),
  );
  return Float64Array.from([...positions, ...centres]);
}

/** Rest triangles scaled so that they fill the rectangle; hole fans count little and rest near their circle. */
function flatTriangles(
  mesh: ChartMesh,
  triangles: Uint32Array,
  holes: readonly (readonly number[])[],
  shape: ChartShape,
): FlatTriangles {
  const count = triangles.length / 3;
  const own = mesh.triangles.length / 3;
  const rest = new Float64Array(count * 4);
  const weights = new Float64Array(count);
  let area = 0;
  for (let t = 0; t < own; t++) {
    const corners = Array.from(triangles.subarray(t * 3, t * 3 + 3));
    const g = corners.reduce((sum, v) => sum + mesh.importance[v], 0) / 3;
    const edges = layFlat(mesh.positions, corners);
    for (let i = 0; i < 4; i++) rest[t * 4 + i] = edges[i] * g;
    area += Math.abs(rest[t * 4] * rest[t * 4 + 3]) / 2;
  }
  const scale = Math.sqrt((shape.width * shape.height * 0.93) / area);
  for (let i = 0; i < own * 4; i++) rest[i] *= scale;
  for (let t = 0; t < own; t++) weights[t] = (rest[t * 4] * rest[t * 4 + 3]) / 2;
  let t = own;
  for (const hole of holes) {
    const lengths = cumulativeLengths(mesh.positions, hole);
    const side = (lengths[hole.length] / hole.length) * scale;
    const height = Math.min(side * 3, side / (2 * Math.tan(Math.PI / hole.length)));
    for (let i = 0; i < hole.length; i++, t++) {
      rest.set([side, side / 2, 0, height * 0.5], t * 4);
      weights[t] = side * height * 0.01;
    }
  }
  return { triangles, rest, weights };
}

/** A triangle's plane coordinates [x1, x2, 0, y2] of its second and third corner, the first at the origin. */
function layFlat(positions: Float64Array, [a, b, c]: readonly number[]): [number, number, number, number] {
  const ab = [0, 1, 2].map((k) => positions[b * 3 + k] - positions[a * 3 + k]);
  const ac = [0, 1, 2].map((k) => positions[c * 3 + k] - positions[a * 3 + k]);
  const length = Math.hypot(...ab);
  const along = (ab[0] * ac[0] + ab[1] * ac[1] + ab[2] * ac[2]) / length;
  const height = Math.sqrt(Math.max(1e-12, Math.hypot(...ac) ** 2 - along * along));
  return [length, along, 0, Math.max(height, length * 0.02)];
}
