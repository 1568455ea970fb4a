import { invariant } from '#common/contract/errors';
import type { RgbaImage } from '#common/image/rasterImage';
import { createRgbaImage } from '#common/image/rasterImage';

/** Picture point, pixels with centres at .5. */
export type PicturePoint = readonly [x: number, y: number];

/** Side of a face chip in pixels, as dlib's recogniser was trained on. */
export const CHIP_SIZE = 150;
/** Border around the template's unit square, in its sides. */
const CHIP_PADDING = 0.25;

/**
 * Where dlib's `get_face_chip_details` puts outer and inner corner of the subject's left eye, outer and inner corner of
 * the right one, and the base of the nose, in the unit square of a face (dlib/image_transforms/interpolation.h).
 */
const CHIP_TEMPLATE: readonly PicturePoint[] = [
  [0.8595674595992, 0.2134981538014],
  [0.6460604764104, 0.2289674387677],
  [0.1205750620789, 0.2137274526848],
  [0.3340850613712, 0.2290642403242],
  [0.4901123135679, 0.6277975316475],
];

/** Of the tracker's 478 landmarks, those of the template. */
const CHIP_LANDMARKS = [263, 362, 33, 133, 2] as const;

/** The five points a chip is cut by. @param landmarks as FaceObservation.landmarks. */
export function chipPoints(landmarks: Float32Array): PicturePoint[] {
  return CHIP_LANDMARKS.map((index): PicturePoint => [landmarks[index * 3], landmarks[index * 3 + 1]]);
}

/** p -> (a p.x - b p.y + x, b p.x + a p.y + y): scale and rotation as one complex number, then a shift. */
export interface PlanarSimilarity {
  readonly a: number;
  readonly b: number;
  readonly x: number;
  readonly y: number;
}

/** Least squares over point pairs, in closed form. */
export function fitPlanarSimilarity(
  from: readonly PicturePoint[],
  to: readonly PicturePoint[],
): PlanarSimilarity {
  invariant(
    from.length === to.length && from.length >= 2,
    'a planar similarity needs two or more pairs of points',
  );
  const mean = (points: readonly PicturePoint[], axis: 0 | 1): number =>
    points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [fx, fy, tx, ty] = [mean(from, 0), mean(from, 1), mean(to, 0), mean(to, 1)];
  let dot = 0;
  let cross = 0;
  let spread = 0;
  for (const [at, [px, py]] of from.entries()) {
    const [u, v] = [px - fx, py - fy];
    const [s, t] = [to[at][0] - tx, to[at][1] - ty];
    dot += u * s + v * t;
    cross += u * t - v * s;
    spread += u * u + v * v;
  }
  invariant(spread > 0, 'the points of a planar similarity do not coincide');
  const [a, b] = [dot / spread, cross / spread];
  return { a, b, x: tx - a * fx + b * fy, y: ty - b * fx - a * fy };
}

/**
 * The picture of one face turned, scaled and moved as dlib's recogniser was trained on: CHIP_SIZE square, black outside the
 * picture. Each pixel is the mean of as many samples as it spans pixels of the picture along its edges.
 *
 * @param points the five of CHIP_TEMPLATE, in picture pixels.
 */
export function cutFaceChip(image: RgbaImage, points: readonly PicturePoint[]): RgbaImage {
  const target = CHIP_TEMPLATE.map(([x, y]): PicturePoint => [toChip(x), toChip(y)]);
  const { a, b, x: shiftX, y: shiftY } = fitPlanarSimilarity(target, points);
  const chip = createRgbaImage(CHIP_SIZE, CHIP_SIZE);
  const samples = Math.max(1, Math.min(8, Math.ceil(Math.hypot(a, b))));
  const color = new Float64Array(3);
  const sum = new Float64Array(3);
  for (let row = 0; row < CHIP_SIZE; row++) {
    for (let column = 0; column < CHIP_SIZE; column++) {
      sum.fill(0);
      for (let sample = 0; sample < samples * samples; sample++) {
        const x = column + ((sample % samples) + 0.5) / samples;
        const y = row + (Math.floor(sample / samples) + 0.5) / samples;
        sampleRgb(image, a * x - b * y + shiftX, b * x + a * y + shiftY, color);
        for (let c = 0; c < 3; c++) sum[c] += color[c];
      }
      const at = (row * CHIP_SIZE + column) * 4;
      for (let c = 0; c < 3; c++) chip.data[at + c] = Math.round(sum[c] / (samples * samples));
      chip.data[at + 3] = 255;
    }
  }
  return chip;
}

function toChip(value: number): number {
  return (CHIP_SIZE * (CHIP_PADDING + value)) / (2 * CHIP_PADDING + 1);
}

/** Bilinear, in bytes as they are stored; 0 outside the picture. */
function sampleRgb({ width, height, data }: RgbaImage, x: number, y: number, out: Float64Array): void {
  out.fill(0);
  const [px, py] = [x - 0.5, y - 0.5];
  const [x0, y0] = [Math.floor(px), Math.floor(py)];
  if (!(x0 >= 0 && y0 >= 0 && x0 + 1 < width && y0 + 1 < height)) return;
  const [fx, fy] = [px - x0, py - y0];
  const at = (y0 * width + x0) * 4;
  for (let c = 0; c < 3; c++) {
    const top = data[at + c] * (1 - fx) + data[at + 4 + c] * fx;
    const bottom = data[at + 4 * width + c] * (1 - fx) + data[at + 4 * width + 4 + c] * fx;
    out[c] = top * (1 - fy) + bottom * fy;
  }
}
