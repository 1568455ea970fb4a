import { clamp } from '#common/math/clamp';
import type { SeededRandom } from '#common/math/seededRandom';
import { pickWeighted } from '#common/synthetic/heads/identity/hairColor';
import type { Person } from '#common/synthetic/heads/identity/sampleIdentity';
import type { EyesRecipe, IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { portablePower } from '#common/math/portableMath';

const IRIS_OF_EUROPEANS: readonly (readonly [number, number])[] = [
  [0.1, 0.16], [0.3, 0.28], [0.52, 0.18], [0.7, 0.1], [0.86, 0.22], [0.98, 0.06],
]; // prettier-ignore

/** Lids against the head model's: photographs' eyes are wider and a little taller (eye 0.44 eye distances wide). */
const USUAL = { width: 1.16, height: 1.1 };

/** Eyes: colour, what age does to them, and the shape of the lids' opening. */
export function sampleEyes(random: SeededRandom, person: Person, melanin: number): EyesRecipe {
  const { ancestry, isMale, isChild, ageYears } = person;
  const isLight = random.uniform() < portablePower(ancestry.european, 1.5) && melanin < 0.45;
  const drawn = pickWeighted(random, IRIS_OF_EUROPEANS);
  const age = clamp((ageYears - 40) / 50);
  const isHooded = random.uniform() < 0.12 + 0.3 * age;
  return {
    iris: clamp((isLight ? drawn : random.between(0, 0.24)) + random.normal() * 0.03),
    irisLight: clamp(0.42 + random.normal() * 0.16),
    pupil: clamp(0.36 + random.normal() * 0.08 - 0.08 * age),
    limbalRing: clamp(0.6 - 0.4 * age + random.normal() * 0.2),
    scleraTint: clamp(0.2 + 0.35 * age + 0.25 * melanin + random.normal() * 0.1),
    veins: clamp(0.2 + random.normal() * 0.12 + 0.15 * age),
    lidDrop: between(
      0,
      0.4,
      0.14 + random.normal() * 0.06 + 0.1 * age + (isMale ? 0.03 : 0) + (isHooded ? 0.08 : 0),
    ),
    width: between(1, 1.34, USUAL.width + random.normal() * 0.055 + (isMale ? -0.02 : 0.025)),
    height: between(
      0.8,
      1.4,
      USUAL.height + random.normal() * 0.1 + (isMale ? -0.04 : 0.05) + (isChild ? 0.08 : 0) - 0.08 * age,
    ),
    tilt: between(-0.14, 0.16, random.normal() * 0.045 + (isMale ? -0.008 : 0.018) - 0.03 * age),
  };
}

/** Women's lashes look longer, the more so with mascara (which liner brings along). */
export function sampleLashes(random: SeededRandom, { isMale, isChild }: Person): IdentityRecipe['lashes'] {
  return {
    length: between(0.2, 1.5, (isMale ? 0.7 : isChild ? 0.9 : 1.05) + random.normal() * 0.16),
    density: clamp((isMale ? 0.6 : 0.8) + random.normal() * 0.15),
  };
}

function between(low: number, high: number, value: number): number {
  return Math.min(high, Math.max(low, value));
}
