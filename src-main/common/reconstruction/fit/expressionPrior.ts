import { ARKIT_CHANNELS, channelIndex } from '#common/head/arkitChannels';
import type { ArkitChannel } from '#common/head/arkitChannels';

/**
 * What is known of expressions before looking: they are sparse (a price per unit of weight), some channels
 * look nearly alike in a picture (a higher price, so that the plain explanation wins), and left and right
 * mostly move together. Weights live in [0, 1].
 *
 *   cost(w) = sum_c price_c w_c + 0.5 sum_pairs ((w_a - w_b) / spread)^2
 */
export interface ExpressionPrior {
  /** 52 prices, in the unit of half a squared standard deviation. */
  readonly price: Float64Array;
  readonly pairs: readonly { readonly a: number; readonly b: number; readonly spread: number }[];
}

const PLAIN_PRICE = 0.35;

/** Channels that points barely see, or that others imitate. */
const DEAR: Readonly<Partial<Record<ArkitChannel, number>>> = {
  browInnerUp: 0.8, browOuterUpLeft: 0.8, browOuterUpRight: 0.8, browDownLeft: 0.6, browDownRight: 0.6,
  eyeSquintLeft: 0.4, eyeSquintRight: 0.4, cheekSquintLeft: 2, cheekSquintRight: 2, cheekPuff: 2.5,
  jawForward: 2.5, jawLeft: 1, jawRight: 1, mouthClose: 2, mouthDimpleLeft: 1.5, mouthDimpleRight: 1.5,
  mouthPressLeft: 1.5, mouthPressRight: 1.5, mouthRollLower: 1.25, mouthRollUpper: 1.25, mouthShrugLower: 1.25,
  mouthShrugUpper: 1.5, mouthStretchLeft: 1.5, mouthStretchRight: 1.5, noseSneerLeft: 1.5, noseSneerRight: 1.5,
  mouthLeft: 1, mouthRight: 1, tongueOut: 20,
}; // prettier-ignore

/** Keeps opposite looks from both rising to shrink an iris that seems small. */
const GAZE_PRICE = 2;

/** How far the two sides differ, one standard deviation. */
const SIDE_SPREAD = 0.18;

/** Both eyes look the same way, but for converging a little. */
const GAZE_SPREAD = 0.07;

export const EXPRESSION_PRIOR: ExpressionPrior = buildPrior();

function buildPrior(): ExpressionPrior {
  const price = Float64Array.from(ARKIT_CHANNELS, (name) =>
    name.startsWith('eyeLook') ? GAZE_PRICE : (DEAR[name] ?? PLAIN_PRICE),
  );
  const pairs: { a: number; b: number; spread: number }[] = [];
  for (const name of ARKIT_CHANNELS) {
    if (!name.endsWith('Left') || name === 'jawLeft' || name === 'mouthLeft') continue;
    const other = partner(name);
    const spread = name.startsWith('eyeLook') ? GAZE_SPREAD : SIDE_SPREAD;
    pairs.push({ a: channelIndex(name), b: channelIndex(other), spread });
  }
  return { price, pairs };
}

/** The channel on the other side that moves with this one: looking in with one eye is looking out with the other. */
function partner(name: ArkitChannel): ArkitChannel {
  const mirrored = name.replace(/Left$/, 'Right');
  const swapped = mirrored.startsWith('eyeLookIn')
    ? mirrored.replace('In', 'Out')
    : mirrored.replace('eyeLookOut', 'eyeLookIn');
  return swapped as ArkitChannel;
}
