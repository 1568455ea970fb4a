import { readFileSync } from 'node:fs';

import { LANDMARK_MIRROR } from '#common/reconstruction/fit/landmarkMirror.data';
import { INNER_LIP_PAIRS, LEFT_EYE, LID_SHARES } from '#common/reconstruction/fit/landmarkSets';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';

import { EYE_SEGMENTS, eyeVertex, IRIS_RING } from './eyeballPart';
import type { HeadLayout } from './headLayout';
import { nearestOnTriangle } from './nearestOnTriangle';

/** Points of the attention mesh before the irises. */
const FACE_POINTS = 468;

export interface LandmarkTable {
  readonly vertices: Uint32Array;
  readonly weights: Float32Array;
}

export interface LandmarkSurface {
  /** Metres, model space, per vertex of the model. */
  readonly template: Float64Array;
  /** The same face, per vertex of the source mesh. */
  readonly source: Float64Array;
  /** The left lids' margin. */
  readonly margin: readonly number[];
  /** Per vertex of the skin: 1 where it goes with the jaw. */
  readonly isLower: Uint8Array;
}

/**
 * Correspondences of the 478 MediaPipe points. `path` lists, for the 468 points of the face, three vertices of
 * the source mesh and their weights (found by tracking renders of it, synthetic-heads section 3). They are made
 * exactly symmetric, and the points around the left eye are put on the lids' margin (`margin`), where the
 * tracker means them. Iris points: 468 the subject's right eye's centre, then its rim at the image's right,
 * top, left and bottom; 473 .. 477 the left eye's in the same order.
 */
export function headLandmarks(
  layout: HeadLayout,
  { template, source, margin, isLower }: LandmarkSurface,
  path: string,
): LandmarkTable {
  const table = {
    vertices: new Uint32Array(LANDMARK_COUNT * 3),
    weights: new Float32Array(LANDMARK_COUNT * 3),
  };
  const points = symmetricPoints(layout, source, path);
  const lids = lidPlaces(template, margin, points);
  // Closed lips lie on each other: the nearest surface may be the wrong lip.
  const lips = new Map(
    INNER_LIP_PAIRS.flatMap(([upper, lower]) => [[upper, 0] as const, [lower, 1] as const]),
  );
  raiseBrows(layout, template, points);
  for (let l = 0; l < FACE_POINTS; l++) {
    const twin = LANDMARK_MIRROR[l];
    // The left one of each pair is placed, the right one mirrored from it.
    if (points[l][0] < points[twin][0]) continue;
    const lip = lips.get(l);
    const mayBe = (v: number): boolean => lip === undefined || isLower[v] === lip;
    const place = lids.get(l) ?? onSkin(layout, template, points[l], mayBe);
    setPoint(table, l, place.vertices, place.weights);
    if (twin !== l)
      setPoint(
        table,
        twin,
        place.vertices.map((v) => layout.mirrorVertex[v]),
        place.weights,
      );
  }
  addIris(layout, 'eyeRight', FACE_POINTS, table);
  addIris(layout, 'eyeLeft', FACE_POINTS + 5, table);
  return table;
}

interface Place {
  readonly vertices: readonly number[];
  readonly weights: readonly number[];
}

function setPoint(
  table: LandmarkTable,
  l: number,
  vertices: readonly number[],
  weights: readonly number[],
): void {
  table.vertices.set(vertices, l * 3);
  // Rounded to the file's step with an exact sum.
  const steps = weights.map((weight) => Math.round(weight * 65535));
  steps[steps.indexOf(Math.max(...steps))] += 65535 - steps.reduce((sum, step) => sum + step, 0);
  table.weights.set(
    steps.map((step) => step / 65535),
    l * 3,
  );
}

/**
 * Positions of the file's correspondences made symmetric. A few points of the lids fell through the eye opening
 * on the bag behind (which the model does not have): for those the other side alone decides.
 */
function symmetricPoints(layout: HeadLayout, source: ArrayLike<number>, path: string): number[][] {
  const rows = JSON.parse(readFileSync(path, 'utf8')) as readonly (readonly number[])[];
  const known = new Set(layout.sourceOf);
  const isSound = rows.map((row) => row.slice(0, 3).every((v) => known.has(v)));
  const points = rows.map((row) =>
    [0, 1, 2].map((c) => [0, 1, 2].reduce((sum, k) => sum + row[3 + k] * source[row[k] * 3 + c], 0)),
  );
  return points.map((point, l) => {
    const twin = LANDMARK_MIRROR[l];
    const mirrored = points[twin].map((value, c) => (c === 0 ? -value : value));
    if (isSound[l] === isSound[twin]) return point.map((value, c) => (value + mirrored[c]) / 2);
    return isSound[l] ? point : mirrored;
  });
}

