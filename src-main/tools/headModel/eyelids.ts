import { invariant } from '#common/contract/errors';

import { smoothStep } from './headJoints';
import type { HeadLayout } from './headLayout';
import { boundaryLoops } from './meshLoops';
import { curveThrough, type Curve } from './openingCurves';
import { SKIN_CHARTS } from './skinCharts';

/** Radians that the upper and the lower lid's margin turn about the eye's horizontal axis, + up. */
export interface LidShift {
  readonly upper: (x: number) => number;
  readonly lower: (x: number) => number;
}

/** The left eye's lids on the mean head, model space. */
export interface Eyelids {
  readonly centre: readonly [number, number, number];
  readonly radius: number;
  /** Elevation (radians about the eye's x axis, 0 straight ahead) of the margins over x. */
  readonly upper: Curve;
  readonly lower: Curve;
  /** Vertices whose motion the lids decide, with 1 at the margins falling to 0 on brow bone and cheek. */
  readonly members: readonly { readonly vertex: number; readonly isUpper: boolean; readonly share: number }[];
  /** Vertices of the lids' visible surface: none may enter the eyeball. */
  readonly surface: ReadonlySet<number>;
  /** Lid margin loop: the rim that closes against the other lid. */
  readonly margin: readonly number[];
}

/**
 * Where lid motion ends: the upper lid's at the fold below the brow (metres over the margin), so that a blink
 * stretches the lid and leaves the brow alone; the lower lid's in radians below the margin.
 */
const FOLD = 0.0086;
const LOWER_REACH = 0.6;
/** Metres beyond the corners where it ends. */
const CORNER_REACH = 0.006;

/** Finds the left eye's lids: the eye opening's loop is inside the eyeball, the next ring is the margin. */
export function findEyelids(
  layout: HeadLayout,
  template: Float64Array,
  centre: readonly [number, number, number],
  radius: number,
): Eyelids {
  const rings = ringsAround(layout, eyeLoop(layout, template));
  const margin = rings[1];
  const elevation = (v: number): number =>
    Math.atan2(template[v * 3 + 1] - centre[1], template[v * 3 + 2] - centre[2]);
  const xOf = (v: number): number => template[v * 3] - centre[0];
  const corners = [
    margin.reduce((a, b) => (xOf(b) < xOf(a) ? b : a)),
    margin.reduce((a, b) => (xOf(b) > xOf(a) ? b : a)),
  ];
  const line = curveThrough(
    corners.map((v) => [xOf(v), elevation(v)] as const),
    0,
  );
  const ends = corners.map((v) => [xOf(v), elevation(v)] as const);
  const side = (isUpper: boolean): Curve =>
    curveThrough(
      [
        ...ends,
        ...margin
          .filter((v) => !corners.includes(v) && elevation(v) > line.at(xOf(v)) === isUpper)
          .map((v) => [xOf(v), elevation(v)] as const),
      ],
      0.0002,
    );
  const upper = side(true);
  const lower = side(false);
  const rim = curveThrough(
    margin
      .filter((v) => corners.includes(v) || elevation(v) > line.at(xOf(v)))
      .map((v) => [xOf(v), template[v * 3 + 1]] as const),
    0.0002,
  );
  const inner = new Set(rings[0]);
  const members: Eyelids['members'][number][] = [];
  const surface = new Set<number>();
  for (let v = 0; v < layout.parts[0].vertexCount; v++) {
    const x = xOf(v);
    const distance = Math.hypot(x, template[v * 3 + 1] - centre[1], template[v * 3 + 2] - centre[2]);
    if (distance > 2.6 * radius || template[v * 3 + 2] < centre[2]) continue;
    const e = elevation(v);
    const isUpper = e > (upper.at(x) + lower.at(x)) / 2;
    const beyond = isUpper ? (template[v * 3 + 1] - rim.at(x)) / FOLD : (lower.at(x) - e) / LOWER_REACH;
    const outside = Math.max(0, upper.low - x, x - upper.high);
    const share = (1 - smoothStep(beyond, 0, 1)) * (1 - smoothStep(outside, 0, CORNER_REACH));
    if (share <= 0) continue;
    members.push({ vertex: v, isUpper, share });
    if (!inner.has(v)) surface.add(v);
  }
  return { centre, radius, upper, lower, members, surface, margin };
}

/** Metres: lids' surface outside the eyeball, and their hidden rim inside it, at least. */
const SURFACE_CLEARANCE = 0.0003;
const RIM_DEPTH = 0.0004;

