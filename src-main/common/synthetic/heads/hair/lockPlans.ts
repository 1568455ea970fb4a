import type { SeededRandom } from '#common/math/seededRandom';
import { smoothStep } from '#common/math/smoothStep';
import type { HairRecipe, HairStyle } from '#common/synthetic/heads/identityRecipe';
import type { LockPlan } from '#common/synthetic/heads/hair/growLock';
import type { StrandKind } from '#common/synthetic/heads/hair/strandSheet';
import { norm3, portableCosine, portableSine } from '#common/math/portableMath';

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

/** A layer of locks of one style. */
export interface LockLayer {
  /** Locks of a whole scalp. */
  readonly locks: number;
  /** Metres. */
  readonly width: number;
  /** Where in the hair's thickness they lie, 0 on the skin, 1 outside. */
  readonly depth: readonly [number, number];
  readonly strands: readonly StrandKind[];
  /** Against the plan's length. */
  readonly length?: number;
  /** Roots above this height on the mean head, metres. */
  readonly lowest?: number;
  /** Ends this much above where others are cut, metres. */
  readonly raised?: number;
  /** At most so many steps a lock. */
  readonly steps?: number;
}

export interface StyleSheet {
  /** Opaque ground, hidden under the others. */
  readonly base?: LockLayer;
  readonly outer: LockLayer;
  /** Fine hair at the hairline, twice as dense there. */
  readonly edge: LockLayer;
  readonly bluntness: number;
  readonly shine: number;
  /** Has a line from which hair falls to both sides. */
  readonly isParted?: boolean;
  readonly plan: (place: RootPlace, hair: HairRecipe, draw: LockDraw) => LockPlan;
}

/** What differs from lock to lock. */
export interface LockDraw {
  readonly random: SeededRandom;
  /** Place in the hair's thickness, [0, 1]. */
  readonly depth: number;
  /** Smooth noise over the scalp, [-1, 1]: what neighbours share. */
  readonly flow: readonly [number, number, number];
}

type Comb = readonly [number, number, number];

const NEVER = -1;

/** Where ponytails and buns are tied, metres; the crown and the nape are its ends. */
export const TIE = { high: [0, 0.075, -0.095], low: [0, -0.02, -0.115] } as const;

/** Waves for a recipe's curl: `reach` metres at full curl. Neighbours swing together. */
function waves(
  hair: HairRecipe,
  { random, flow }: LockDraw,
  reach: number,
  period: number,
): LockPlan['wave'] {
  return {
    amplitude: reach * (period === TIGHT ? Math.max(0.75, hair.curl) : hair.curl) * random.between(0.8, 1.15),
    period: period * random.between(0.93, 1.07),
    phase: 4 * flow[2] + 0.5 * random.normal(),
    isHelix: hair.curl > 0.55 || period === TIGHT,
  };
}

/** Away from the parting: sideways, and a little back. */
function partedComb({ x, y, z }: RootPlace, hair: HairRecipe, forward: number): Comb {
  const line = partingAt(hair, z);
  const side = x > line ? 1 : -1;
  const distance = Math.min(1, Math.abs(x - line) / 0.02);
  const onTop = smoothStep(0.045, 0.09, y);
  return [
    side * (0.35 + 0.65 * distance) * onTop + Math.sign(x) * (1 - onTop) * 0.15,
    -(1 - onTop),
    forward * onTop * (z > 0.02 ? 1 : 0.4) - 0.25 * (1 - onTop),
  ];
}

/** Where the parting runs, metres to the left of the middle. */
export function partingAt(hair: HairRecipe, z: number): number {
  return hair.parting * (0.04 + 0.006 * smoothStep(-0.04, 0.06, z));
}

function jitter(comb: Comb, hair: HairRecipe, { random, flow }: LockDraw, size = 0.35): Comb {
  const together = size * (0.5 + 1.6 * hair.tousle);
  const alone = size * (0.12 + 0.35 * hair.tousle);
  return [
    comb[0] + together * flow[0] + alone * random.normal(),
    comb[1] + alone * random.normal() * 0.6,
    comb[2] + together * flow[1] + alone * random.normal(),
  ];
}

/** Height over the skin in a layer of hair of some thickness. */
function layer(hair: HairRecipe, { depth, flow }: LockDraw, thickness: number): number {
  return 0.001 + thickness * hair.volume * (depth + 0.12 * flow[2] * depth);
}

/** Locks over the forehead end above the brows. */
const ABOVE_BROWS = 0.064;