/**
 * Metres that the tracker sees brow points higher on people than on renders of the bald source head, where it
 * guesses them from the bone's shading: mean lift that fits of portraits needed, by point of the left brow.
 */
const BROW_LIFT: Readonly<Record<number, number>> = {
  336: 0.0043, 296: 0.0045, 334: 0.0031, 293: 0.0017, 300: 0.0007,
  285: 0.0035, 295: 0.0046, 282: 0.0033, 283: 0.0018, 276: 0.0008,
}; // prettier-ignore

/** Moves the brows' points of the left up over the surface. */
function raiseBrows(layout: HeadLayout, template: Float64Array, points: number[][]): void {
  for (const [l, lift] of Object.entries(BROW_LIFT)) {
    const point = points[Number(l)];
    const wanted = onSkinPoint(template, onSkin(layout, template, point))[1] + lift;
    // Nearest points of a sloping surface fall short of the height: a few steps reach it.
    for (let step = 0; step < 6; step++) {
      const [x, y, z] = onSkinPoint(template, onSkin(layout, template, point));
      point[1] += wanted - y;
      point[2] = z;
      point[0] += 0.5 * (point[0] - x);
    }
  }
}

function onSkinPoint(template: Float64Array, { vertices, weights }: Place): number[] {
  return [0, 1, 2].map((c) => vertices.reduce((sum, v, k) => sum + weights[k] * template[v * 3 + c], 0));
}

function onSkin(
  layout: HeadLayout,
  template: Float64Array,
  point: readonly number[],
  mayBe: (v: number) => boolean = () => true,
): Place {
  const [skin] = layout.parts;
  let best: Place = { vertices: [0, 0, 0], weights: [1, 0, 0] };
  let least = Infinity;
  for (let t = 0; t < skin.indexCount; t += 3) {
    const vertices = Array.from(layout.indices.subarray(t, t + 3));
    if (!vertices.every(mayBe)) continue;
    const corners = vertices.map((v) => template.subarray(v * 3, v * 3 + 3));
    const { weights, square } = nearestOnTriangle(point, corners);
    if (square >= least) continue;
    least = square;
    best = { vertices, weights };
  }
  return best;
}

/**
 * Places of the left eye's corners and lid points on the lids' margin, by LID_SHARES. The nearest margin to where the
 * tracker saw them on the source head would not do: near the corners several points fell on one vertex, and every fit
 * then folded the corner's skin.
 */
function lidPlaces(
  template: Float64Array,
  margin: readonly number[],
  points: readonly (readonly number[])[],
): Map<number, Place> {
  const at = (v: number): Float64Array => template.subarray(v * 3, v * 3 + 3);
  const nearest = (point: readonly number[]): number => {
    const distance = (v: number): number => Math.hypot(...at(v).map((value, c) => value - point[c]));
    return margin.reduce((best, v) => (distance(v) < distance(best) ? v : best));
  };
  const [outer, inner] = LEFT_EYE.corners.map((corner) => nearest(points[corner]));
  const [from, to] = [at(inner), at(outer)];
  const isUpper = (v: number): boolean =>
    at(v)[1] > from[1] + ((to[1] - from[1]) * (at(v)[0] - from[0])) / (to[0] - from[0]);
  const side = (upper: boolean): number[] =>
    [inner, ...margin.filter((v) => v !== inner && v !== outer && isUpper(v) === upper), outer].sort(
      (a, b) => at(a)[0] - at(b)[0],
    );
  const lines = [side(true), side(false)];
  const places = new Map<number, Place>(
    [outer, inner].map((v, k) => [LEFT_EYE.corners[k], { vertices: [v, v, v], weights: [1, 0, 0] }]),
  );
  LEFT_EYE.lidPairs.forEach((pair, k) =>
    pair.forEach((l, lid) => {
      const x = from[0] + LID_SHARES[k][lid] * (to[0] - from[0]);
      const line = lines[lid];
      const next = Math.max(
        1,
        line.findIndex((v) => at(v)[0] >= x),
      );
      const [a, b] = [line[next - 1], line[next]];
      const share = Math.min(1, Math.max(0, (x - at(a)[0]) / (at(b)[0] - at(a)[0])));
      places.set(l, { vertices: [a, b, b], weights: [1 - share, share, 0] });
    }),
  );
  return places;
}

function addIris(layout: HeadLayout, eye: 'eyeLeft' | 'eyeRight', first: number, table: LandmarkTable): void {
  const { firstVertex } = layout.parts.find(({ name }) => name === eye)!;
  const rim = [0, 1, 2, 3].map((quarter) => eyeVertex(IRIS_RING, (quarter * EYE_SEGMENTS) / 4));
  [0, ...rim].forEach((v, i) => {
    const at = firstVertex + v;
    setPoint(table, first + i, [at, at, at], [1, 0, 0]);
  });
}
