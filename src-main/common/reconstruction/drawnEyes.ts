import type { RgbaImage } from '#common/image/rasterImage';
import { LEFT_EYE, LID_SHARES, RIGHT_EYE, type EyeLandmarks } from '#common/reconstruction/fit/landmarkSets';
import { LANDMARK_COUNT, type FaceObservation } from '#common/tracking/faceObservation';
import { norm2, portableExp, squared } from '#common/math/portableMath';

/** Darkest channel of a white of the eye, 0..255, and by how much it is above the skin's. */
const WHITE = 140;
const WHITER = 60;
/** White is looked for this far around the tracked eye's middle, tracked eye widths. */
const REACH = [1.1, 0.9] as const;
/** Outside the tracked lids by more than this (eye widths) white is missed by the tracker. */
const MISSED = 0.06;
/** Share of the white that must be missed. On photographs it is a few percent. */
const LEAST_MISSED = 0.25;
/** Sizes of a believable white: pixels per squared eye width, and width in eye widths. */
const LEAST_WHITE = 0.06;
const WIDTHS = [0.7, 2] as const;
/** A person's iris radius in eye widths. */
const IRIS_RADIUS = 0.236;
/** Skin around the eye follows its lids this far, eye widths. */
const FOLLOW = 0.45;

type Point = readonly [x: number, y: number];

/**
 * Puts the eye landmarks onto eyes that are drawn larger than a tracker of people believes: on cartoon faces it finds
 * lids in the middle of the white, and what it leaves outside would stay painted on the skin when the eye closes.
 * Only where much white lies outside the tracked lids; photographs come back as they are.
 *
 * @param crop sRGB; `observation` in its pixels.
 */
export function seeDrawnEyes(crop: RgbaImage, observation: FaceObservation): FaceObservation {
  let landmarks = observation.landmarks;
  for (const eye of [RIGHT_EYE, LEFT_EYE]) {
    const outline = drawnOutline(crop, landmarks, eye);
    if (outline !== undefined) landmarks = moveLids(landmarks, eye, outline);
  }
  return landmarks === observation.landmarks ? observation : { ...observation, landmarks };
}

/** Convex outline of the white, as upper and lower rows over x. */
interface DrawnOutline {
  readonly left: number;
  readonly right: number;
  readonly upper: readonly Point[];
  readonly lower: readonly Point[];
}

function pointOf(landmarks: Float32Array, index: number): Point {
  return [landmarks[index * 3], landmarks[index * 3 + 1]];
}

function eyeWidth(landmarks: Float32Array, eye: EyeLandmarks): number {
  const [[ax, ay], [bx, by]] = eye.corners.map((corner) => pointOf(landmarks, corner));
  return norm2(ax - bx, ay - by);
}

function drawnOutline(crop: RgbaImage, landmarks: Float32Array, eye: EyeLandmarks): DrawnOutline | undefined {
  const width = eyeWidth(landmarks, eye);
  const rim = [...eye.corners, ...eye.lidPairs.flat()].map((index) => pointOf(landmarks, index));
  const centre = [0, 1].map((axis) => rim.reduce((sum, point) => sum + point[axis] / rim.length, 0));
  const least = Math.max(WHITE, WHITER + skinDarkest(crop, landmarks, eye));
  const white: Point[] = [];
  let missed = 0;
  const bounds = [...eye.lidPairs].map(([upper, lower]) => ({
    x: (pointOf(landmarks, upper)[0] + pointOf(landmarks, lower)[0]) / 2,
    top: pointOf(landmarks, upper)[1],
    bottom: pointOf(landmarks, lower)[1],
  }));
  const [low, high] = [Math.min(...rim.map(([x]) => x)), Math.max(...rim.map(([x]) => x))];
  for (const [x, y] of whiteRegion(crop, centre as unknown as Point, width, least)) {
    white.push([x + 0.5, y + 0.5]);
    const near = bounds.reduce((a, b) => (Math.abs(b.x - x) < Math.abs(a.x - x) ? b : a));
    const slack = MISSED * width;
    if (x < low - slack || x > high + slack || y < near.top - slack || y > near.bottom + slack) missed++;
  }
  if (white.length < LEAST_WHITE * width * width || missed < LEAST_MISSED * white.length) return undefined;
  const upper = chain(white, 1);
  const lower = chain(white, -1);
  const [left, right] = [upper[0][0], upper[upper.length - 1][0]];
  const wide = (right - left) / width;
  return wide > WIDTHS[0] && wide < WIDTHS[1] ? { left, right, upper, lower } : undefined;
}

/** Median over points below the eye of the darkest channel. */
function skinDarkest(crop: RgbaImage, landmarks: Float32Array, eye: EyeLandmarks): number {
  const cheek = eye === RIGHT_EYE ? [117, 118, 119, 101, 50] : [346, 347, 348, 330, 280];
  const values = cheek.map((index) => darkest(crop, ...pointOf(landmarks, index)));
  return values.sort((a, b) => a - b)[2];
}

function darkest(crop: RgbaImage, x: number, y: number): number {
  const column = Math.min(crop.width - 1, Math.max(0, Math.floor(x)));
  const row = Math.min(crop.height - 1, Math.max(0, Math.floor(y)));
  const at = (row * crop.width + column) * 4;
  return Math.min(crop.data[at], crop.data[at + 1], crop.data[at + 2]);
}