function shortPlan(
  lengths: { readonly top: number; readonly side: number },
  comb: (place: RootPlace, hair: HairRecipe) => Comb,
  shape: { readonly lift: number; readonly height: number; readonly stick: number },
) {
  return (place: RootPlace, hair: HairRecipe, draw: LockDraw): LockPlan => {
    const { random } = draw;
    const length =
      (lengths.side + (lengths.top - lengths.side) * smoothStep(0.15, 0.75, place.top)) * hair.length;
    return {
      comb: jitter(comb(place, hair), hair, draw),
      lift: shape.lift * (0.4 + 0.6 * place.top) * Math.sqrt(hair.volume) * random.between(0.7, 1.3),
      length: length * random.between(0.75, 1.15),
      height: layer(hair, draw, shape.height * (0.25 + 0.75 * place.top)),
      gravity: 0.25,
      stick: shape.stick,
      cutY: place.azimuth < 0.95 && place.z > 0 ? ABOVE_BROWS + 0.006 * random.normal() : NEVER,
      faceEdge: place.top < 0.4 ? 1.05 : 0,
      steps: lengths.top < 0.01 ? 2 : lengths.top < 0.05 ? 5 : 8,
      wave: waves(hair, draw, lengths.top < 0.05 ? 0.002 : 0.005, 0.05),
    };
  };
}

/** Wave length of curls, metres: they have no fringe. */
const TIGHT = 0.062;

/** Down all around, to a length; the front goes to the sides or, as a fringe, to the brows. */
function longPlan(cut: number, thickness: number, wave: { readonly reach: number; readonly period: number }) {
  return (place: RootPlace, hair: HairRecipe, draw: LockDraw): LockPlan => {
    const { random } = draw;
    const isFringe =
      hair.fringe > 0 &&
      wave.period !== TIGHT &&
      place.azimuth < 0.72 + 0.15 * draw.flow[0] + 0.06 * random.normal() &&
      place.z > 0.03 &&
      place.y > 0.06;
    if (isFringe) return fringePlan(place, hair, draw);
    const low = cut * hair.length + 0.012 * random.normal() + (cut < -0.1 ? 0.02 * random.normal() : 0);
    const comb = partedComb(place, hair, place.z > 0.05 ? -0.4 : 0);
    return {
      comb: jitter(comb, hair, draw, 0.12),
      lift: 0.16 * smoothStep(0.6, 1, place.top) + 0.08,
      length: Math.max(0.09, place.y + 0.06 - low) * 1.12,
      height: layer(hair, draw, thickness * (0.6 + 0.4 * place.top)),
      gravity: 0.75,
      stick: 0.9 - 0.35 * hair.curl,
      cutY: low,
      steps: wave.period === TIGHT ? 15 : hair.curl > 0.3 && wave.reach > 0.008 ? 13 : 9,
      faceEdge: 1.0 + 0.05 * random.normal() + (hair.fringe > 0 ? 0.04 : 0),
      wave: waves(hair, draw, wave.reach, wave.period),
    };
  };
}

/** Ends over the brows, never over the eyes. */
function fringePlan(place: RootPlace, hair: HairRecipe, draw: LockDraw): LockPlan {
  const { random } = draw;
  const end = 0.053 + 0.004 * random.normal() + 0.015 * (1 - hair.fringe);
  const sweep = hair.parting > 0 ? -1 : 1;
  return {
    comb: [0.35 * sweep * (1 - hair.fringe) + place.x * 4 + 0.1 * random.normal(), -0.6, 1],
    lift: 0.25,
    length: (place.y - end + 0.035) * 1.15,
    height: layer(hair, draw, 0.011),
    gravity: 0.7,
    stick: 0.75,
    cutY: end,
    faceEdge: 0,
    wave: waves(hair, draw, 0.002, 0.07),
  };
}

/** Back to a tie. */
function tiedPlan(goal: Comb): StyleSheet['plan'] {
  return (place, hair, draw) => {
    const distance = norm3(place.x - goal[0], place.y - goal[1], place.z - goal[2]);
    return {
      comb: [goal[0] - place.x, goal[1] - place.y + 0.02, goal[2] - place.z],
      lift: 0.05,
      length: distance * 1.35,
      height: layer(hair, draw, 0.007),
      gravity: 0,
      stick: 1,
      cutY: NEVER,
      faceEdge: 0,
      wave: waves(hair, draw, 0.0025, 0.06),
      goal,
    };
  };
}

const back: Comb = [0, 0.1, -1];
const FORWARD = (place: RootPlace): Comb => [place.x * 3, -0.3 - (1 - place.top), 0.9];

/** The three layers of short hair. */
function shortLayers(outer: number, width: number): Pick<StyleSheet, 'base' | 'outer' | 'edge'> {
  return {
    base: { locks: 200, width: width * 1.6, depth: [0.15, 0.35], strands: ['full'], length: 0.8, steps: 4, lowest: 0.035, raised: 0.012 },
    outer: { locks: outer, width, depth: [0.3, 1], strands: ['full', 'medium', 'medium', 'sparse'] },
    edge: { locks: 260, width: width * 0.8, depth: [0.1, 0.5], strands: ['medium', 'sparse', 'short'], length: 0.65, steps: 4 },
  };
} // prettier-ignore

