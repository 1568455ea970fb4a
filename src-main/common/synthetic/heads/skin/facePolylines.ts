import type { HeadModel } from '#common/head/headModel';
import { landmarkPositions } from '#common/head/evaluateHead';
import type { Vec3 } from '#common/math/vec3';
import { pointAt } from '#common/math/vec3';

/** Subject's left side of MediaPipe's contours; the other side is its mirror image on the mean head. */
const LEFT = {
  /** From the inner to the outer corner. */
  upperLid: [362, 398, 384, 385, 386, 387, 388, 466, 263],
  lowerLid: [362, 382, 381, 380, 374, 373, 390, 249, 263],
  browTop: [336, 296, 334, 293, 300],
  browBottom: [285, 295, 282, 283, 276],
  /** From the middle to the corner. */
  lipTop: [0, 267, 269, 270, 409, 291],
  lipBottom: [17, 314, 405, 321, 375, 291],
  lipInnerTop: [13, 312, 311, 310, 415, 308],
  lipInnerBottom: [14, 317, 402, 318, 324, 308],
} as const;

/** Lines of the mean face on the subject's left (x >= 0), metres, model space. */
export type FacePolylines = Readonly<Record<keyof typeof LEFT, readonly Vec3[]>>;

const cache = new WeakMap<HeadModel, FacePolylines>();

/** The lines that painting and planting go by; computed once a model. */
export function facePolylines(model: HeadModel): FacePolylines {
  let lines = cache.get(model);
  if (lines === undefined) {
    const points = landmarkPositions(model, model.template);
    lines = Object.fromEntries(
      Object.entries(LEFT).map(([name, indices]) => [name, indices.map((index) => pointAt(points, index))]),
    ) as unknown as FacePolylines;
    cache.set(model, lines);
  }
  return lines;
}

/** Height of a polyline that runs in rising x, at x; beyond its ends the end's. */
export function heightAt(line: readonly Vec3[], x: number): number {
  if (x <= line[0][0]) return line[0][1];
  for (let k = 1; k < line.length; k++) {
    const [x0, y0] = line[k - 1];
    const [x1, y1] = line[k];
    if (x <= x1) return y0 + ((y1 - y0) * (x - x0)) / Math.max(1e-9, x1 - x0);
  }
  return line[line.length - 1][1];
}