/** White pixels connected to one inside the tracked eye; empty where they run out of reach (white skin or hair). */
function whiteRegion(crop: RgbaImage, centre: Point, width: number, least: number): Point[] {
  const left = Math.floor(centre[0] - REACH[0] * width);
  const top = Math.floor(centre[1] - REACH[1] * width);
  const columns = Math.ceil(2 * REACH[0] * width);
  const rows = Math.ceil(2 * REACH[1] * width);
  const state = new Uint8Array(columns * rows);
  const stack: number[] = [];
  const enter = (column: number, row: number): void => {
    const cell = row * columns + column;
    if (state[cell] !== 0) return;
    state[cell] = darkest(crop, left + column, top + row) >= least ? 2 : 1;
    if (state[cell] === 2) stack.push(cell);
  };
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [dx, dy] = [left + column - centre[0], top + row - centre[1]];
      if (Math.abs(dx) < 0.5 * width && Math.abs(dy) < 0.2 * width) enter(column, row);
    }
  }
  const found: Point[] = [];
  while (stack.length > 0) {
    const cell = stack.pop() ?? 0;
    const column = cell % columns;
    const row = (cell - column) / columns;
    if (column === 0 || row === 0 || column === columns - 1 || row === rows - 1) return [];
    found.push([left + column, top + row]);
    enter(column - 1, row);
    enter(column + 1, row);
    enter(column, row - 1);
    enter(column, row + 1);
  }
  return found;
}

/** Upper (sign 1) or lower hull of points, by rising x; y points down. */
function chain(points: readonly Point[], sign: 1 | -1): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || sign * (a[1] - b[1]));
  const hull: Point[] = [];
  for (const point of sorted) {
    if (hull.length > 0 && hull[hull.length - 1][0] === point[0]) continue;
    while (hull.length > 1 && sign * turn(hull[hull.length - 2], hull[hull.length - 1], point) <= 0)
      hull.pop();
    hull.push(point);
  }
  return hull;
}

function turn(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

function heightAt(line: readonly Point[], x: number): number {
  const next = line.findIndex((point) => point[0] >= x);
  if (next <= 0) return line[next === 0 ? 0 : line.length - 1][1];
  const [a, b] = [line[next - 1], line[next]];
  return a[1] + ((b[1] - a[1]) * (x - a[0])) / (b[0] - a[0]);
}

/** Landmarks with corners and lids on the outline, the skin around following; brows stay. */
function moveLids(landmarks: Float32Array, eye: EyeLandmarks, outline: DrawnOutline): Float32Array {
  const moved = landmarks.slice();
  const [outer, inner] = eye.corners;
  const isOuterLeft = landmarks[outer * 3] < landmarks[inner * 3];
  const from = isOuterLeft ? outline.right : outline.left;
  const to = isOuterLeft ? outline.left : outline.right;
  const middle = (x: number): number => (heightAt(outline.upper, x) + heightAt(outline.lower, x)) / 2;
  const place = (index: number, x: number, y: number): void => {
    moved[index * 3] = x;
    moved[index * 3 + 1] = y;
  };
  place(inner, from, middle(from));
  place(outer, to, middle(to));
  eye.lidPairs.forEach(([upper, lower], k) => {
    const [a, b] = LID_SHARES[k].map((share) => from + share * (to - from));
    place(upper, a, heightAt(outline.upper, a));
    place(lower, b, heightAt(outline.lower, b));
  });
  widenIris(moved, eye);
  const own = [...eye.corners, ...eye.lidPairs.flat()];
  const still = new Set([...own, ...RIGHT_EYE.brow, ...LEFT_EYE.brow]);
  const reach = FOLLOW * eyeWidth(landmarks, eye);
  for (let index = 0; index < LANDMARK_COUNT - 10; index++) {
    if (still.has(index)) continue;
    let [dx, dy, total, nearest] = [0, 0, 1e-9, Infinity];
    for (const lid of own) {
      const square =
        squared(landmarks[index * 3] - landmarks[lid * 3]) +
        squared(landmarks[index * 3 + 1] - landmarks[lid * 3 + 1]);
      const weight = 1 / squared(square + 1);
      dx += weight * (moved[lid * 3] - landmarks[lid * 3]);
      dy += weight * (moved[lid * 3 + 1] - landmarks[lid * 3 + 1]);
      total += weight;
      nearest = Math.min(nearest, square);
    }
    const follow = portableExp(-nearest / (reach * reach)) / total;
    place(index, landmarks[index * 3] + follow * dx, landmarks[index * 3 + 1] + follow * dy);
  }
  return moved;
}

/**
 * The eyeball grows with its lids, and its iris with it. The texture is carried from the seen iris to the model's, so
 * the seen one is said to be as large: then the picture is taken as it is, small iris and all.
 */
function widenIris(landmarks: Float32Array, eye: EyeLandmarks): void {
  const [centre, ...rim] = eye.iris;
  const [x, y] = pointOf(landmarks, centre);
  const offsets = rim.map((index) => [landmarks[index * 3] - x, landmarks[index * 3 + 1] - y]);
  const radius = offsets.reduce((sum, [dx, dy]) => sum + norm2(dx, dy) / offsets.length, 0);
  const scale = Math.max(1, (IRIS_RADIUS * eyeWidth(landmarks, eye)) / Math.max(1e-6, radius));
  rim.forEach((index, k) => {
    landmarks[index * 3] = x + scale * offsets[k][0];
    landmarks[index * 3 + 1] = y + scale * offsets[k][1];
  });
}
