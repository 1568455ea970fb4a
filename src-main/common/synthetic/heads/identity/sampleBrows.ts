import { clamp } from '#common/math/clamp';
import type { SeededRandom } from '#common/math/seededRandom';
import { withGrey } from '#common/synthetic/heads/identity/hairColor';
import type { Person } from '#common/synthetic/heads/identity/sampleIdentity';
import type { HairRecipe, IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { portableExp, portablePower } from '#common/math/portableMath';

/**
 * Brows as different as people's: a recogniser goes by their height and breadth as by nothing else of that size. Men's
 * lie low, broad and straight, women's high, narrow and arched; both overlap.
 */
export function sampleBrows(
  random: SeededRandom,
  person: Person,
  hair: Pick<HairRecipe, 'color' | 'grey'>,
): IdentityRecipe['brows'] {
  const { isMale, isChild, ageYears } = person;
  const tone = withGrey(hair.color, hair.grey * 0.6);
  // Brows of fair people are darker than their hair, dyed or not.
  const lightness = Math.max(0.02, (tone[0] + tone[1] + tone[2]) / 3);
  const factor = portablePower(Math.min(1, 0.03 / lightness), 0.55) * random.between(0.6, 1.1);
  const old = Math.max(0, ageYears - 55);
  // A few have hardly any, a few bushes.
  const body = random.normal();
  const isManly = isMale && !isChild;
  return {
    color: [clamp(tone[0] * factor), clamp(tone[1] * factor), clamp(tone[2] * factor)],
    thickness: between(0.32, 1.65, (isManly ? 1.02 : 0.68) * portableExp(body * 0.34)),
    density: clamp(0.66 + 0.1 * body + random.normal() * 0.14 - old / 120),
    arch: between(-1, 1, (isManly ? -0.2 : 0.3) + random.normal() * 0.48),
    lift: between(-0.006, 0.008, (isManly ? -0.0014 : 0.0022) + random.normal() * 0.0026 - old * 0.00002),
    length: between(0.7, 1.2, 0.99 + random.normal() * 0.09),
    unruly: clamp((isManly ? 0.42 : 0.15) + ageYears / 250 + random.normal() * 0.14),
    tilt: between(-0.0045, 0.0045, (isManly ? -0.0003 : 0.0006) + random.normal() * 0.0018),
    taper: clamp((isManly ? 0.5 : 0.3) + random.normal() * 0.2),
    gap: between(-0.004, 0.005, (isManly ? -0.0006 : 0.0007) + random.normal() * 0.002),
  };
}

function between(low: number, high: number, value: number): number {
  return Math.min(high, Math.max(low, value));
}
