import { ARKIT_CHANNELS, channelIndex } from '#common/head/arkitChannels';
import type { ArkitChannel } from '#common/head/arkitChannels';
import type { SeededRandom } from '#common/math/seededRandom';
import type { HeadRotations } from '#common/synthetic/heads/syntheticHead';

/** What a face does, after what people do in photographs and video rather than uniformly. */
export const EXPRESSION_KINDS = ['smile', 'speech', 'eyes', 'channels', 'emotion', 'neutral'] as const;
export type ExpressionKind = (typeof EXPRESSION_KINDS)[number];

export interface SampledExpression {
  readonly kind: ExpressionKind;
  /** 52 weights in [0, 1], ARKIT_CHANNELS order: the label. */
  readonly weights: Float32Array;
  /** Turns of head and neck against the shoulders. */
  readonly rotations: HeadRotations;
}

type Mix = Partial<Record<ArkitChannel, number>>;

/**
 * Shares of the kinds, after portraits of people: two fifths with closed lips, half with teeth between lips 0.12 to 0.3 eye distances
 * apart, hardly any between; the wider the mouth the more open. Without that, mouths are learnt wrongly.
 */
const SHARES: readonly (readonly [ExpressionKind, number])[] = [
  ['smile', 0.62], ['speech', 0.09], ['eyes', 0.06], ['channels', 0.06], ['emotion', 0.05], ['neutral', 0.12],
]; // prettier-ignore

/** Draws an expression with gaze, blink state and a turn of the head. */
export function sampleExpression(
  random: SeededRandom,
  kind: ExpressionKind = drawKind(random),
): SampledExpression {
  const weights = new Float32Array(ARKIT_CHANNELS.length);
  switch (kind) {
    case 'smile':
      addSmile(random, weights);
      break;
    case 'speech':
      addSpeech(random, weights);
      break;
    case 'eyes':
      addEyes(random, weights);
      break;
    case 'channels':
      addChannels(random, weights);
      break;
    case 'emotion':
      add(weights, EMOTIONS[random.integer(EMOTIONS.length)], random.between(0.45, 1));
      break;
    case 'neutral':
      break;
  }
  addLife(random, weights, kind);
  settle(weights);
  return { kind, weights, rotations: sampleRotations(random) };
}

function drawKind(random: SeededRandom): ExpressionKind {
  let at = random.uniform();
  for (const [kind, share] of SHARES) {
    at -= share;
    if (at < 0) return kind;
  }
  return 'neutral';
}

function add(weights: Float32Array, mix: Mix, gain: number): void {
  for (const [channel, value] of Object.entries(mix))
    weights[channelIndex(channel as ArkitChannel)] += gain * value;
}

/** Adds to both sides of a pair, never quite evenly. */
function addPair(random: SeededRandom, weights: Float32Array, left: ArkitChannel, value: number): void {
  const lean = random.normal() * 0.1;
  weights[channelIndex(left)] += value * (1 + lean);
  weights[channelIndex(left.replace(/Left$/, 'Right') as ArkitChannel)] += value * (1 - lean);
}

/** Of smiles, how many part the lips. */
const TOOTHY_SHARE = 0.75;

/** Of those, how many are laughs with a dropped jaw. */
const LAUGH_SHARE = 0.12;

/** Closed to toothy; strong ones reach the cheeks and lids (Duchenne), and some are crooked. */
function addSmile(random: SeededRandom, weights: Float32Array): void {
  const isToothy = random.uniform() < TOOTHY_SHARE;
  const strength = isToothy ? random.between(0.5, 1) : random.between(0.1, 0.55);
  addPair(random, weights, 'mouthSmileLeft', strength);
  addPair(random, weights, 'cheekSquintLeft', strength * random.between(0.25, 0.9));
  addPair(random, weights, 'eyeSquintLeft', strength * random.between(0.1, 0.75));
  addPair(random, weights, 'mouthDimpleLeft', 0.3 * strength * random.uniform());
  if (isToothy) addParting(random, weights, strength);
  else addPair(random, weights, 'mouthPressLeft', 0.25 * random.uniform());
  if (random.uniform() < 0.1) {
    const weaker = random.uniform() < 0.5 ? 'mouthSmileLeft' : 'mouthSmileRight';
    weights[channelIndex(weaker)] *= random.between(0.25, 0.7);
  }
  if (random.uniform() < 0.3)
    add(weights, { browInnerUp: 0.3, browOuterUpLeft: 0.25, browOuterUpRight: 0.25 }, random.uniform());
}

