import type { ArkitChannel } from '#common/head/arkitChannels';

/**
 * How each channel is made of the source's pose units and expression targets ('@x': the unit of that name of
 * every ancestry). Left channels only: right ones are their mirror images. `half`: only the subject's left of
 * the face, with a soft border at the mid line; `symmetric`: both halves alike.
 * Lid motion and the eyeballs' turns are solved in lidFields.ts and eyeLook.ts, brow raises in browFields.ts, the
 * smile in smileField.ts, mouthClose in lipFields.ts.
 */
export interface ExpressionRecipe {
  readonly units?: Readonly<Record<string, number>>;
  readonly targets?: Readonly<Record<string, number>>;
  readonly side: 'left' | 'half' | 'symmetric';
}

export const EXPRESSION_RECIPES: Partial<Readonly<Record<ArkitChannel, ExpressionRecipe>>> = {
  browDownLeft: { units: { LeftBrowDown: 1 }, targets: { '@eyebrows-left-down': 0.5 }, side: 'left' },
  cheekPuff: { units: { CheeksPump: 1 }, side: 'symmetric' },
  cheekSquintLeft: { units: { LeftCheekUp: 1.15 }, side: 'left' },
  eyeSquintLeft: { units: { LeftCheekUp: 0.3 }, side: 'left' },
  eyeWideLeft: { targets: { '@eye-left-opened-up': 0.25 }, side: 'left' },
  noseSneerLeft: {
    units: { NoseWrinkler: 1.2, UpperLipUp: 0.35 },
    targets: { '@nose-left-elevation': 1.3, '@nose-left-dilatation': 0.6 },
    side: 'half',
  },
  jawForward: { units: { ChinForward: 1 }, side: 'symmetric' },
  jawLeft: { units: { ChinLeft: 1 }, side: 'left' },
  // The condyle slides forward as the jaw drops; without ChinForward the chin retreats 20 mm.
  jawOpen: { units: { JawDrop: 0.8, ChinForward: 0.7 }, side: 'symmetric' },
  mouthFunnel: { units: { JawDrop: 0.12 }, targets: { '@mouth-protusion': 0.75 }, side: 'symmetric' },
  mouthPucker: { units: { LipsKiss: 0.6 }, targets: { '@mouth-pursing': 0.7 }, side: 'symmetric' },
  mouthLeft: { units: { MouthMoveLeft: 1 }, side: 'left' },
  mouthFrownLeft: { units: { MouthLeftPullDown: 1 }, targets: { '@mouth-depression': 0.5 }, side: 'half' },
  mouthDimpleLeft: {
    units: { MouthLeftPullSide: 0.8 },
    targets: { 'mouth/mouth-dimples-in': 1 },
    side: 'half',
  },
  mouthStretchLeft: { units: { MouthLeftPlatysma: 0.6, MouthLeftPullSide: 0.8 }, side: 'half' },
  mouthRollLower: { units: { lowerLipBackward: 0.8, lowerLipUp: 0.7 }, side: 'symmetric' },
  mouthRollUpper: { units: { UpperLipBackward: 0.8, lowerLipUp: 0.35 }, side: 'symmetric' },
  mouthShrugLower: { units: { lowerLipUp: 0.9, lowerLipForward: 0.25 }, side: 'symmetric' },
  mouthShrugUpper: { units: { UpperLipUp: 0.35, UpperLipForward: 0.6, lowerLipUp: 0.5 }, side: 'symmetric' },
  mouthPressLeft: {
    units: { lowerLipUp: 0.35, lowerLipBackward: 0.4, UpperLipBackward: 0.4 },
    targets: { '@mouth-compression': 0.38 },
    side: 'half',
  },
  mouthLowerDownLeft: { units: { lowerLipDown: 0.8 }, side: 'half' },
  mouthUpperUpLeft: { units: { UpperLipUp: 0.9, NasolabialDeepener: 0.35 }, side: 'half' },
  tongueOut: { units: { TongueOut: 1, JawDrop: 0.35 }, side: 'symmetric' },
};