function longLayers(
  kinds: LockLayer['strands'],
  base: StrandKind,
): Pick<StyleSheet, 'base' | 'outer' | 'edge'> {
  return {
    base: {
      locks: 210,
      width: 0.026,
      depth: [0.1, 0.45],
      strands: [base],
      length: 0.9,
      steps: 6,
      raised: 0.014,
    },
    outer: { locks: 340, width: 0.017, depth: [0.4, 1], strands: kinds },
    edge: { locks: 170, width: 0.012, depth: [0.1, 0.7], strands: kinds.slice(1, 4), length: 0.9, steps: 8 },
  };
}

const TIED: Pick<StyleSheet, 'base' | 'outer' | 'edge'> = {
  base: { locks: 160, width: 0.024, depth: [0.1, 0.4], strands: ['full'], length: 0.95, steps: 6 },
  outer: { locks: 300, width: 0.013, depth: [0.4, 1], strands: ['full', 'medium'] },
  edge: { locks: 280, width: 0.01, depth: [0.2, 0.8], strands: ['full', 'medium', 'sparse'], length: 1, steps: 6 },
}; // prettier-ignore

const STRAIGHT: LockLayer['strands'] = ['full', 'medium', 'medium', 'sparse', 'wisp'];
const CURLED: LockLayer['strands'] = ['curlFull', 'curlMedium', 'curlMedium', 'curlSparse'];

/** Styles whose locks lie one over another; the others are shells (`scalpShell`) and volumes (`curlVolume`). */
export type LockStyleName = Exclude<HairStyle, 'bald' | 'receding' | 'buzz' | 'afro'>;

/** What each style's locks do. */
export const STYLE_SHEETS: Readonly<Record<LockStyleName, StyleSheet>> = {
  crew: {
    outer: { locks: 800, width: 0.0085, depth: [0.2, 1], strands: ['medium', 'medium', 'sparse', 'short'] },
    edge: {
      locks: 200,
      width: 0.007,
      depth: [0.1, 0.5],
      strands: ['sparse', 'short'],
      length: 0.8,
      steps: 4,
    },
    bluntness: 0.7,
    shine: 0.5,
    plan: shortPlan({ top: 0.03, side: 0.011 }, FORWARD, { lift: 0.42, height: 0.007, stick: 0.5 }),
  },
  sidePart: {
    isParted: true,
    ...shortLayers(520, 0.011),
    bluntness: 0.4,
    shine: 0.9,
    plan: shortPlan({ top: 0.085, side: 0.024 }, (p, hair) => partedComb(p, hair, 0.25), {
      lift: 0.3,
      height: 0.012,
      stick: 0.75,
    }),
  },
  sweptBack: {
    ...shortLayers(520, 0.011),
    bluntness: 0.4,
    shine: 1,
    plan: shortPlan({ top: 0.1, side: 0.036 }, (p) => [p.x * 2.5, back[1] - 0.5 * (1 - p.top), back[2]], {
      lift: 0.36,
      height: 0.014,
      stick: 0.8,
    }),
  },
  messy: {
    ...shortLayers(560, 0.011),
    bluntness: 0.2,
    shine: 0.7,
    plan: shortPlan(
      { top: 0.062, side: 0.03 },
      (p, hair) => [
        p.x * 4 + portableSine(p.z * 60 + hair.parting * 9),
        -0.35,
        0.55 * portableCosine(p.x * 50),
      ],
      { lift: 0.42, height: 0.014, stick: 0.6 },
    ),
  },
  pixie: {
    ...shortLayers(540, 0.012),
    bluntness: 0.3,
    shine: 0.9,
    plan: shortPlan(
      { top: 0.085, side: 0.045 },
      (p, hair) =>
        p.azimuth < 1 ? [-Math.sign(hair.parting) * 0.8 + p.x * 3, -0.4, 0.55] : [p.x * 2, -1, -0.2],
      { lift: 0.28, height: 0.012, stick: 0.85 },
    ),
  },
  bob: {
    isParted: true,
    ...longLayers(STRAIGHT, 'full'),
    bluntness: 0.9,
    shine: 1,
    plan: longPlan(-0.085, 0.02, { reach: 0.007, period: 0.12 }),
  },
  longStraight: {
    isParted: true,
    ...longLayers(STRAIGHT, 'full'),
    bluntness: 0.6,
    shine: 1,
    plan: longPlan(-0.2, 0.018, { reach: 0.006, period: 0.16 }),
  },
  wavy: {
    isParted: true,
    ...longLayers(STRAIGHT, 'full'),
    bluntness: 0.4,
    shine: 0.85,
    plan: longPlan(-0.17, 0.026, { reach: 0.014, period: 0.1 }),
  },
  curly: {
    isParted: true,
    ...longLayers(CURLED, 'curlFull'),
    outer: { locks: 330, width: 0.013, depth: [0.35, 1], strands: CURLED, steps: 15 },
    bluntness: 0.5,
    shine: 0.5,
    plan: longPlan(-0.1, 0.036, { reach: 0.013, period: TIGHT }),
  },
  ponytail: { ...TIED, bluntness: 0.6, shine: 1, plan: tiedPlan(TIE.high) },
  bun: { ...TIED, bluntness: 0.6, shine: 0.9, plan: tiedPlan(TIE.high) },
};
