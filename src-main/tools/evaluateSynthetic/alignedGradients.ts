import type { RgbaImage } from '#common/image/rasterImage';
import { PicturePyramid } from '#engine/tracking/PicturePyramid';
import { warpRegion } from '#engine/tracking/warpRegion';

/** Side of the aligned face, and distance of its eyes in it. */
const SIDE = 64;
const EYE_DISTANCE = 22;
/** Row the eyes are on. */
const EYE_ROW = 24;
const CELL = 8;
const CELLS = SIDE / CELL;
const BINS = 9;

/** Length of what `alignedGradients` gives. */
export const GRADIENT_COUNT = (CELLS - 1) ** 2 * 4 * BINS;

/**
 * Histograms of oriented gradients (Dalal and Triggs 2005: 8-pixel cells, 9 unsigned bins, blocks of 2 x 2) of the face,
 * brought to 64 x 64 with its eyes level and in a fixed place.
 *
 * @param landmarks 478 * 3, pixels
 */
export function alignedGradients(image: RgbaImage, landmarks: ArrayLike<number>): Float64Array {
  const grey = alignFace(image, landmarks);
  const cells = new Float64Array(CELLS * CELLS * BINS);
  for (let y = 1; y < SIDE - 1; y++) {
    for (let x = 1; x < SIDE - 1; x++) {
      const right = grey[y * SIDE + x + 1] - grey[y * SIDE + x - 1];
      const down = grey[(y + 1) * SIDE + x] - grey[(y - 1) * SIDE + x];
      const turn = ((Math.atan2(down, right) / Math.PI + 1) % 1) * BINS;
      const cell = (Math.floor(y / CELL) * CELLS + Math.floor(x / CELL)) * BINS;
      const bin = Math.floor(turn);
      const size = Math.hypot(right, down);
      cells[cell + (bin % BINS)] += size * (1 - (turn - bin));
      cells[cell + ((bin + 1) % BINS)] += size * (turn - bin);
    }
  }
  return normaliseBlocks(cells);
}

function normaliseBlocks(cells: Float64Array): Float64Array {
  const out = new Float64Array(GRADIENT_COUNT);
  let at = 0;
  for (let y = 0; y < CELLS - 1; y++) {
    for (let x = 0; x < CELLS - 1; x++) {
      const start = at;
      for (const cell of [y * CELLS + x, y * CELLS + x + 1, (y + 1) * CELLS + x, (y + 1) * CELLS + x + 1]) {
        for (let bin = 0; bin < BINS; bin++) out[at++] = cells[cell * BINS + bin];
      }
      const length = Math.hypot(...out.subarray(start, at)) + 1e-3;
      for (let k = start; k < at; k++) out[k] = Math.min(0.2, out[k] / length);
    }
  }
  return out;
}

function alignFace(image: RgbaImage, landmarks: ArrayLike<number>): Float32Array {
  const [right, left] = eyeCentres(landmarks);
  const [dx, dy] = [left[0] - right[0], left[1] - right[1]];
  const distance = Math.hypot(dx, dy);
  const side = (distance * SIDE) / EYE_DISTANCE;
  const rotation = Math.atan2(dy, dx);
  // The square's centre lies below the eyes' by as much as SIDE / 2 - EYE_ROW aligned pixels.
  const below = ((SIDE / 2 - EYE_ROW) / SIDE) * side;
  const region = {
    centreX: (right[0] + left[0]) / 2 - Math.sin(rotation) * below,
    centreY: (right[1] + left[1]) / 2 + Math.cos(rotation) * below,
    width: side,
    height: side,
    rotation,
  };
  const planes = new Float32Array(SIDE * SIDE * 3);
  const options = { low: 0, high: 1, border: 'replicate' } as const;
  warpRegion(new PicturePyramid(image), region, { width: SIDE, height: SIDE }, options, planes);
  const plane = SIDE * SIDE;
  return Float32Array.from(
    { length: plane },
    (_, k) => (planes[k] + planes[plane + k] + planes[2 * plane + k]) / 3,
  );
}

/** Middles between the corners of each eye: the subject's right, then the left. */
export function eyeCentres(
  landmarks: ArrayLike<number>,
): readonly [readonly [number, number], readonly [number, number]] {
  const middle = (a: number, b: number): readonly [number, number] => [
    (landmarks[a * 3] + landmarks[b * 3]) / 2,
    (landmarks[a * 3 + 1] + landmarks[b * 3 + 1]) / 2,
  ];
  return [middle(33, 133), middle(263, 362)];
}