/** Lips leave the teeth, both of them; the jaw helps little but in laughs, so that teeth fill the gap. The broader, the more. */
function addParting(random: SeededRandom, weights: Float32Array, strength: number): void {
  const parting = (0.25 + 0.95 * strength) * random.between(0.82, 1.14);
  addPair(random, weights, 'mouthUpperUpLeft', Math.min(1, parting * random.between(0.85, 1.1)));
  addPair(random, weights, 'mouthLowerDownLeft', Math.min(1, parting * random.between(0.5, 0.95)));
  addPair(random, weights, 'mouthStretchLeft', parting * random.between(0, 0.2));
  const isLaugh = random.uniform() < LAUGH_SHARE;
  const jaw = isLaugh ? random.between(0.35, 0.62) : random.between(0.04, 0.26);
  weights[channelIndex('jawOpen')] += Math.min(0.68, parting * jaw);
}

/** Mouth shapes of speech: open vowels, rounded and spread ones, closures, lips on teeth. */
const VISEMES: readonly Mix[] = [
  { jawOpen: 0.45, mouthLowerDownLeft: 0.2, mouthLowerDownRight: 0.2 },
  { jawOpen: 0.28, mouthStretchLeft: 0.2, mouthStretchRight: 0.2, mouthSmileLeft: 0.15, mouthSmileRight: 0.15 },
  { jawOpen: 0.12, mouthStretchLeft: 0.3, mouthStretchRight: 0.3, mouthUpperUpLeft: 0.2, mouthUpperUpRight: 0.2, mouthLowerDownLeft: 0.25, mouthLowerDownRight: 0.25 },
  { jawOpen: 0.25, mouthFunnel: 0.65 },
  { jawOpen: 0.1, mouthPucker: 0.7, mouthFunnel: 0.15 },
  { mouthPressLeft: 0.4, mouthPressRight: 0.4, mouthRollLower: 0.25, mouthRollUpper: 0.2 },
  { jawOpen: 0.06, mouthRollLower: 0.45, mouthUpperUpLeft: 0.3, mouthUpperUpRight: 0.3 },
  { jawOpen: 0.16, mouthLowerDownLeft: 0.3, mouthLowerDownRight: 0.3, mouthUpperUpLeft: 0.2, mouthUpperUpRight: 0.2 },
  { jawOpen: 0.3, mouthClose: 0.22, mouthShrugLower: 0.2 },
]; // prettier-ignore

function addSpeech(random: SeededRandom, weights: Float32Array): void {
  const first = VISEMES[random.integer(VISEMES.length)];
  const second = VISEMES[random.integer(VISEMES.length)];
  const t = random.uniform();
  const gain = random.between(0.6, 1.3);
  add(weights, first, gain * (1 - t));
  add(weights, second, gain * t);
  if (random.uniform() < 0.4) addPair(random, weights, 'mouthSmileLeft', random.between(0.05, 0.4));
  if (random.uniform() < 0.45)
    add(weights, { browInnerUp: 0.5, browOuterUpLeft: 0.4, browOuterUpRight: 0.4 }, random.uniform());
  else if (random.uniform() < 0.3) addPair(random, weights, 'browDownLeft', random.between(0.1, 0.5));
}

