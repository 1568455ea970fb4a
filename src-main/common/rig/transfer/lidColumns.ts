import type { HeadModel } from '#common/head/headModel';
import type { EyeballShape } from '#common/rig/transfer/eyeballShape';
import type { WeldedMesh } from '#common/rig/transfer/weldedMesh';
import {
  norm3,
  portableAngle,
  portableArcSine,
  portableCosine,
  portableSine,
} from '#common/math/portableMath';

/** Columns run over azimuth from -FAN to FAN. */
const COLUMNS = 57;
const FAN = (77 * Math.PI) / 180;
const COLUMN_STEP = (2 * FAN) / (COLUMNS - 1);
/** Elevation cells for finding the gap between the lids. */
const CELLS = 141;
const CELL = (1 * Math.PI) / 180;
/** Skin further out than this (eyeball radii) is cheek, brow or nose. */
const REACH = 2.4;
/** Skin this deep in the eyeball (radii) is hidden by it. */
const HIDDEN = 0.97;

/**
 * The lids as the eyeball sees them: per column of azimuth, the elevation of the upper and of the lower margin.
 * Angles are measured in the eye's round space (see EyeballShape), so they mean the same on stylised eyes. Found from
 * the mesh alone: whatever direction no skin covers is the opening.
 */
export interface LidColumns {
  /** Elevation of the margins at rest, radians; in columns beyond the corners both hold the corner's elevation. */
  readonly upper: Float64Array;
  readonly lower: Float64Array;
  /** First and last column in which the eye is open. */
  readonly first: number;
  readonly last: number;
  /** Triangles (first corner's place in `mesh.triangles`) of the upper and of the lower lid. */
  readonly upperTriangles: Uint32Array;
  readonly lowerTriangles: Uint32Array;
  /** Representatives of the lids with their rest azimuth, elevation and radius, three numbers each. */
  readonly vertices: Uint32Array;
  readonly polar: Float64Array;
  /** Radius of the surface that the lids hug, as in `polar`. */
  readonly radius: number;
}

/** Finds one eye's lids; undefined where skin covers the eye or nothing surrounds it. */
export function findLids(
  model: HeadModel,
  mesh: WeldedMesh,
  eye: EyeballShape,
  neutral: Float32Array,
): LidColumns | undefined {
  const polar = polarField(model, mesh, eye, neutral);
  const triangles = lidTriangles(mesh, polar);
  const covered = coverage(mesh, polar, triangles);
  const gaps = traceGap(covered);
  if (gaps === undefined) return undefined;
  const { first, last, middle } = gaps;
  const elevationOf = (i: number): number =>
    (polar[mesh.triangles[i] * 3 + 1] +
      polar[mesh.triangles[i + 1] * 3 + 1] +
      polar[mesh.triangles[i + 2] * 3 + 1]) /
    3;
  const azimuthOf = (i: number): number =>
    (polar[mesh.triangles[i] * 3] + polar[mesh.triangles[i + 1] * 3] + polar[mesh.triangles[i + 2] * 3]) / 3;
  const isUpper = (i: number): boolean => elevationOf(i) > valueAt(middle, azimuthOf(i));
  const upperTriangles = triangles.filter((i) => isUpper(i));
  const lowerTriangles = triangles.filter((i) => !isUpper(i));
  const vertices = mesh.representatives.filter((v) => polar[v * 3 + 2] > 0);
  const compact = new Float64Array(vertices.length * 3);
  vertices.forEach((v, i) => compact.set(polar.subarray(v * 3, v * 3 + 3), i * 3));
  const upper = marginElevations(mesh, polar, upperTriangles, 1);
  const lower = marginElevations(mesh, polar, lowerTriangles, -1);
  for (let k = 0; k < COLUMNS; k++) {
    if (k < first || k > last || !(upper[k] < Infinity) || !(lower[k] > -Infinity)) {
      upper[k] = middle[k];
      lower[k] = middle[k];
    }
  }
  return {
    upper,
    lower,
    first,
    last,
    upperTriangles,
    lowerTriangles,
    vertices,
    polar: compact,
    radius: huggedRadius(polar),
  };
}

/** Margins of displaced lids: elevation per column, Infinity or -Infinity where a column has no lid. */
export function measureLids(
  mesh: WeldedMesh,
  eye: EyeballShape,
  lids: LidColumns,
  neutral: Float32Array,
  delta: Float32Array,
): { upper: Float64Array; lower: Float64Array } {
  const polar = new Float64Array(mesh.vertexCount * 3);
  const at = new Float64Array(3);
  for (const v of lids.vertices) {
    for (let c = 0; c < 3; c++) at[c] = neutral[v * 3 + c] + delta[v * 3 + c];
    toPolar(eye, at, polar, v * 3);
  }
  return {
    upper: marginElevations(mesh, polar, lids.upperTriangles, 1),
    lower: marginElevations(mesh, polar, lids.lowerTriangles, -1),
  };
}

