/**
 * The 52 ARKit face channels in Apple's order and spelling. Values are finite and in [0, 1].
 * Left and right are the character's own.
 */
export const ARKIT_CHANNELS = [
  'eyeBlinkLeft', 'eyeLookDownLeft', 'eyeLookInLeft', 'eyeLookOutLeft', 'eyeLookUpLeft', 'eyeSquintLeft',
  'eyeWideLeft', 'eyeBlinkRight', 'eyeLookDownRight', 'eyeLookInRight', 'eyeLookOutRight', 'eyeLookUpRight',
  'eyeSquintRight', 'eyeWideRight', 'jawForward', 'jawLeft', 'jawRight', 'jawOpen', 'mouthClose',
  'mouthFunnel', 'mouthPucker', 'mouthLeft', 'mouthRight', 'mouthSmileLeft', 'mouthSmileRight',
  'mouthFrownLeft', 'mouthFrownRight', 'mouthDimpleLeft', 'mouthDimpleRight', 'mouthStretchLeft',
  'mouthStretchRight', 'mouthRollLower', 'mouthRollUpper', 'mouthShrugLower', 'mouthShrugUpper',
  'mouthPressLeft', 'mouthPressRight', 'mouthLowerDownLeft', 'mouthLowerDownRight', 'mouthUpperUpLeft',
  'mouthUpperUpRight', 'browDownLeft', 'browDownRight', 'browInnerUp', 'browOuterUpLeft', 'browOuterUpRight',
  'cheekPuff', 'cheekSquintLeft', 'cheekSquintRight', 'noseSneerLeft', 'noseSneerRight', 'tongueOut',
] as const; // prettier-ignore

export type ArkitChannel = (typeof ARKIT_CHANNELS)[number];

const INDEX: ReadonlyMap<string, number> = new Map(ARKIT_CHANNELS.map((name, index) => [name, index]));

/** Position of a channel in every 52-long weight vector. */
export function channelIndex(name: ArkitChannel): number {
  return INDEX.get(name)!;
}

export function isArkitChannel(name: string): name is ArkitChannel {
  return INDEX.has(name);
}
