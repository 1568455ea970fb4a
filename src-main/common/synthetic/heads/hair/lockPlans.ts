import type { SeededRandom } from '#common/math/seededRandom';
import { smoothStep } from '#common/math/smoothStep';
import type { HairRecipe, HairStyle } from '#common/synthetic/heads/identityRecipe';
import type { LockPlan } from '#common/synthetic/heads/hair/growLock';

/** Where a root is, on the mean head. */
export interface RootPlace {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** 0 front, pi back. */
  readonly azimuth: number;
  /** 0 at the ears, 1 on top. */
  readonly top: number;
}

export interface StyleSheet {
  /** Locks of a whole scalp. */
  readonly locks: number;
  /** Metres. */
  readonly width: number;
  readonly bluntness: number;
  readonly shine: number;
  readonly plan: (place: RootPlace, hair: HairRecipe, random: SeededRandom) => LockPlan;
}

type Comb = readonly [number, number, number];

const NEVER = -1;

/** Where ponytails and buns are tied, metres; the crown and the nape are its ends. */
export const TIE = { high: [0, 0.075, -0.095], low: [0, -0.02, -0.115] } as const;

/** Waves for a recipe's curl: `reach` metres at full curl. */
function waves(hair: HairRecipe, random: SeededRandom, reach: number, period: number): LockPlan['wave'] {
  return {
    amplitude: reach * hair.curl * random.between(0.7, 1.2),
    period: period * random.between(0.85, 1.15),
    phase: random.between(0, 6.28),
    isHelix: hair.curl > 0.55,
  };
}

/** Away from the parting: sideways, and a little back. */
function partedComb({ x, y, z }: RootPlace, hair: HairRecipe, forward: number): Comb {
  const line = hair.parting * 0.055;
  const side = x > line ? 1 : -1;
  const distance = Math.min(1, Math.abs(x - line) / 0.02);
  const onTop = smoothStep(0.045, 0.09, y);
  return [
    side * (0.35 + 0.65 * distance) * onTop + Math.sign(x) * (1 - onTop) * 0.15,
    -(1 - onTop),
    forward * onTop * (z > 0.02 ? 1 : 0.4) - 0.25 * (1 - onTop),
  ];
}

function jitter(comb: Comb, hair: HairRecipe, random: SeededRandom, size = 0.35): Comb {
  const amount = size * (0.25 + hair.tousle);
  return [
    comb[0] + amount * random.normal(),
    comb[1] + amount * random.normal() * 0.6,
    comb[2] + amount * random.normal(),
  ];
}

/** Thickness of the layer in which locks lie; more of them outside than in. */
function layer(hair: HairRecipe, random: SeededRandom, thickness: number): number {
  return 0.0012 + thickness * hair.volume * Math.sqrt(random.uniform());
}

/** Locks over the forehead end above the brows. */
const ABOVE_BROWS = 0.06;

function shortPlan(
  lengths: { readonly top: number; readonly side: number },
  comb: (place: RootPlace, hair: HairRecipe) => Comb,
  shape: { readonly lift: number; readonly height: number; readonly stick: number },
) {
  return (place: RootPlace, hair: HairRecipe, random: SeededRandom): LockPlan => {
    const length =
      (lengths.side + (lengths.top - lengths.side) * smoothStep(0.15, 0.75, place.top)) * hair.length;
    return {
      comb: jitter(comb(place, hair), hair, random),
      lift: shape.lift * (0.4 + 0.6 * place.top) * hair.volume ** 0.5 * random.between(0.7, 1.3),
      length: length * random.between(0.75, 1.15),
      height: layer(hair, random, shape.height * (0.25 + 0.75 * place.top)),
      gravity: 0.25,
      stick: shape.stick,
      cutY: place.azimuth < 0.95 && place.z > 0 ? ABOVE_BROWS + 0.006 * random.normal() : NEVER,
      faceEdge: place.top < 0.4 ? 1 : 0,
      steps: lengths.top < 0.01 ? 2 : lengths.top < 0.05 ? 5 : 8,
      wave: waves(hair, random, 0.006, 0.05),
    };
  };
}