/** A column function at any azimuth, linear between columns, held beyond them. */
export function valueAt(columns: ArrayLike<number>, azimuth: number): number {
  const at = Math.min(COLUMNS - 1.001, Math.max(0, (azimuth + FAN) / COLUMN_STEP));
  const k = Math.floor(at);
  return columns[k] + (columns[k + 1] - columns[k]) * (at - k);
}

/** Lids hug the eyeball; brow and nose, further out (`radius` in lid radii), stay where they are: 1 down to 0. */
export function lidShare(radius: number): number {
  const u = Math.min(1, Math.max(0, (radius - 1.2) / 0.45));
  return 1 - u * u * (3 - 2 * u);
}

/** Azimuth, elevation and radius (eyeball metres, template size) of a point about the eye. */
export function toPolar(eye: EyeballShape, p: ArrayLike<number>, out: Float64Array, offset = 0): void {
  const x = (p[0] - eye.centre[0]) / eye.stretch[0];
  const y = (p[1] - eye.centre[1]) / eye.stretch[1];
  const z = (p[2] - eye.centre[2]) / eye.stretch[2];
  const radius = norm3(x, y, z);
  out[offset] = portableAngle(x, z);
  out[offset + 1] = radius > 0 ? portableArcSine(Math.min(1, Math.max(-1, y / radius))) : 0;
  out[offset + 2] = radius;
}

/** The point of three polar numbers. */
export function fromPolar(
  eye: EyeballShape,
  azimuth: number,
  elevation: number,
  radius: number,
  out: Float64Array,
): void {
  const flat = radius * portableCosine(elevation);
  out[0] = eye.centre[0] + eye.stretch[0] * flat * portableSine(azimuth);
  out[1] = eye.centre[1] + eye.stretch[1] * radius * portableSine(elevation);
  out[2] = eye.centre[2] + eye.stretch[2] * flat * portableCosine(azimuth);
}

/** Polar coordinates of the skin near the eye, three per vertex; radius 0 marks everything else. */
function polarField(
  model: HeadModel,
  mesh: WeldedMesh,
  eye: EyeballShape,
  neutral: Float32Array,
): Float64Array {
  const polar = new Float64Array(mesh.vertexCount * 3);
  const skin = model.parts.find((part) => part.name === 'skin')!;
  for (let v = skin.firstVertex; v < skin.firstVertex + skin.vertexCount; v++) {
    if (mesh.weld[v] !== v) continue;
    toPolar(eye, neutral.subarray(v * 3, v * 3 + 3), polar, v * 3);
    const isNear =
      polar[v * 3 + 2] < REACH * eye.profile[0] &&
      Math.abs(polar[v * 3]) < FAN + 0.3 &&
      Math.abs(polar[v * 3 + 1]) < CELLS * CELL * 0.5;
    if (!isNear) polar[v * 3 + 2] = 0;
  }
  return polar;
}

function lidTriangles(mesh: WeldedMesh, polar: Float64Array): Uint32Array {
  const found: number[] = [];
  for (let i = 0; i < mesh.triangles.length; i += 3) {
    if (
      polar[mesh.triangles[i] * 3 + 2] > 0 &&
      polar[mesh.triangles[i + 1] * 3 + 2] > 0 &&
      polar[mesh.triangles[i + 2] * 3 + 2] > 0
    ) found.push(i);
  } // prettier-ignore
  return Uint32Array.from(found);
}

/** Calls back with the elevations where a triangle crosses a column, and with their mean radius. */
function crossColumns(
  mesh: WeldedMesh,
  polar: Float64Array,
  i: number,
  visit: (column: number, low: number, high: number, radius: number) => void,
): void {
  const corners = [mesh.triangles[i] * 3, mesh.triangles[i + 1] * 3, mesh.triangles[i + 2] * 3];
  const azimuths = corners.map((p) => polar[p]);
  const from = Math.max(0, Math.ceil((Math.min(...azimuths) + FAN) / COLUMN_STEP));
  const to = Math.min(COLUMNS - 1, Math.floor((Math.max(...azimuths) + FAN) / COLUMN_STEP));
  for (let column = from; column <= to; column++) {
    const azimuth = column * COLUMN_STEP - FAN;
    let low = Infinity;
    let high = -Infinity;
    let radius = 0;
    let count = 0;
    for (let k = 0; k < 3; k++) {
      const a = corners[k];
      const b = corners[(k + 1) % 3];
      const before = polar[a] - azimuth;
      const after = polar[b] - azimuth;
      if (before === after || before * after > 0) continue;
      const u = before / (before - after);
      const elevation = polar[a + 1] + (polar[b + 1] - polar[a + 1]) * u;
      low = Math.min(low, elevation);
      high = Math.max(high, elevation);
      radius += polar[a + 2] + (polar[b + 2] - polar[a + 2]) * u;
      count++;
    }
    if (count > 0) visit(column, low, high, radius / count);
  }
}

