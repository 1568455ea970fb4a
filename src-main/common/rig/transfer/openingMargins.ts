import type { HeadModel } from '#common/head/headModel';
import { edgeDistances, type WeldedMesh } from '#common/rig/transfer/weldedMesh';

/** One edge of an opening: mesh vertices from one corner to the other, corners included. */
export interface Margin {
  readonly vertices: Uint32Array;
  /** 0 at the first corner to 1 at the second, along the line between the corners. Not falling. */
  readonly along: Float64Array;
}

/** The two edges of an eye or of the mouth that meet when it closes. */
export interface Opening {
  readonly upper: Margin;
  readonly lower: Margin;
  /** Unit vector between the corners and its length, person space. */
  readonly axis: readonly [number, number, number];
  readonly width: number;
  readonly corner: readonly [number, number, number];
}

interface ContourIds {
  readonly corners: readonly [number, number];
  readonly upper: readonly number[];
  readonly lower: readonly number[];
}

/** MediaPipe face mesh contours, from corner to corner. Left and right are the subject's own. */
export const OPENING_CONTOURS = {
  eyeRight: {
    corners: [33, 133],
    upper: [246, 161, 160, 159, 158, 157, 173],
    lower: [7, 163, 144, 145, 153, 154, 155],
  },
  eyeLeft: {
    corners: [263, 362],
    upper: [466, 388, 387, 386, 385, 384, 398],
    lower: [249, 390, 373, 374, 380, 381, 382],
  },
  mouth: {
    corners: [78, 308],
    upper: [191, 80, 81, 82, 13, 312, 311, 310, 415],
    lower: [95, 88, 178, 87, 14, 317, 402, 318, 324],
  },
} as const satisfies Record<string, ContourIds>;

/**
 * Finds the margins of an opening: the edge paths of the template through the vertices nearest to the contour's
 * landmarks. Undefined where the model's landmarks do not lie on one connected piece of mesh.
 */
export function openingMargins(
  model: HeadModel,
  mesh: WeldedMesh,
  person: Float32Array,
  name: keyof typeof OPENING_CONTOURS,
): Opening | undefined {
  const contour: ContourIds = OPENING_CONTOURS[name];
  const vertexOf = (landmark: number): number => nearestVertex(model, mesh, landmark);
  const [first, second] = contour.corners.map(vertexOf);
  const upper = edgePath(model, mesh, [first, ...contour.upper.map(vertexOf), second]);
  const lower = edgePath(model, mesh, [first, ...contour.lower.map(vertexOf), second]);
  if (upper === undefined || lower === undefined || first === second) return undefined;
  const corner = pointOf(person, first);
  const other = pointOf(person, second);
  const span = other.map((value, axis) => value - corner[axis]);
  const width = Math.hypot(...span);
  if (!(width > 1e-6)) return undefined;
  const axis = span.map((value) => value / width) as [number, number, number];
  const frame = { axis, width, corner };
  return { ...frame, upper: toMargin(upper, person, frame), lower: toMargin(lower, person, frame) };
}

/** Position along an opening, 0 at the first corner, 1 at the second; clamped. */
export function alongOpening(
  opening: Pick<Opening, 'axis' | 'width' | 'corner'>,
  positions: ArrayLike<number>,
  vertex: number,
): number {
  const { axis, corner, width } = opening;
  let sum = 0;
  for (let k = 0; k < 3; k++) sum += axis[k] * (positions[vertex * 3 + k] - corner[k]);
  return Math.min(1, Math.max(0, sum / width));
}

/** Three values per margin vertex, interpolated at `along`; written to `out`. */
export function interpolateMargin(
  margin: Margin,
  values: ArrayLike<number>,
  along: number,
  out: Float64Array,
): Float64Array {
  const last = margin.along.length - 1;
  let high = 0;
  while (high < last && margin.along[high] < along) high++;
  const low = Math.max(0, high - 1);
  const span = margin.along[high] - margin.along[low];
  const u = span > 1e-12 ? Math.min(1, Math.max(0, (along - margin.along[low]) / span)) : 1;
  for (let k = 0; k < 3; k++) out[k] = values[low * 3 + k] * (1 - u) + values[high * 3 + k] * u;
  return out;
}

function nearestVertex(model: HeadModel, mesh: WeldedMesh, landmark: number): number {
  let best = 0;
  for (let k = 1; k < 3; k++) {
    if (model.landmarkWeights[landmark * 3 + k] > model.landmarkWeights[landmark * 3 + best]) best = k;
  }
  return mesh.weld[model.landmarkVertices[landmark * 3 + best]];
}

function edgePath(model: HeadModel, mesh: WeldedMesh, stops: readonly number[]): number[] | undefined {
  const path = [stops[0]];
  for (let k = 1; k < stops.length; k++) {
    if (stops[k] === stops[k - 1]) continue;
    const { distance, previous } = edgeDistances(mesh, model.template, [stops[k]], 0.08, stops[k - 1]);
    if (!(distance[stops[k - 1]] < Infinity)) return undefined;
    for (let v = previous[stops[k - 1]]; v >= 0; v = previous[v]) path.push(v);
  }
  return path;
}

function toMargin(
  path: readonly number[],
  person: Float32Array,
  frame: Pick<Opening, 'axis' | 'width' | 'corner'>,
): Margin {
  const unique = [...new Set(path)];
  const along = Float64Array.from(unique, (vertex) => alongOpening(frame, person, vertex));
  for (let k = 1; k < along.length; k++) along[k] = Math.max(along[k], along[k - 1]);
  return { vertices: Uint32Array.from(unique), along };
}

function pointOf(positions: Float32Array, vertex: number): [number, number, number] {
  return [positions[vertex * 3], positions[vertex * 3 + 1], positions[vertex * 3 + 2]];
}
