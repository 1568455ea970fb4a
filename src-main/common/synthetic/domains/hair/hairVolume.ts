import { portableCosine, portableSine } from '#common/math/portableMath';
import { smoothStep } from '#common/math/smoothStep';
import { MILLIMETRE } from '#common/synthetic/domains/domainValues';
import { HANG, polarAtHeight } from '#common/synthetic/domains/hair/hangingPath';
import { SKULL_CENTER, type SkullMap } from '#common/synthetic/domains/hair/skullMap';
import { gridIndices, type PropMesh } from '#common/synthetic/domains/props/propMesh';
import type { PropOf } from '#common/synthetic/domains/props/propSchema';
import { hashShare, latticeHash } from '#common/synthetic/pattern/latticeHash';
import { simplexNoise } from '#common/synthetic/pattern/latticeNoise';

const AROUND = 240;
const DOWN = 30;
/** Rows of the underside, from the ends back up under the hair. */
const UNDER = 3;

/**
 * Hair as one closed, sculpted volume: paths run from a whorl at the crown over the skull and, below its widest place,
 * straight down; each ends at its own height. Locks are ridges between grooves, their ends are pointed and uneven.
 * Chart: u around the head (locks are whole in it), v from crown (0) to ends (1).
 */
export function hairVolume(hair: PropOf<'hair'>, skull: SkullMap): PropMesh {
  const rows = DOWN + UNDER;
  const columns = AROUND + 1;
  const positions = new Float32Array(rows * columns * 3);
  const uvs = new Float32Array(rows * columns * 2);
  const point = new Float64Array(3);
  for (let column = 0; column < columns; column++) {
    const turn = (column % AROUND) / AROUND;
    const lock = lockAt(hair, turn);
    const endPolar = polarAtHeight(skull, lock.azimuth, lock.endY);
    for (let row = 0; row < rows; row++) {
      const isUnder = row >= DOWN;
      const t = isUnder ? 1 - ((row - DOWN + 1) / UNDER) * 0.7 : row / (DOWN - 1);
      pathPoint(hair, skull, lock, { t, isUnder, endPolar }, point);
      const at = row * columns + column;
      positions.set(point, at * 3);
      uvs[at * 2] = column / AROUND;
      uvs[at * 2 + 1] = isUnder ? 1 : t;
    }
  }
  const indices = Uint32Array.from(gridIndices(rows, columns));
  // Rows go down and columns towards the subject's left, seen from outside: as gridIndices counts, that is inside out.
  for (let k = 0; k < indices.length; k += 3) {
    const b = indices[k + 1];
    indices[k + 1] = indices[k + 2];
    indices[k + 2] = b;
  }
  return { positions, uvs, indices };
}

interface Lock {
  /** Radians about the vertical from the front, + to the subject's left. */
  readonly azimuth: number;
  /** 0 in the groove, 1 on the ridge. */
  readonly ridge: number;
  /** Height where the path ends, metres. */
  readonly endY: number;
  readonly random: number;
  readonly tall: number;
  /** 1 where hair rises out of the skin. */
  readonly swept: number;
}

/** How the five heights of `ends` follow one another around the head: front, temple, before and behind the ear, nape. */
const END_TURNS = [0, 0.14, 0.225, 0.31, 0.5];

function lockAt(hair: PropOf<'hair'>, turn: number): Lock {
  const place = turn * hair.locks;
  const index = Math.floor(place);
  const within = place - index;
  const hash = latticeHash(index % Math.round(hair.locks), 3, 0, hair.seed);
  const random = hashShare(hash, 0);
  // A ridge in the middle of each lock; the summit wanders so that locks do not look stamped.
  const summit = 0.35 + 0.3 * hashShare(hash, 1);
  const side = within < summit ? within / summit : (1 - within) / (1 - summit);
  const ridge = portableSine(side * Math.PI * 0.5);
  const away = turn > 0.5 ? 1 - turn : turn;
  let y = hair.ends[4];
  for (let k = 0; k + 1 < END_TURNS.length; k++)
    if (away <= END_TURNS[k + 1]) {
      const share = smoothStep(END_TURNS[k], END_TURNS[k + 1], away);
      y = hair.ends[k] + (hair.ends[k + 1] - hair.ends[k]) * share;
      break;
    }
  const swept = hair.swept * smoothStep(0.27, 0.2, away);
  const uneven = hair.jag * (random - 0.5) * 2 * (1 - 0.85 * swept);
  const pointed = hair.point * hair.jag * (1 - ridge) * 1.6 * (1 - 0.85 * swept);
  return {
    azimuth: turn * 2 * Math.PI,
    ridge,
    endY: (y + uneven + pointed) * MILLIMETRE,
    random,
    tall: hashShare(hash, 2),
    swept,
  };
}

