import type { HeadHull } from '#common/synthetic/heads/hair/headHull';
import { HULL_CENTRE_Y } from '#common/synthetic/heads/hair/headHull';
import {
  norm2,
  norm3,
  portableAngle,
  portableCosine,
  portablePower,
  portableSine,
} from '#common/math/portableMath';

/** How one lock leaves its root and falls. Directions need not be unit. */
export interface LockPlan {
  /** Where the comb drags it at its root, world axes; laid onto the skin. */
  readonly comb: readonly [number, number, number];
  /** Share of the root's normal in its first direction: 0 lies flat, 1 stands up. */
  readonly lift: number;
  /** Metres. */
  readonly length: number;
  /** Height over the skin that it keeps to, metres. */
  readonly height: number;
  /** How soon gravity takes over, 0 never. */
  readonly gravity: number;
  /** How closely it lies on the head above the ears, 0 free to 1. */
  readonly stick: number;
  /** It ends at this height, metres. */
  readonly cutY: number;
  /** It may not come nearer to the face's middle than this azimuth, radians; 0 lets it. */
  readonly faceEdge: number;
  /** Points of the lock besides its root; 9 when left out, more for curls. */
  readonly steps?: number;
  /** Waves: amplitude in metres at the tip, wave length in metres, phase in radians. */
  readonly wave: {
    readonly amplitude: number;
    readonly period: number;
    readonly phase: number;
    readonly isHelix: boolean;
  };
  /** A point that it runs to and ends at (a tie), metres. */
  readonly goal?: readonly [number, number, number];
}

const LOCK_STEPS = 9;
/** Eight times the least radius of a scalp, metres: a straight step sinks into it by its square over this. */
const BEND = 0.5;

/**
 * Grows a lock step by step: along the comb over the skin at its height, then falling, pushed out of the head, neck and
 * shoulders and off the face. Appends points and the directions it faces (outwards) to the arrays.
 */
export function growLock(
  root: readonly number[],
  normal: readonly number[],
  plan: LockPlan,
  hull: HeadHull,
  out: { readonly path: number[]; readonly faces: number[] },
): void {
  const steps = plan.steps ?? LOCK_STEPS;
  const p = [root[0], root[1], root[2]];
  const d = firstDirection(normal, plan);
  const face = [normal[0], normal[1], normal[2]];
  const before = [0, 0, 0];
  push(out, p, face);
  for (let k = 1; k <= steps; k++) {
    // Shorter steps first: near its root a lock bends most.
    const s = portablePower(k / steps, 1.3);
    const step = plan.length * (s - portablePower((k - 1) / steps, 1.3));
    if (plan.goal !== undefined) aim(d, p, plan.goal, 0.35 + 0.4 * s);
    d[1] -= plan.gravity * step * 28 * (0.3 + s);
    normalise(d);
    for (let c = 0; c < 3; c++) before[c] = p[c];
    for (let c = 0; c < 3; c++) p[c] += d[c] * step;
    keepOffFace(p, plan, s);
    settle(p, d, face, hull, {
      height: plan.height * Math.min(1, 0.25 + s * 3.5) + (step * step) / BEND,
      stick: plan.stick,
    });
    if (p[1] < plan.cutY && before[1] > plan.cutY + 1e-6) {
      // Cut where it crosses, not at the next step.
      const share = (before[1] - plan.cutY) / (before[1] - p[1]);
      for (let c = 0; c < 3; c++) p[c] = before[c] + (p[c] - before[c]) * share;
      push(out, p, face, { ...plan, direction: d }, s);
      return;
    }
    push(out, p, face, { ...plan, direction: d }, s);
    if (p[1] < plan.cutY) return;
    if (
      plan.goal !== undefined &&
      norm3(p[0] - plan.goal[0], p[1] - plan.goal[1], p[2] - plan.goal[2]) < step
    )
      return;
  }
}

function firstDirection(normal: readonly number[], plan: LockPlan): number[] {
  const { comb, lift } = plan;
  const into = comb[0] * normal[0] + comb[1] * normal[1] + comb[2] * normal[2];
  const d = [0, 1, 2].map((c) => comb[c] - into * normal[c]);
  normalise(d);
  for (let c = 0; c < 3; c++) d[c] = d[c] * (1 - lift) + normal[c] * lift;
  normalise(d);
  return d;
}

function aim(d: number[], p: readonly number[], goal: readonly number[], share: number): void {
  const to = [goal[0] - p[0], goal[1] - p[1], goal[2] - p[2]];
  normalise(to);
  for (let c = 0; c < 3; c++) d[c] = d[c] * (1 - share) + to[c] * share;
}

