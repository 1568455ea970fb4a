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

const PLAIN_PRICE = 0.6;

/** Channels that points barely see, or that others imitate. */
const DEAR: Readonly<Partial<Record<ArkitChannel, number>>> = {
  eyeSquintLeft: 2, eyeSquintRight: 2, cheekSquintLeft: 4, cheekSquintRight: 4, cheekPuff: 5,
  jawForward: 5, jawLeft: 2, jawRight: 2, mouthClose: 4, mouthDimpleLeft: 3, mouthDimpleRight: 3,
  mouthPressLeft: 3, mouthPressRight: 3, mouthRollLower: 2.5, mouthRollUpper: 2.5, mouthShrugLower: 2.5,
  mouthShrugUpper: 3, mouthStretchLeft: 2, mouthStretchRight: 2, noseSneerLeft: 3, noseSneerRight: 3,
  mouthLeft: 2, mouthRight: 2, tongueOut: 20,
}; // prettier-ignore

/** Gaze is not an effort. */
const GAZE_PRICE = 0.1;

/** How far the two sides differ, one standard deviation. */
const SIDE_SPREAD = 0.25;

/** Both eyes look the same way, but for converging a little. */
const GAZE_SPREAD = 0.12;

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
