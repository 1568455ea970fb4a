import { ARKIT_CHANNELS, channelIndex } from '#common/head/arkitChannels';
import type { ArkitChannel } from '#common/head/arkitChannels';
import { portableLog, squared } from '#common/math/portableMath';

/**
 * What is known of expressions before looking. They are sparse: weight costs, above all the first of it, so
 * that a channel is either at rest or worth having (a concave price, which hardly shrinks what is really
 * there). Channels that look alike in a picture, or that a person's build imitates, cost more. Left and right
 * mostly move together, muscles do not pull against each other, and lips are closed over an open jaw only.
 *
 *   cost(w) = sum_c price_c s log(1 + w_c / s) + 0.5 sum_c (w_c / curb)^2
 *           + 0.5 sum_pairs ((w_a - w_b) / spread)^2 + RIVALRY sum_rivals w_a w_b
 *           + 0.5 (max(0, mouthClose - jawOpen) / slack)^2
 */
const PLAIN_PRICE = 0.35;

/** s: weight by which a channel has paid most of its price. */
const PRICE_SCALE = 0.3;

/** Channels that points barely see, or that others imitate. */
const DEAR: Readonly<Partial<Record<ArkitChannel, number>>> = {
  browInnerUp: 2.5, browOuterUpLeft: 2.5, browOuterUpRight: 2.5, browDownLeft: 1.5, browDownRight: 1.5,
  eyeSquintLeft: 0.6, eyeSquintRight: 0.6, 
  cheekSquintLeft: 3, cheekSquintRight: 3, cheekPuff: 4,
  jawForward: 2.5, jawLeft: 3, jawRight: 3, mouthClose: 3, mouthDimpleLeft: 3, mouthDimpleRight: 3,
  mouthPressLeft: 1.5, mouthPressRight: 1.5, mouthRollLower: 2, mouthRollUpper: 2, mouthShrugLower: 2.5,
  mouthShrugUpper: 3, mouthStretchLeft: 3, mouthStretchRight: 3, noseSneerLeft: 3, noseSneerRight: 3,
  mouthLeft: 3, mouthRight: 3, tongueOut: 20,
}; // prettier-ignore

/** Channels that a smile imitates: more weight of them is no more believable than little. */
const EVEN_PRICE = /^mouthDimple|^mouthPress|^jawForward/;

/** Keeps opposite looks from both rising to shrink an iris that seems small. */
const GAZE_PRICE = 2;

/** Curbs weights beyond their price, so that two alike channels share instead of fighting; standard deviation. */
const CURB = 1.2;

/** How far the two sides differ, one standard deviation. */
const SIDE_SPREAD = 0.18;

/** Both eyes look the same way, but for converging a little. */
const GAZE_SPREAD = 0.07;

/** Channels of which at most one is active; 'Side' stands for Left and Right. */
const RIVALS: readonly (readonly [string, string])[] = [
  ['eyeBlinkSide', 'eyeWideSide'],
  ['eyeLookUpSide', 'eyeLookDownSide'],
  ['eyeLookInSide', 'eyeLookOutSide'],
  ['browDownSide', 'browOuterUpSide'],
  ['mouthSmileSide', 'mouthFrownSide'],
  ['mouthStretchSide', 'mouthPucker'],
  ['mouthUpperUpSide', 'mouthShrugUpper'],
  ['mouthLowerDownSide', 'mouthShrugLower'],
  ['jawLeft', 'jawRight'],
  ['mouthLeft', 'mouthRight'],
  ['jawLeft', 'mouthRight'],
  ['jawRight', 'mouthLeft'],
];

const RIVALRY = 12;

const JAW = channelIndex('jawOpen');
const CLOSE = channelIndex('mouthClose');

/** How far mouthClose may exceed jawOpen, one standard deviation. */
const CLOSE_SLACK = 0.02;

interface Pair {
  readonly a: number;
  readonly b: number;
}