/** Blinks, winks, squints and wide eyes with a quiet mouth. */
function addEyes(random: SeededRandom, weights: Float32Array): void {
  const what = random.uniform();
  if (what < 0.55)
    addPair(random, weights, 'eyeBlinkLeft', random.uniform() < 0.5 ? 1 : random.between(0.25, 1));
  else if (what < 0.65) {
    const side = random.uniform() < 0.5 ? 'Left' : 'Right';
    add(
      weights,
      { [`eyeBlink${side}`]: 1, [`cheekSquint${side}`]: 0.5, [`mouthSmile${side}`]: 0.3 },
      random.between(0.8, 1),
    );
  } else if (what < 0.85) {
    addPair(random, weights, 'eyeSquintLeft', random.between(0.3, 1));
    addPair(random, weights, 'browDownLeft', random.between(0, 0.6));
  } else {
    addPair(random, weights, 'eyeWideLeft', random.between(0.3, 1));
    add(weights, { browInnerUp: 0.6, browOuterUpLeft: 0.5, browOuterUpRight: 0.5 }, random.uniform());
  }
}

/** Channels that would only pull a face if drawn evenly. */
const RARE = new Set<ArkitChannel>([
  'tongueOut',
  'jawForward',
  'jawLeft',
  'jawRight',
  'cheekPuff',
  'mouthLeft',
  'mouthRight',
]);

/** Two to six channels at random, so that none is never seen. */
function addChannels(random: SeededRandom, weights: Float32Array): void {
  const count = 2 + random.integer(5);
  for (let k = 0; k < count; k++) {
    const channel = ARKIT_CHANNELS[random.integer(ARKIT_CHANNELS.length)];
    const strength = random.between(0.2, 0.9) * (channel === 'jawOpen' ? 0.7 : 1);
    if (channel.startsWith('eyeLook') || (RARE.has(channel) && random.uniform() < 0.5)) continue;
    // Most muscles act on both sides.
    const isPaired = /(Left|Right)$/.test(channel) && channel.length > 10 && random.uniform() < 0.65;
    if (isPaired && !RARE.has(channel))
      addPair(random, weights, channel.replace(/Right$/, 'Left') as ArkitChannel, strength);
    else weights[channelIndex(channel)] += strength;
  }
}

/** Full strength of what an emotion does to a face; after Ekman's action units. */
const EMOTIONS: readonly Mix[] = [
  { browDownLeft: 0.9, browDownRight: 0.9, eyeSquintLeft: 0.4, eyeSquintRight: 0.4, mouthPressLeft: 0.6, mouthPressRight: 0.6, noseSneerLeft: 0.3, noseSneerRight: 0.3 },
  { browInnerUp: 0.9, mouthFrownLeft: 0.7, mouthFrownRight: 0.7, mouthShrugLower: 0.4, eyeSquintLeft: 0.2, eyeSquintRight: 0.2 },
  { browInnerUp: 0.8, browOuterUpLeft: 0.9, browOuterUpRight: 0.9, eyeWideLeft: 0.8, eyeWideRight: 0.8, jawOpen: 0.5 },
  { browDownLeft: 0.5, browDownRight: 0.5, noseSneerLeft: 0.9, noseSneerRight: 0.9, mouthUpperUpLeft: 0.6, mouthUpperUpRight: 0.6, mouthFrownLeft: 0.3, mouthFrownRight: 0.3 },
  { browInnerUp: 0.9, browOuterUpLeft: 0.3, browOuterUpRight: 0.3, eyeWideLeft: 0.7, eyeWideRight: 0.7, mouthStretchLeft: 0.7, mouthStretchRight: 0.7, jawOpen: 0.2 },
  { mouthSmileLeft: 0.15, mouthSmileRight: 0.6, browOuterUpRight: 0.7, browDownLeft: 0.3, eyeSquintLeft: 0.3, eyeSquintRight: 0.3 },
  { mouthPucker: 0.85, cheekPuff: 0.15, browInnerUp: 0.2 },
  { mouthShrugLower: 0.7, mouthShrugUpper: 0.5, browInnerUp: 0.5, mouthFrownLeft: 0.3, mouthFrownRight: 0.3 },
]; // prettier-ignore

