import { channelIndex } from '#common/head/arkitChannels';
import type { ArkitChannel } from '#common/head/arkitChannels';
import { createSeededRandom } from '#common/math/seededRandom';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { WRINKLE_ZONES } from '#common/synthetic/heads/skin/wrinkleLines';
import type { WrinkleZone } from '#common/synthetic/heads/skin/wrinkleLines';
import { portableExp } from '#common/math/portableMath';

/** Which channels fold a zone, and how strongly at weight 1. */
const DRIVERS: Readonly<Record<WrinkleZone, readonly (readonly [ArkitChannel, number])[]>> = {
  none: [],
  forehead: [['browInnerUp', 0.75], ['browOuterUpLeft', 0.3], ['browOuterUpRight', 0.3]],
  glabella: [['browDownLeft', 0.5], ['browDownRight', 0.5], ['noseSneerLeft', 0.15], ['noseSneerRight', 0.15]],
  crowsFeetLeft: [['eyeSquintLeft', 0.5], ['cheekSquintLeft', 0.6], ['mouthSmileLeft', 0.4], ['eyeBlinkLeft', 0.12]],
  crowsFeetRight: [['eyeSquintRight', 0.5], ['cheekSquintRight', 0.6], ['mouthSmileRight', 0.4], ['eyeBlinkRight', 0.12]],
  nasolabialLeft: [['mouthSmileLeft', 0.75], ['noseSneerLeft', 0.5], ['mouthUpperUpLeft', 0.4], ['cheekSquintLeft', 0.2], ['mouthDimpleLeft', 0.3]],
  nasolabialRight: [['mouthSmileRight', 0.75], ['noseSneerRight', 0.5], ['mouthUpperUpRight', 0.4], ['cheekSquintRight', 0.2], ['mouthDimpleRight', 0.3]],
  underEye: [['eyeSquintLeft', 0.3], ['eyeSquintRight', 0.3], ['cheekSquintLeft', 0.25], ['cheekSquintRight', 0.25], ['mouthSmileLeft', 0.1], ['mouthSmileRight', 0.1]],
  bunny: [['noseSneerLeft', 0.5], ['noseSneerRight', 0.5], ['cheekSquintLeft', 0.1], ['cheekSquintRight', 0.1]],
  chin: [['mouthShrugLower', 0.8], ['mouthPressLeft', 0.15], ['mouthPressRight', 0.15], ['mouthFrownLeft', 0.2], ['mouthFrownRight', 0.2], ['mouthPucker', 0.2]],
  marionette: [['mouthFrownLeft', 0.3], ['mouthFrownRight', 0.3], ['mouthSmileLeft', 0.1], ['mouthSmileRight', 0.1]],
  neck: [],
  lips: [['mouthPucker', 0.8], ['mouthFunnel', 0.2]],
}; // prettier-ignore

/** What age alone leaves in a zone of an old face. */
const AT_REST: Readonly<Record<WrinkleZone, number>> = {
  none: 0, forehead: 0.75, glabella: 0.55, crowsFeetLeft: 0.8, crowsFeetRight: 0.8, nasolabialLeft: 0.85,
  nasolabialRight: 0.85, underEye: 0.8, bunny: 0.15, chin: 0.35, marionette: 0.75, neck: 0.8, lips: 0.55,
}; // prettier-ignore

const COMPILED = WRINKLE_ZONES.map((zone) =>
  DRIVERS[zone].map(([name, gain]) => [channelIndex(name), gain] as const),
);

/** Strength of each wrinkle zone, 0 smooth to about 1.6, in WRINKLE_ZONES order. */
export function wrinkleActivity(recipe: IdentityRecipe, weights: ArrayLike<number>): Float32Array {
  const random = createSeededRandom(recipe.seed ^ 0x3a11);
  // Young skin folds softly and springs back; each face has its own favourite creases.
  const elastic = 0.45 + 0.65 * Math.min(1, Math.max(0, (recipe.ageYears - 12) / 40));
  return Float32Array.from(WRINKLE_ZONES, (zone, index) => {
    const own = portableExp(random.normal() * 0.3);
    let driven = 0;
    for (const [channel, gain] of COMPILED[index]) driven += gain * weights[channel];
    const rest = AT_REST[zone] * recipe.skin.creases + (zone.startsWith('nasolabial') ? 0.1 : 0);
    return index === 0 ? 0 : Math.min(1.6, own * (rest + elastic * driven));
  });
}