const PRICES = Float64Array.from(ARKIT_CHANNELS, (name) =>
  name.startsWith('eyeLook') ? GAZE_PRICE : (DEAR[name] ?? PLAIN_PRICE),
);
const SCALES = Float64Array.from(ARKIT_CHANNELS, (name) => (EVEN_PRICE.test(name) ? 10 : PRICE_SCALE));
const SIDES: readonly (Pair & { readonly pull: number })[] = listSides();
const RIVAL_PAIRS: readonly Pair[] = listRivals();

/** Cost of 52 weights, in the unit of half a squared standard deviation. */
export function expressionCost(weights: ArrayLike<number>): number {
  let cost = 0;
  for (let c = 0; c < PRICES.length; c++) {
    const w = weights[c];
    const scale = SCALES[c];
    cost += PRICES[c] * scale * portableLog(1 + w / scale) + 0.5 * squared(w / CURB);
  }
  for (const { a, b, pull } of SIDES) cost += 0.5 * pull * squared(weights[a] - weights[b]);
  for (const { a, b } of RIVAL_PAIRS) cost += RIVALRY * weights[a] * weights[b];
  return cost + 0.5 * squared(Math.max(0, weights[CLOSE] - weights[JAW]) / CLOSE_SLACK);
}

/**
 * Adds the gradient of `expressionCost` and the part of its curvature that is positive; the weights are the
 * last 52 of `size` step variables. `hessian` is size * size.
 */
export function addExpressionPrior(
  weights: ArrayLike<number>,
  hessian: Float64Array,
  gradient: Float64Array,
  size: number,
): void {
  const first = size - PRICES.length;
  const tie = (a: number, b: number, pull: number): void => {
    const [i, j] = [first + a, first + b];
    hessian[i * size + i] += pull;
    hessian[j * size + j] += pull;
    hessian[i * size + j] -= pull;
    hessian[j * size + i] -= pull;
    gradient[i] += pull * (weights[a] - weights[b]);
    gradient[j] -= pull * (weights[a] - weights[b]);
  };
  for (let c = 0; c < PRICES.length; c++) {
    hessian[(first + c) * (size + 1)] += 1 / squared(CURB);
    gradient[first + c] += PRICES[c] / (1 + weights[c] / SCALES[c]) + weights[c] / squared(CURB);
  }
  for (const { a, b, pull } of SIDES) tie(a, b, pull);
  for (const { a, b } of RIVAL_PAIRS) {
    gradient[first + a] += RIVALRY * weights[b];
    gradient[first + b] += RIVALRY * weights[a];
  }
  if (weights[CLOSE] > weights[JAW]) tie(CLOSE, JAW, 1 / squared(CLOSE_SLACK));
}

function listSides(): (Pair & { pull: number })[] {
  const sides: (Pair & { pull: number })[] = [];
  for (const name of ARKIT_CHANNELS) {
    if (!name.endsWith('Left') || name === 'jawLeft' || name === 'mouthLeft') continue;
    const spread = name.startsWith('eyeLook') ? GAZE_SPREAD : SIDE_SPREAD;
    sides.push({ a: channelIndex(name), b: channelIndex(partner(name)), pull: 1 / squared(spread) });
  }
  return sides;
}

function listRivals(): Pair[] {
  return RIVALS.flatMap(([first, second]) => {
    const sides = first.endsWith('Side') ? ['Left', 'Right'] : [''];
    return sides.map((side) => {
      const [a, b] = [first, second].map((name) => channelIndex(name.replace(/Side$/, side) as ArkitChannel));
      return { a, b };
    });
  });
}

/** The channel on the other side that moves with this one: looking in with one eye is looking out with the other. */
function partner(name: ArkitChannel): ArkitChannel {
  const mirrored = name.replace(/Left$/, 'Right');
  const swapped = mirrored.startsWith('eyeLookIn')
    ? mirrored.replace('In', 'Out')
    : mirrored.replace('eyeLookOut', 'eyeLookIn');
  return swapped as ArkitChannel;
}