/** What every face does besides: gaze, part of a blink, lips and brows never quite at rest. */
function addLife(random: SeededRandom, weights: Float32Array, kind: ExpressionKind): void {
  addGaze(random, weights);
  if (kind !== 'eyes' && random.uniform() < 0.09)
    addPair(random, weights, 'eyeBlinkLeft', random.between(0.3, 1));
  if (kind !== 'speech' && random.uniform() < 0.12 && kind !== 'smile')
    add(weights, { jawOpen: random.between(0.02, 0.15) }, 1);
  for (const channel of ['browInnerUp', 'mouthPressLeft', 'mouthPressRight', 'mouthShrugLower'] as const)
    weights[channelIndex(channel)] += 0.06 * random.uniform();
  addPair(random, weights, 'browOuterUpLeft', 0.08 * random.uniform());
}

/** Most people look into the camera; the rest anywhere, both eyes together. */
function addGaze(random: SeededRandom, weights: Float32Array): void {
  const wanders = random.uniform() < 0.45;
  const sideways = random.normal() * (wanders ? 0.35 : 0.06);
  const upwards = random.normal() * (wanders ? 0.25 : 0.05);
  const turn = Math.min(0.9, Math.abs(sideways));
  const [out, inward] =
    sideways > 0
      ? (['eyeLookOutLeft', 'eyeLookInRight'] as const)
      : (['eyeLookInLeft', 'eyeLookOutRight'] as const);
  weights[channelIndex(out)] += turn;
  weights[channelIndex(inward)] += turn;
  const [left, right] =
    upwards > 0
      ? (['eyeLookUpLeft', 'eyeLookUpRight'] as const)
      : (['eyeLookDownLeft', 'eyeLookDownRight'] as const);
  weights[channelIndex(left)] += Math.min(0.8, Math.abs(upwards));
  weights[channelIndex(right)] += Math.min(0.8, Math.abs(upwards));
}

/** Pairs of channels that pull against each other: the weaker gives way. */
const OPPOSED: readonly (readonly [ArkitChannel, ArkitChannel])[] = [
  ['mouthSmileLeft', 'mouthFrownLeft'], ['mouthSmileRight', 'mouthFrownRight'], ['eyeWideLeft', 'eyeBlinkLeft'],
  ['eyeWideRight', 'eyeBlinkRight'], ['eyeWideLeft', 'eyeSquintLeft'], ['eyeWideRight', 'eyeSquintRight'],
  ['mouthLeft', 'mouthRight'], ['jawLeft', 'jawRight'], ['mouthPucker', 'mouthStretchLeft'], ['mouthPucker', 'mouthStretchRight'],
  ['browDownLeft', 'browOuterUpLeft'], ['browDownRight', 'browOuterUpRight'], ['cheekPuff', 'jawOpen'],
]; // prettier-ignore

function settle(weights: Float32Array): void {
  for (const [first, second] of OPPOSED) {
    const [a, b] = [channelIndex(first), channelIndex(second)];
    const weaker = weights[a] < weights[b] ? a : b;
    const stronger = weaker === a ? b : a;
    weights[weaker] = Math.max(0, weights[weaker] - 0.6 * weights[stronger]);
  }
  // Lips cannot close what the jaw has not opened.
  const close = channelIndex('mouthClose');
  weights[close] = Math.min(weights[close], weights[channelIndex('jawOpen')]);
  for (let c = 0; c < weights.length; c++) weights[c] = Math.min(1, Math.max(0, weights[c]));
}

/** The head turns a little against the shoulders; the camera does the rest. */
function sampleRotations(random: SeededRandom): HeadRotations {
  const isStill = random.uniform() < 0.35;
  const gain = isStill ? 0.25 : 1;
  const head = {
    yaw: random.normal() * 0.14 * gain,
    pitch: random.normal() * 0.07 * gain,
    roll: random.normal() * 0.07 * gain,
  };
  return { head, neck: { yaw: head.yaw * 0.5, pitch: head.pitch * 0.5, roll: head.roll * 0.4 } };
}