/** The face's edge by height, metres and radians: the hairline of forehead and temples, then the cheeks. */
const FACE_EDGE = [
  [0.083, 0], [0.077, 0.42], [0.069, 0.62], [0.052, 0.8], [0.034, 0.92], [0, 1],
] as const; // prettier-ignore

function faceEdgeAt(y: number): number {
  for (let k = 1; k < FACE_EDGE.length; k++) {
    const [y0, a0] = FACE_EDGE[k - 1];
    const [y1, a1] = FACE_EDGE[k];
    if (y >= y1) return y >= y0 ? a0 : a0 + ((a1 - a0) * (y0 - y)) / (y0 - y1);
  }
  return 1;
}

/** Turns a point about the vertical axis to the face's edge; above the forehead it may stay. */
function keepOffFace(p: number[], plan: LockPlan, s: number): void {
  if (plan.faceEdge <= 0 || p[1] > FACE_EDGE[0][0]) return;
  const azimuth = portableAngle(p[0], p[2] - 0.005);
  const edge = plan.faceEdge * faceEdgeAt(p[1]) * Math.min(1, 0.6 + 2 * s);
  if (Math.abs(azimuth) >= edge) return;
  const radius = norm2(p[0], p[2] - 0.005);
  const turned = azimuth < 0 ? -edge : edge;
  p[0] = radius * portableSine(turned);
  p[2] = radius * portableCosine(turned) + 0.005;
}

/** Pushes a point out to `height` over the hull and bends its direction along it. */
function settle(
  p: number[],
  d: number[],
  face: number[],
  hull: HeadHull,
  { height, stick }: { readonly height: number; readonly stick: number },
): void {
  const ground = hull.shoulderY(p[0], p[2]) + height * 0.5 + 0.002;
  if (p[1] < ground) p[1] = ground;
  const [x, y, z] = [p[0], p[1] - HULL_CENTRE_Y, p[2]];
  const radius = Math.sqrt(x * x + y * y + z * z) + 1e-9;
  const least = hull.radius(x, y, z) + height;
  const out = [x / radius, y / radius, z / radius];
  // Below the ears, locks face away from the neck rather than up from the centre.
  if (y < 0) {
    out[1] *= Math.max(0, 1 + y * 12);
    normalise(out);
  }
  for (let c = 0; c < 3; c++) face[c] = out[c];
  const hold = stick * Math.min(1, Math.max(0, (p[1] + 0.03) / 0.04));
  const target = radius >= least ? radius + (least - radius) * hold : least;
  const push = target / radius;
  p[0] = x * push;
  p[1] = y * push + HULL_CENTRE_Y;
  p[2] = z * push;
  const into = d[0] * out[0] + d[1] * out[1] + d[2] * out[2];
  const turn = into < 0 ? (radius < least ? 1 : 0) : hold;
  for (let c = 0; c < 3; c++) d[c] -= turn * into * out[c];
  normalise(d);
}

function push(
  out: { readonly path: number[]; readonly faces: number[] },
  p: readonly number[],
  face: readonly number[],
  plan?: LockPlan & { readonly direction: readonly number[] },
  s = 0,
): void {
  let [x, y, z] = p;
  if (plan !== undefined && plan.wave.amplitude > 0) {
    const { amplitude, period, phase, isHelix } = plan.wave;
    const angle = phase + (2 * Math.PI * s * plan.length) / period;
    const reach = amplitude * Math.min(1, s * 2.5);
    // Across the lock, and in and out for curls.
    const [dx, dy, dz] = plan.direction;
    const side = [dy * face[2] - dz * face[1], dz * face[0] - dx * face[2], dx * face[1] - dy * face[0]];
    const length = norm3(side[0], side[1], side[2]) + 1e-6;
    const swing = (portableSine(angle) * reach) / length;
    x += side[0] * swing;
    y += side[1] * swing;
    z += side[2] * swing;
    const depth = isHelix ? portableCosine(angle) * reach : Math.abs(portableSine(angle * 0.5)) * reach * 0.4;
    x += face[0] * depth;
    y += face[1] * depth;
    z += face[2] * depth;
  }
  out.path.push(x, y, z);
  out.faces.push(face[0], face[1], face[2]);
}

function normalise(v: number[]): void {
  const length = Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) + 1e-12;
  v[0] /= length;
  v[1] /= length;
  v[2] /= length;
}