const noise = new Float64Array(4);

interface PathPlace {
  /** From whorl (0) to end (1). */
  readonly t: number;
  readonly isUnder: boolean;
  readonly endPolar: number;
}

function pathPoint(
  hair: PropOf<'hair'>,
  skull: SkullMap,
  lock: Lock,
  { t, isUnder, endPolar }: PathPlace,
  out: Float64Array,
): void {
  const whorlX = hair.parting * MILLIMETRE;
  // The polar angle at which this path meets its end's height on the skull; longer paths hang from the widest place.
  const swing = (hair.swing * MILLIMETRE * t * t) / 0.09;
  const azimuth = lock.azimuth + swing;
  const [sin, cos] = [portableSine(azimuth), portableCosine(azimuth)];
  const hangs = endPolar >= HANG;
  // Paths that hang spend their second half falling.
  const split = hangs ? 0.55 : 1;
  const polar = Math.min(1, t / split) * Math.min(endPolar, HANG);
  const fall = hangs ? Math.max(0, (t - split) / (1 - split)) : 0;
  const ring = portableSine(polar);
  const up = portableCosine(polar);
  const reach = skull.reach(ring * sin, up, ring * cos);
  const [crown, side, ends] = hair.thickness;
  const layer = crown + (side - crown) * smoothStep(0.1, 0.6, t) + (ends - side) * smoothStep(0.6, 1, t);
  const groove = hair.groove * (lock.ridge - 1) * smoothStep(0.02, 0.3, t);
  const tip = 1 - 0.75 * hair.point * smoothStep(0.75, 1, t) * (1 - 0.4 * lock.ridge);
  const spike =
    hair.spike * lock.ridge * (0.5 + 0.5 * lock.tall) * smoothStep(0.05, 0.35, t) * smoothStep(1, 0.55, t);
  let thick = (layer + groove) * tip + hair.flare * lock.ridge * smoothStep(0.5, 1, t) + spike;
  thick *= 1 - lock.swept * smoothStep(0.45, 1, t) * 0.97;
  if (isUnder) thick = Math.min(1.5, thick * 0.2);
  if (hair.curl > 0 && !isUnder) {
    const f = 1000 / hair.curlSize;
    simplexNoise(
      ring * sin * reach * f,
      (up * reach - fall * 0.1) * f,
      ring * cos * reach * f,
      hair.seed,
      noise,
    );
    thick += hair.curl * (0.3 + noise[0]) * smoothStep(0, 0.15, t);
  }
  const r =
    reach +
    Math.max(lock.swept > 0.5 && t > 0.9 ? -0.8 : 0.6, thick - 1.4 * lock.swept * smoothStep(0.8, 1, t)) *
      MILLIMETRE;
  const lean = (spike * MILLIMETRE) / 30;
  const whorl = whorlX * (1 - smoothStep(0, 0.5, polar));
  const bottom = SKULL_CENTER[1] + up * r;
  // Below the widest place hair falls straight, a little inwards to the neck.
  const inwards = 1 - 0.1 * fall * (isUnder ? 1.6 : 1);
  out[0] = SKULL_CENTER[0] + ring * sin * r * inwards + whorl + hair.lean[0] * lean;
  out[1] = bottom + fall * Math.min(0, lock.endY - bottom) + hair.lean[1] * lean;
  out[2] = SKULL_CENTER[2] + ring * cos * r * inwards + hair.lean[2] * lean;
}
