import { portableCosine, portablePower, portableSine } from '#common/math/portableMath';
import { createSeededRandom, type SeededRandom } from '#common/math/seededRandom';
import { smoothStep } from '#common/math/smoothStep';
import { MILLIMETRE } from '#common/synthetic/domains/domainValues';
import { HANG, polarAtHeight } from '#common/synthetic/domains/hair/hangingPath';
import { SKULL_CENTER, type SkullMap } from '#common/synthetic/domains/hair/skullMap';
import type { PropMesh } from '#common/synthetic/domains/props/propMesh';
import type { PropOf } from '#common/synthetic/domains/props/propSchema';

const SEGMENTS = 13;
const SIDES = 8;
const DEGREE = Math.PI / 180;

/** One lock's own values. */
interface Lock {
  /** Radians about the vertical from the front at root and tip. */
  readonly from: number;
  readonly to: number;
  /** Radians from the crown at the root, and where the skull has the tip's height. */
  readonly rootPolar: number;
  readonly endPolar: number;
  /** Metres. */
  readonly endY: number;
  /** Share of the way that lies on the skull; the rest hangs. */
  readonly split: number;
  readonly size: number;
  readonly lift: number;
  readonly phase: number;
}

/**
 * Single locks of drawn or sculpted hair: flat, pointed bodies that leave the skull at their roots, follow it to its widest
 * place and hang from there. Chart: u across (lock after lock), v from root (0) to tip (1).
 */
export function hairLocks(hair: PropOf<'locks'>, skull: SkullMap): PropMesh {
  const random = createSeededRandom(hair.seed);
  const columns = SIDES + 1;
  const vertices = (SEGMENTS + 1) * columns;
  const positions = new Float32Array(hair.count * vertices * 3);
  const uvs = new Float32Array(hair.count * vertices * 2);
  const indices: number[] = [];
  for (let index = 0; index < hair.count; index++) {
    const share = hair.count === 1 ? 0.5 : index / (hair.count - 1);
    const lock = drawLock(hair, skull, share, random);
    for (let row = 0; row <= SEGMENTS; row++) {
      const t = row / SEGMENTS;
      const ring = ringAt(hair, skull, lock, t);
      for (let column = 0; column < columns; column++) {
        const at = index * vertices + row * columns + column;
        placeOnRing(ring, (column / SIDES) * 2 * Math.PI, positions, at * 3);
        uvs[at * 2] = (index + column / SIDES) / hair.count;
        uvs[at * 2 + 1] = t;
        if (row === SEGMENTS || column === SIDES) continue;
        const below = at + columns;
        indices.push(at, below, at + 1, at + 1, below, below + 1);
      }
    }
  }
  return { positions, uvs, indices: Uint32Array.from(indices) };
}

/** Between evenly spaced values, by a share of the way. */
function along(values: readonly number[], share: number): number {
  if (values.length === 1) return values[0];
  const place = share * (values.length - 1);
  const index = Math.min(values.length - 2, Math.floor(place));
  return values[index] + (values[index + 1] - values[index]) * (place - index);
}

function drawLock(hair: PropOf<'locks'>, skull: SkullMap, share: number, random: SeededRandom): Lock {
  const step = hair.count > 1 ? 1 / (hair.count - 1) : 0;
  const stray = Math.min(1, Math.max(0, share + step * hair.stray * random.between(-0.5, 0.5)));
  const from = along(hair.roots, stray) * DEGREE;
  const to = along(hair.tips, stray) * DEGREE;
  const rootPolar = random.between(hair.crown[0], hair.crown[1]) * DEGREE;
  const endY = (along(hair.ends, stray) + hair.jag * random.between(-1, 1)) * MILLIMETRE;
  const endPolar = Math.max(rootPolar + 0.1, polarAtHeight(skull, to, endY));
  const arc = 0.1 * (Math.min(endPolar, HANG) - rootPolar);
  const hanging = endPolar >= HANG ? Math.max(0.001, SKULL_CENTER[1] - 0.015 - endY) : 0;
  return {
    from,
    to,
    rootPolar,
    endPolar,
    endY,
    split: arc / (arc + hanging),
    size: random.between(0.75, 1.25),
    lift: random.between(-0.5, 0.5),
    phase: random.uniform() * 2 * Math.PI,
  };
}