/** Down all around, to a length; the front goes to the sides or, as a fringe, to the brows. */
function longPlan(cut: number, thickness: number, wave: { readonly reach: number; readonly period: number }) {
  return (place: RootPlace, hair: HairRecipe, random: SeededRandom): LockPlan => {
    const isFringe = hair.fringe > 0 && place.azimuth < 0.62 && place.z > 0.055 && place.y > 0.06;
    if (isFringe) return fringePlan(place, hair, random);
    const low = cut * hair.length + 0.012 * random.normal() + (cut < -0.1 ? 0.02 * random.normal() : 0);
    const comb = partedComb(place, hair, place.z > 0.05 ? -0.4 : 0);
    return {
      comb: jitter(comb, hair, random, 0.12),
      lift: 0.3 * smoothStep(0.6, 1, place.top) + 0.08,
      length: Math.max(0.09, place.y + 0.06 - low) * 1.12,
      height: layer(hair, random, thickness * (0.6 + 0.4 * place.top)),
      gravity: 0.75,
      stick: 0.9 - 0.35 * hair.curl,
      cutY: low,
      steps: wave.period < 0.06 ? 24 : hair.curl > 0.3 && wave.reach > 0.01 ? 16 : 10,
      faceEdge: 1.0 + 0.05 * random.normal() + (hair.fringe > 0 ? 0.04 : 0),
      wave: waves(hair, random, wave.reach, wave.period),
    };
  };
}

/** Ends over the brows, never over the eyes. */
function fringePlan(place: RootPlace, hair: HairRecipe, random: SeededRandom): LockPlan {
  const end = 0.053 + 0.004 * random.normal() + 0.015 * (1 - hair.fringe);
  const sweep = hair.parting > 0 ? -1 : 1;
  return {
    comb: [0.35 * sweep * (1 - hair.fringe) + place.x * 4 + 0.1 * random.normal(), -0.6, 1],
    lift: 0.25,
    length: (place.y - end + 0.035) * 1.15,
    height: layer(hair, random, 0.006),
    gravity: 0.7,
    stick: 0.75,
    cutY: end,
    faceEdge: 0,
    wave: waves(hair, random, 0.002, 0.07),
  };
}

/** Back to a tie. */
function tiedPlan(goal: Comb): StyleSheet['plan'] {
  return (place, hair, random) => {
    const distance = Math.hypot(place.x - goal[0], place.y - goal[1], place.z - goal[2]);
    return {
      comb: [goal[0] - place.x, goal[1] - place.y + 0.02, goal[2] - place.z],
      lift: 0.05,
      length: distance * 1.35,
      height: layer(hair, random, 0.007),
      gravity: 0,
      stick: 1,
      cutY: NEVER,
      faceEdge: 0,
      wave: waves(hair, random, 0.0025, 0.06),
      goal,
    };
  };
}

/** Stands out all around. */
function ballPlan(length: number): StyleSheet['plan'] {
  return (place, hair, random) => {
    const reach =
      length *
      hair.length *
      hair.volume ** 0.5 *
      (0.55 + 0.45 * smoothStep(-0.2, 0.5, place.top)) *
      (place.azimuth < 0.7 ? 0.75 : 1);
    return {
      comb: [random.normal(), random.normal() - 0.2, random.normal()],
      lift: 0.86,
      length: reach * random.between(0.6, 1.06),
      height: 0.001,
      gravity: 0.1,
      stick: 0,
      cutY: NEVER,
      faceEdge: 0,
      steps: 6,
      wave: { amplitude: 0.006, period: 0.02, phase: random.between(0, 6.28), isHelix: true },
    };
  };
}

const back: Comb = [0, 0.1, -1];
const FORWARD = (place: RootPlace): Comb => [place.x * 3, -0.3 - (1 - place.top), 0.9];

