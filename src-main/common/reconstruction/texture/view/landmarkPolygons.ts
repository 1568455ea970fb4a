import type { FloatImage } from '#common/image/rasterImage';
import { smoothStep } from '#common/math/smoothStep';
import type { FaceObservation } from '#common/tracking/faceObservation';
import { norm2 } from '#common/math/portableMath';

// Closed outlines by MediaPipe point number; left and right are the subject's own.
export const RIGHT_EYE_OUTLINE: readonly number[] = [
  33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246,
]; // prettier-ignore
export const LEFT_EYE_OUTLINE: readonly number[] = [
  263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466,
]; // prettier-ignore
export const INNER_LIP_OUTLINE: readonly number[] = [
  78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191,
]; // prettier-ignore
export const OUTER_LIP_OUTLINE: readonly number[] = [
  61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185,
]; // prettier-ignore

/** The outline's points, x and y in turn, crop pixels. */
export function outlinePoints(observation: FaceObservation, outline: readonly number[]): Float64Array {
  const points = new Float64Array(outline.length * 2);
  outline.forEach((landmark, index) => {
    points[index * 2] = observation.landmarks[landmark * 3];
    points[index * 2 + 1] = observation.landmarks[landmark * 3 + 1];
  });
  return points;
}

/** Area of a polygon, square pixels. */
export function polygonArea(points: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < points.length; i += 2) {
    const j = (i + 2) % points.length;
    sum += points[i] * points[j + 1] - points[j] * points[i + 1];
  }
  return Math.abs(sum) / 2;
}

/** Distance to the outline in pixels, positive inside (even-odd). */
export function insideDistance(points: Float64Array, x: number, y: number): number {
  let nearest = Infinity;
  let isInside = false;
  for (let i = 0; i < points.length; i += 2) {
    const j = (i + 2) % points.length;
    const ax = points[i];
    const ay = points[i + 1];
    const dx = points[j] - ax;
    const dy = points[j + 1] - ay;
    const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy + 1e-12)));
    nearest = Math.min(nearest, norm2(x - ax - along * dx, y - ay - along * dy));
    if (ay > y !== ay + dy > y && x < ax + ((y - ay) * dx) / dy) isInside = !isInside;
  }
  return isInside ? nearest : -nearest;
}

/** A picture that is 0 outside the polygon and up to `from` pixels inside, 1 from `to` pixels inside. */
export function polygonTrust(
  points: Float64Array,
  size: { readonly width: number; readonly height: number },
  from: number,
  to: number,
): FloatImage {
  const { width, height } = size;
  const data = new Float32Array(width * height);
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (let i = 0; i < points.length; i += 2) {
    left = Math.min(left, points[i]);
    right = Math.max(right, points[i]);
    top = Math.min(top, points[i + 1]);
    bottom = Math.max(bottom, points[i + 1]);
  }
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, bottom); y++) {
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, right); x++) {
      data[y * width + x] = smoothStep(from, to, insideDistance(points, x + 0.5, y + 0.5));
    }
  }
  return { width, height, data };
}