const cellOf = (elevation: number): number => Math.round(elevation / CELL + (CELLS - 1) / 2);

/** Which directions skin covers: CELLS bytes per column. */
function coverage(mesh: WeldedMesh, polar: Float64Array, triangles: Uint32Array): Uint8Array {
  const covered = new Uint8Array(COLUMNS * CELLS);
  const hidden = HIDDEN * huggedRadius(polar);
  for (const i of triangles) {
    crossColumns(mesh, polar, i, (column, low, high, radius) => {
      if (radius < hidden) return;
      const to = Math.min(CELLS - 1, cellOf(high));
      for (let cell = Math.max(0, cellOf(low)); cell <= to; cell++) covered[column * CELLS + cell] = 1;
    });
  }
  return covered;
}

/** Lids hug the eyeball: the smallest tenth of the radii is its surface, near enough to tell what is inside. */
function huggedRadius(polar: Float64Array): number {
  const radii: number[] = [];
  for (let k = 2; k < polar.length; k += 3) if (polar[k] > 0) radii.push(polar[k]);
  radii.sort((a, b) => a - b);
  return radii[Math.floor(radii.length * 0.1)] ?? 0;
}

/** Follows the uncovered gap from straight ahead to both corners. */
function traceGap(covered: Uint8Array): { first: number; last: number; middle: Float64Array } | undefined {
  const centre = (COLUMNS - 1) / 2;
  const start = gapNear(covered, centre, (CELLS - 1) / 2);
  if (start === undefined) return undefined;
  const middle = new Float64Array(COLUMNS);
  const toAngle = (gap: readonly [number, number]): number =>
    ((gap[0] + gap[1]) / 2 - (CELLS - 1) / 2) * CELL;
  middle[centre] = toAngle(start);
  const ends = [-1, 1].map((step) => {
    let gap: readonly [number, number] | undefined = start;
    let end = centre;
    for (let k = centre + step; k >= 0 && k < COLUMNS; k += step) {
      if (gap !== undefined) gap = overlappingGap(covered, k, gap);
      if (gap === undefined) middle[k] = middle[k - step];
      else {
        middle[k] = toAngle(gap);
        end = k;
      }
    }
    return end;
  });
  return { first: ends[0], last: ends[1], middle };
}

/** The uncovered run of cells nearest to a wanted cell: [first, last]. */
function gapNear(covered: Uint8Array, column: number, wanted: number): [number, number] | undefined {
  for (let away = 0; away < 25; away++) {
    for (const cell of [wanted - away, wanted + away]) {
      if (covered[column * CELLS + cell] === 0) return runAt(covered, column, cell);
    }
  }
  return undefined;
}

function overlappingGap(
  covered: Uint8Array,
  column: number,
  [from, to]: readonly [number, number],
): [number, number] | undefined {
  let best: [number, number] | undefined;
  for (let cell = from; cell <= to; cell++) {
    if (covered[column * CELLS + cell] === 1) continue;
    const run = runAt(covered, column, cell);
    if (best === undefined || run[1] - run[0] > best[1] - best[0]) best = run;
    cell = run[1];
  }
  return best;
}

function runAt(covered: Uint8Array, column: number, cell: number): [number, number] {
  let from = cell;
  let to = cell;
  while (from > 0 && covered[column * CELLS + from - 1] === 0) from--;
  while (to < CELLS - 1 && covered[column * CELLS + to + 1] === 0) to++;
  return [from, to];
}

/** Innermost elevation of a lid per column: the lowest of the upper (sign 1), the highest of the lower (-1). */
function marginElevations(
  mesh: WeldedMesh,
  polar: Float64Array,
  triangles: Uint32Array,
  sign: 1 | -1,
): Float64Array {
  const margin = new Float64Array(COLUMNS).fill(sign * Infinity);
  for (const i of triangles) {
    crossColumns(mesh, polar, i, (column, low, high) => {
      margin[column] = sign > 0 ? Math.min(margin[column], low) : Math.max(margin[column], high);
    });
  }
  return margin;
}
