import { clamp } from '#common/math/clamp';
import type { SeededRandom } from '#common/math/seededRandom';
import {
  grownColor,
  pickWeighted,
  sampleHairColor,
  withGrey,
} from '#common/synthetic/heads/identity/hairColor';
import type { HairDye } from '#common/synthetic/heads/identity/hairColor';
import type { Person } from '#common/synthetic/heads/identity/sampleIdentity';
import type {
  BeardStyle,
  HairRecipe,
  HairStyle,
  IdentityRecipe,
} from '#common/synthetic/heads/identityRecipe';
import { portableExp, portablePower } from '#common/math/portableMath';

/** Styles that a high hairline leaves hanging at the sides. */
const LONG: ReadonlySet<HairStyle> = new Set(['longStraight', 'wavy', 'curly', 'afro', 'bun', 'bob', 'messy', 'sidePart']); // prettier-ignore

type StyleTable = readonly (readonly [HairStyle, number])[];

const MALE: StyleTable = [
  ['buzz', 0.15], ['crew', 0.22], ['sidePart', 0.29], ['sweptBack', 0.13], ['messy', 0.14], ['curly', 0.02],
  ['longStraight', 0.015], ['wavy', 0.02], ['bun', 0.015],
]; // prettier-ignore
const FEMALE: StyleTable = [
  ['pixie', 0.06], ['bob', 0.19], ['longStraight', 0.26], ['wavy', 0.22], ['curly', 0.06], ['ponytail', 0.13],
  ['bun', 0.08],
]; // prettier-ignore
const OLD_FEMALE: StyleTable = [['pixie', 0.25], ['bob', 0.36], ['longStraight', 0.08], ['wavy', 0.1], ['curly', 0.09], ['ponytail', 0.04], ['bun', 0.08]]; // prettier-ignore
const AFRICAN_MALE: StyleTable = [
  ['buzz', 0.62],
  ['afro', 0.33],
  ['curly', 0.05],
];
const AFRICAN_FEMALE: StyleTable = [['afro', 0.26], ['curly', 0.26], ['bun', 0.2], ['ponytail', 0.12], ['buzz', 0.05], ['longStraight', 0.06], ['bob', 0.05]]; // prettier-ignore

function styleTable({ isMale, ageYears }: Person, isAfrican: boolean): StyleTable {
  if (isAfrican) return isMale ? AFRICAN_MALE : AFRICAN_FEMALE;
  if (isMale) return MALE;
  return ageYears > 58 ? OLD_FEMALE : FEMALE;
}

/** The style that is left of a wished one with this little hair; some shave it all off. */
function thinned(
  random: SeededRandom,
  wished: HairStyle,
  { isMale, ageYears }: Person,
  receding: number,
): HairStyle {
  const loss = random.uniform();
  const isShaven = random.uniform() < (isMale && ageYears > 20 ? 0.035 : 0);
  if (isShaven) return 'bald';
  if (receding > 0.62 && loss < 0.8) return loss < 0.35 ? 'bald' : 'receding';
  if (receding <= 0.4 || !LONG.has(wished)) return wished;
  return loss < 0.25 ? 'buzz' : loss < 0.6 ? 'crew' : 'sweptBack';
}

function dyeHabit({ isMale, isChild, ageYears }: Person): HairDye {
  const isYoung = ageYears >= 14 && ageYears < 45;
  return {
    isChild,
    vivid: isYoung ? (isMale ? 0.015 : 0.035) : 0,
    tinted: isChild || isMale ? 0 : ageYears > 40 ? 0.25 : 0.12,
  };
}

export function sampleHair(random: SeededRandom, person: Person): HairRecipe {
  const { ageYears, isMale, ancestry } = person;
  const receding =
    isMale && ageYears > 24
      ? clamp((ageYears - 24) / 50 + random.normal() * 0.22)
      : clamp(random.normal() * 0.06);
  const isAfrican = random.uniform() < portablePower(ancestry.african, 1.3);
  const drawn = pickWeighted(random, styleTable(person, isAfrican));
  const style = thinned(random, drawn, person, receding);
  const grey = clamp((ageYears - 42) / 34 + random.normal() * 0.22);
  // Most women of an age dye it.
  const isGrey = ageYears > 34 && random.uniform() < (isMale ? 0.85 : ageYears > 66 ? 0.7 : 0.35);
  const base = sampleHairColor(random, ancestry.european, dyeHabit(person));
  const usualCurl = isAfrican ? 0.9 : ancestry.asian > 0.6 ? 0.06 : 0.22;
  const length = portableExp(random.normal() * 0.18) * (style === 'afro' && isMale ? 0.62 : 1);
  return {
    style,
    color: [...base],
    grey: isGrey ? grey : 0,
    length: Math.min(2, Math.max(0.4, length)),
    volume: Math.min(2, Math.max(0.4, portableExp(random.normal() * 0.16))),
    curl: clamp(usualCurl + random.normal() * 0.16),
    parting: (random.uniform() < 0.5 ? -1 : 1) * random.between(0.1, 0.8),
    fringe: random.uniform() < (isMale ? 0.2 : 0.32) ? random.between(0.3, 1) : 0,
    receding: Math.min(1, receding),
    density: Math.min(1, Math.max(0.3, 0.95 - 0.35 * receding + random.normal() * 0.05)),
    tousle: clamp(0.3 + random.normal() * 0.18),
  };
}

const BEARDS: readonly (readonly [BeardStyle, number])[] = [
  ['none', 0.5], ['stubble', 0.2], ['moustache', 0.05], ['goatee', 0.07], ['short', 0.1], ['full', 0.08],
]; // prettier-ignore

export function sampleBeard(random: SeededRandom, person: Person, hair: HairRecipe): IdentityRecipe['beard'] {
  const drawn = pickWeighted(random, BEARDS);
  const canGrow = person.isMale && person.ageYears >= 18;
  const tone = withGrey(grownColor(hair.color), hair.grey * 0.9);
  const darker = random.between(0.65, 0.95);
  return {
    style: canGrow ? drawn : 'none',
    length: clamp(0.4 + random.normal() * 0.2),
    density: clamp(0.75 + random.normal() * 0.15 - 0.2 * person.ancestry.asian),
    color: [tone[0] * darker, tone[1] * darker, tone[2] * darker],
  };
}