/** What each style's locks do. Bald heads have a wreath or nothing. */
export const STYLE_SHEETS: Readonly<Record<Exclude<HairStyle, 'bald'>, StyleSheet>> = {
  receding: {
    locks: 1100,
    width: 0.0045,
    bluntness: 0.2,
    shine: 0.6,
    plan: shortPlan({ top: 0.028, side: 0.02 }, (p) => [p.x * 2, -1, -0.6], {
      lift: 0.18,
      height: 0.005,
      stick: 0.7,
    }),
  },
  buzz: {
    locks: 3400,
    width: 0.001,
    bluntness: 0.5,
    shine: 0.3,
    plan: shortPlan({ top: 0.006, side: 0.0035 }, (p) => [p.x * 2, -0.6, 0.4], {
      lift: 0.3,
      height: 0.0006,
      stick: 0,
    }),
  },
  crew: {
    locks: 1900,
    width: 0.0042,
    bluntness: 0.15,
    shine: 0.6,
    plan: shortPlan({ top: 0.036, side: 0.011 }, FORWARD, { lift: 0.42, height: 0.007, stick: 0.35 }),
  },
  sidePart: {
    locks: 1700,
    width: 0.006,
    bluntness: 0.1,
    shine: 0.9,
    plan: shortPlan({ top: 0.085, side: 0.022 }, (p, hair) => partedComb(p, hair, 0.25), {
      lift: 0.3,
      height: 0.013,
      stick: 0.75,
    }),
  },
  sweptBack: {
    locks: 1700,
    width: 0.006,
    bluntness: 0.1,
    shine: 1,
    plan: shortPlan({ top: 0.1, side: 0.035 }, (p) => [p.x * 2.5, back[1] - 0.5 * (1 - p.top), back[2]], {
      lift: 0.36,
      height: 0.014,
      stick: 0.8,
    }),
  },
  messy: {
    locks: 1700,
    width: 0.006,
    bluntness: 0,
    shine: 0.7,
    plan: shortPlan(
      { top: 0.062, side: 0.028 },
      (p, hair) => [p.x * 4 + Math.sin(p.z * 90 + hair.parting * 9), -0.35, 0.55 * Math.cos(p.x * 80)],
      { lift: 0.45, height: 0.015, stick: 0.55 },
    ),
  },
  pixie: {
    locks: 1800,
    width: 0.006,
    bluntness: 0.05,
    shine: 0.9,
    plan: shortPlan(
      { top: 0.085, side: 0.045 },
      (p, hair) =>
        p.azimuth < 1 ? [-Math.sign(hair.parting) * 0.8 + p.x * 3, -0.4, 0.55] : [p.x * 2, -1, -0.2],
      { lift: 0.28, height: 0.012, stick: 0.85 },
    ),
  },
  bob: {
    locks: 1500,
    width: 0.009,
    bluntness: 0.75,
    shine: 1,
    plan: longPlan(-0.085, 0.02, { reach: 0.007, period: 0.12 }),
  },
  longStraight: {
    locks: 1600,
    width: 0.009,
    bluntness: 0.5,
    shine: 1,
    plan: longPlan(-0.2, 0.016, { reach: 0.005, period: 0.16 }),
  },
  wavy: {
    locks: 1700,
    width: 0.009,
    bluntness: 0.2,
    shine: 0.85,
    plan: longPlan(-0.17, 0.026, { reach: 0.022, period: 0.075 }),
  },
  curly: {
    locks: 1000,
    width: 0.011,
    bluntness: 0.1,
    shine: 0.6,
    plan: longPlan(-0.11, 0.036, { reach: 0.018, period: 0.045 }),
  },
  afro: { locks: 2600, width: 0.0055, bluntness: 0.3, shine: 0.25, plan: ballPlan(0.058) },
  ponytail: { locks: 1500, width: 0.0065, bluntness: 0.3, shine: 1, plan: tiedPlan(TIE.high) },
  bun: { locks: 1500, width: 0.0065, bluntness: 0.3, shine: 0.9, plan: tiedPlan(TIE.high) },
};