/**
 * Displacement of the neutral face that seats the left lids: the surface just outside the eyeball, the rim of
 * the opening inside it, so that no slit shows between lid and eye.
 */
export function seatLids(lids: Eyelids, template: Float64Array): Float64Array {
  const field = new Float64Array(template.length);
  for (const { vertex: v } of lids.members) {
    const offset = [0, 1, 2].map((c) => template[v * 3 + c] - lids.centre[c]);
    const distance = Math.hypot(...offset);
    const wanted = lids.surface.has(v)
      ? Math.max(distance, lids.radius + SURFACE_CLEARANCE)
      : Math.min(distance, lids.radius - RIM_DEPTH);
    for (let c = 0; c < 3; c++) field[v * 3 + c] = offset[c] * (wanted / distance - 1);
  }
  return field;
}

function eyeLoop(layout: HeadLayout, template: Float64Array): number[] {
  const face = SKIN_CHARTS.indexOf('face');
  const triangles: number[] = [];
  for (let t = 0; t < layout.indices.length; t += 3)
    if (layout.chartOf[layout.indices[t]] === face) triangles.push(...layout.indices.subarray(t, t + 3));
  const loop = boundaryLoops(triangles)
    .slice(1)
    .find((candidate) => candidate.every((v) => template[v * 3] > 0.005));
  invariant(loop, 'the face chart has a hole for the left eye');
  return loop;
}

/** The loop itself and the two rings of vertices outside it. */
function ringsAround(layout: HeadLayout, loop: readonly number[]): number[][] {
  const rings = [[...loop]];
  const seen = new Set(loop);
  for (let k = 0; k < 2; k++) {
    const ring = new Set<number>();
    for (let t = 0; t < layout.indices.length; t += 3) {
      const corners = Array.from(layout.indices.subarray(t, t + 3));
      if (!corners.some((v) => rings[k].includes(v))) continue;
      for (const v of corners) if (!seen.has(v)) ring.add(v);
    }
    for (const v of ring) seen.add(v);
    rings.push([...ring]);
  }
  return rings;
}

/**
 * Displacement when the margins shift: each lid vertex turns about the eye's horizontal axis by its share, so
 * it keeps its distance from the centre and slides over the eyeball.
 */
export function shiftLids(
  lids: Eyelids,
  template: Float64Array,
  shift: LidShift,
  strength = 1,
): Float64Array {
  const field = new Float64Array(template.length);
  const [cx, cy, cz] = lids.centre;
  for (const { vertex: v, isUpper, share } of lids.members) {
    const x = template[v * 3] - cx;
    const angle = strength * share * (isUpper ? shift.upper(x) : shift.lower(x));
    const y = template[v * 3 + 1] - cy;
    const z = template[v * 3 + 2] - cz;
    field[v * 3 + 1] = Math.cos(angle) * y + Math.sin(angle) * z - y;
    field[v * 3 + 2] = -Math.sin(angle) * y + Math.cos(angle) * z - z;
  }
  return field;
}

/** Where the closed lids meet: the lower lid rises by a small share of the opening. */
const LOWER_SHARE = 0.12;
/** Exponent of the closed line between the corners: 2 is a parabola, more is flatter in the middle. */
const CLOSED_BOW = 2.4;

/**
 * Both margins go to one line, a bow through the corners. The lower margin itself would not do: it leaves the
 * corners steeply, and the upper lid would hang from them in two steps.
 */
export function closingShift({ upper, lower }: Eyelids): LidShift {
  const [low, high] = [upper.low, upper.high];
  const corners = curveThrough(
    [low, high].map((x) => [x, (upper.at(x) + lower.at(x)) / 2] as const),
    0,
  );
  const middle = (low + high) / 2;
  const deepest = (1 - LOWER_SHARE) * lower.at(middle) + LOWER_SHARE * upper.at(middle) - corners.at(middle);
  const meeting = (x: number): number => {
    const away = Math.min(1, Math.abs(2 * (x - middle)) / (high - low));
    const bow = corners.at(x) + deepest * (1 - away ** CLOSED_BOW);
    return Math.min(upper.at(x), Math.max(lower.at(x), bow));
  };
  return { upper: (x) => meeting(x) - upper.at(x), lower: (x) => meeting(x) - lower.at(x) };
}

/** Margins shifted by shares of the opening's height. */
export function openingShift(lids: Eyelids, upper: number, lower: number): LidShift {
  const height = (x: number): number => lids.upper.at(x) - lids.lower.at(x);
  return { upper: (x) => upper * height(x), lower: (x) => lower * height(x) };
}
