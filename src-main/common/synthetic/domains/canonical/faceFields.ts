import { landmarkPositions } from '#common/head/evaluateHead';
import type { HeadModel } from '#common/head/headModel';
import {
  LEFT_EYE_OUTLINE,
  insideDistance,
  OUTER_LIP_OUTLINE,
} from '#common/reconstruction/texture/view/landmarkPolygons';
import { norm2 } from '#common/math/portableMath';

/** What the front of the mean face is measured by; see `FaceFields.distance`. */
export const FACE_FIELDS = ['lips', 'mouthLine', 'eye', 'brow'] as const;
export type FaceField = (typeof FACE_FIELDS)[number];

/** The inner edge of the lips from the subject's right to left, MediaPipe points; upper and lower meet in neutral. */
const MOUTH_LINE = [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308];
/** The left brow as a closed outline. */
const LEFT_BROW_OUTLINE = [276, 283, 282, 295, 285, 336, 296, 334, 293, 300];

const STEP = 0.00075;
const X_COUNT = 121;
const Y_FROM = -0.12;
const Y_COUNT = 241;

/**
 * Distances to the features of the mean face, seen from the front (x and y of canonical space, metres): the same on
 * every head, so whatever is painted by them stays on the feature. The mean face is its own mirror image.
 */
export class FaceFields {
  readonly #grids: Readonly<Record<FaceField, Float32Array>>;

  constructor(model: HeadModel) {
    const points = landmarkPositions(model, model.template);
    const outline = (indices: readonly number[]): Float64Array =>
      Float64Array.from(indices.flatMap((index) => [points[index * 3], points[index * 3 + 1]]));
    const lips = outline(OUTER_LIP_OUTLINE);
    const eye = outline(LEFT_EYE_OUTLINE);
    const brow = outline(LEFT_BROW_OUTLINE);
    const line = outline(MOUTH_LINE);
    this.#grids = {
      lips: grid((x, y) => -insideDistance(lips, x, y)),
      eye: grid((x, y) => -insideDistance(eye, x, y)),
      brow: grid((x, y) => -insideDistance(brow, x, y)),
      mouthLine: grid((x, y) => lineDistance(line, x, y)),
    };
  }

  /**
   * Metres to the feature's outline, negative inside; of `mouthLine` always positive. Beyond the face the value at its
   * border. Bilinear, exact to about 0.2 mm.
   */
  distance(field: FaceField, x: number, y: number): number {
    const grid = this.#grids[field];
    const gx = Math.min(X_COUNT - 1.001, Math.abs(x) / STEP);
    const gy = Math.min(Y_COUNT - 1.001, Math.max(0, (y - Y_FROM) / STEP));
    const column = gx | 0;
    const row = gy | 0;
    const at = row * X_COUNT + column;
    const fx = gx - column;
    const low = grid[at] + (grid[at + 1] - grid[at]) * fx;
    const high = grid[at + X_COUNT] + (grid[at + X_COUNT + 1] - grid[at + X_COUNT]) * fx;
    return low + (high - low) * (gy - row);
  }
}

const cached = new WeakMap<HeadModel, FaceFields>();

/** The fields of a model's mean face; about 60 ms once per model. */
export function faceFieldsOf(model: HeadModel): FaceFields {
  let fields = cached.get(model);
  if (fields === undefined) cached.set(model, (fields = new FaceFields(model)));
  return fields;
}

function grid(measure: (x: number, y: number) => number): Float32Array {
  return Float32Array.from({ length: X_COUNT * Y_COUNT }, (_, at) =>
    measure((at % X_COUNT) * STEP, Y_FROM + Math.floor(at / X_COUNT) * STEP),
  );
}

function lineDistance(points: Float64Array, x: number, y: number): number {
  let nearest = Infinity;
  for (let i = 0; i + 3 < points.length; i += 2) {
    const dx = points[i + 2] - points[i];
    const dy = points[i + 3] - points[i + 1];
    const px = x - points[i];
    const py = y - points[i + 1];
    const along = Math.min(1, Math.max(0, (px * dx + py * dy) / (dx * dx + dy * dy + 1e-12)));
    nearest = Math.min(nearest, norm2(px - along * dx, py - along * dy));
  }
  return nearest;
}
