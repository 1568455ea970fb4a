import type { HeadModel } from '#common/head/headModel';
import { edgeDistances, type WeldedMesh } from '#common/rig/transfer/weldedMesh';
import { norm, portableExp, squared } from '#common/math/portableMath';

/** Stations along the mouth, evenly from SEAM_MARGIN before the first corner to as far behind the second. */
export const SEAM_STATIONS = 33;
/** Mouth widths. */
export const SEAM_MARGIN = 0.15;

/** MediaPipe face mesh: lip line (pairs of upper and lower inner contour), corners, outer contours. */
const CORNERS = [78, 308] as const;
const LINE = [[191, 95], [80, 88], [81, 178], [82, 87], [13, 14], [312, 317], [311, 402], [310, 318], [415, 324]] as const; // prettier-ignore
const UPPER_RIM = [40, 39, 37, 0, 267, 269, 270];
const LOWER_RIM = [91, 181, 84, 17, 314, 405, 321];

/** What follows the closing of the lips goes this far, mouth widths: to chin and nose, not beyond. */
const REACH = 0.5;
/** Nearer than this to the line (mouth widths) skin moves with the lips wholly. */
const WHOLE = 0.1;
/** Width of the average that measures a lip's motion at the line, mouth widths. */
const CONTACT = 0.06;

/** Skin about the mouth, sorted by lip. One entry per representative in reach. */
export interface LipSeam {
  readonly vertices: Uint32Array;
  /** 1 for the upper, -1 for the lower lip and what hangs on it. */
  readonly side: Int8Array;
  /** 0 at the first corner, 1 at the second; negative and above 1 beyond them. */
  readonly along: Float64Array;
  /** How much a vertex follows its lip. */
  readonly follow: Float32Array;
  /** How much a vertex counts for its lip's motion at the line. */
  readonly contact: Float32Array;
}

/**
 * Finds the line on which the lips meet and who belongs to which lip: by the shorter way along the surface from the
 * rims of the lips, because at the line itself both lips are in the same place. Undefined where the model's mouth
 * landmarks are missing or the mouth has no width.
 */
export function findLipSeam(model: HeadModel, mesh: WeldedMesh, neutral: Float32Array): LipSeam | undefined {
  const point = (landmark: number): number[] => landmarkPoint(model, neutral, landmark);
  const [first, second] = CORNERS.map(point);
  const span = second.map((value, axis) => value - first[axis]);
  const width = norm(span);
  if (!(width > 1e-4) || [...UPPER_RIM, ...LOWER_RIM].some((id) => !hasLandmark(model, id))) return undefined;
  const line = LINE.filter((pair) => pair.every((id) => hasLandmark(model, id))).map(([upper, lower]) => {
    const [a, b] = [point(upper), point(lower)];
    return a.map((value, axis) => (value + b[axis]) / 2);
  });
  const knots = [first, ...line, second];
  const reach = REACH * width;
  const fromUpper = rimDistances(model, mesh, neutral, UPPER_RIM, 2.5 * reach);
  const fromLower = rimDistances(model, mesh, neutral, LOWER_RIM, 2.5 * reach);
  const vertices: number[] = [];
  const fields = {
    side: [] as number[],
    along: [] as number[],
    follow: [] as number[],
    contact: [] as number[],
  };
  for (const v of mesh.representatives) {
    if (fromUpper[v] === fromLower[v]) continue;
    const p = [neutral[v * 3], neutral[v * 3 + 1], neutral[v * 3 + 2]];
    const away = distanceToLine(p, knots);
    if (away >= reach) continue;
    vertices.push(v);
    const u = Math.max(0, away / width - WHOLE) / (REACH - WHOLE);
    fields.side.push(fromUpper[v] < fromLower[v] ? 1 : -1);
    fields.along.push(alongSpan(p, first, span, width));
    fields.follow.push(squared(1 - u * u));
    fields.contact.push(portableExp(-squared(away / (CONTACT * width))));
  }
  return {
    vertices: Uint32Array.from(vertices),
    side: Int8Array.from(fields.side),
    along: Float64Array.from(fields.along),
    follow: Float32Array.from(fields.follow),
    contact: Float32Array.from(fields.contact),
  };
}

function hasLandmark(model: HeadModel, landmark: number): boolean {
  return [0, 1, 2].some((k) => model.landmarkWeights[landmark * 3 + k] > 0);
}

function landmarkPoint(model: HeadModel, positions: Float32Array, landmark: number): number[] {
  return [0, 1, 2].map((axis) =>
    [0, 1, 2].reduce(
      (sum, k) =>
        sum +
        model.landmarkWeights[landmark * 3 + k] *
          positions[model.landmarkVertices[landmark * 3 + k] * 3 + axis],
      0,
    ),
  );
}

function rimDistances(
  model: HeadModel,
  mesh: WeldedMesh,
  neutral: Float32Array,
  rim: readonly number[],
  limit: number,
): Float64Array {
  const seeds = rim.map((landmark) => {
    const weights = [0, 1, 2].map((k) => model.landmarkWeights[landmark * 3 + k]);
    return mesh.weld[model.landmarkVertices[landmark * 3 + weights.indexOf(Math.max(...weights))]];
  });
  return edgeDistances(mesh, neutral, seeds, limit).distance;
}

function alongSpan(
  p: readonly number[],
  first: readonly number[],
  span: readonly number[],
  width: number,
): number {
  const dot = span.reduce((sum, value, axis) => sum + value * (p[axis] - first[axis]), 0);
  return dot / (width * width);
}

function distanceToLine(p: readonly number[], knots: readonly (readonly number[])[]): number {
  let best = Infinity;
  for (let k = 1; k < knots.length; k++) {
    const a = knots[k - 1];
    const span = [0, 1, 2].map((axis) => knots[k][axis] - a[axis]);
    const length = span.reduce((sum, value) => sum + value * value, 0);
    const dot = span.reduce((sum, value, axis) => sum + value * (p[axis] - a[axis]), 0);
    const u = length > 0 ? Math.min(1, Math.max(0, dot / length)) : 0;
    best = Math.min(best, norm(span.map((value, axis) => p[axis] - a[axis] - u * value)));
  }
  return best;
}