interface Ring {
  readonly center: readonly number[];
  /** Unit, across the lock. */
  readonly side: readonly number[];
  /** Unit, away from the head. */
  readonly out: readonly number[];
  /** Half width and half thickness, metres. */
  readonly width: number;
  readonly depth: number;
}

function ringAt(hair: PropOf<'locks'>, skull: SkullMap, lock: Lock, t: number): Ring {
  const center = pathPoint(hair, skull, lock, t);
  const ahead = pathPoint(hair, skull, lock, Math.min(1, t + 0.02));
  const behind = pathPoint(hair, skull, lock, Math.max(0, t - 0.02));
  const way = unit([0, 1, 2].map((c) => ahead[c] - behind[c]));
  // Away from the head: from its centre while on the skull, level while hanging.
  const level = smoothStep(lock.split - 0.2, lock.split + 0.1, t);
  const away = unit([center[0], (center[1] - SKULL_CENTER[1]) * (1 - level), center[2] + 0.02]);
  const side = unit(cross(away, way));
  const out = cross(way, side);
  const tip = Math.min(1, (1 - t) / Math.max(0.05, hair.point));
  const taper =
    (0.45 + 0.55 * smoothStep(0, 0.35, t)) * (tip <= 0 ? 0 : portablePower(tip, 0.75)) * lock.size;
  return { center, side, out, width: Math.max(0.0001, (hair.width / 2) * MILLIMETRE * taper), depth: Math.max(0.0001, (hair.thickness / 2) * MILLIMETRE * Math.sqrt(taper)) }; // prettier-ignore
}

function pathPoint(hair: PropOf<'locks'>, skull: SkullMap, lock: Lock, t: number): number[] {
  const azimuth = lock.from + (lock.to - lock.from) * smoothStep(0, 1, portablePower(t, 0.8));
  const sin = portableSine(azimuth);
  const cos = portableCosine(azimuth);
  const onSkull = Math.min(1, t / lock.split);
  const polar = lock.rootPolar + onSkull * (Math.min(lock.endPolar, HANG) - lock.rootPolar);
  const fall = lock.split < 1 ? Math.max(0, (t - lock.split) / (1 - lock.split)) : 0;
  const ring = portableSine(polar);
  const up = portableCosine(polar);
  const [root, middle, tip] = hair.lift;
  const lift = t < 0.5 ? root + (middle - root) * smoothStep(0, 0.5, t) : middle + (tip - middle) * smoothStep(0.5, 1, t); // prettier-ignore
  const r = skull.reach(ring * sin, up, ring * cos) + (lift + lock.lift * hair.thickness * 0.6) * MILLIMETRE;
  const wave = hair.wave * MILLIMETRE * smoothStep(0.15, 0.6, t);
  const turn = hair.waves * t * 2 * Math.PI + lock.phase;
  const sideways = wave * portableSine(turn);
  const outwards = 0.6 * wave * portableCosine(turn);
  const y = SKULL_CENTER[1] + up * r;
  return [
    SKULL_CENTER[0] + sin * (ring * r + outwards) + cos * sideways,
    y + fall * Math.min(0, lock.endY - y),
    SKULL_CENTER[2] + cos * (ring * r + outwards) - sin * sideways,
  ];
}

/** The inside is flatter than the outside, so that locks lie on what is below. */
function placeOnRing(ring: Ring, angle: number, positions: Float32Array, at: number): void {
  const across = ring.width * portableCosine(angle);
  const sine = portableSine(angle);
  const away = ring.depth * (sine < 0 ? 0.5 * sine : sine);
  for (let c = 0; c < 3; c++) positions[at + c] = ring.center[c] + across * ring.side[c] + away * ring.out[c];
}

function cross(a: readonly number[], b: readonly number[]): number[] {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unit(v: readonly number[]): number[] {
  const length = Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) + 1e-12;
  return v.map((value) => value / length);
}
