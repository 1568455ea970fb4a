import type { SeededRandom } from '#common/math/seededRandom';
import { pickWeighted, sampleHairColor, withGrey } from '#common/synthetic/heads/identity/hairColor';
import type { Person } from '#common/synthetic/heads/identity/sampleIdentity';
import type {
  BeardStyle,
  HairRecipe,
  HairStyle,
  IdentityRecipe,
} from '#common/synthetic/heads/identityRecipe';

/** Styles that a high hairline leaves hanging at the sides. */
const LONG: ReadonlySet<HairStyle> = new Set([
  'longStraight',
  'wavy',
  'curly',
  'afro',
  'bun',
  'bob',
  'messy',
  'sidePart',
]);

type StyleTable = readonly (readonly [HairStyle, number])[];

const MALE: StyleTable = [
  ['buzz', 0.14], ['crew', 0.24], ['sidePart', 0.2], ['sweptBack', 0.12], ['messy', 0.15], ['curly', 0.06],
  ['longStraight', 0.03], ['wavy', 0.04], ['bun', 0.02],
]; // prettier-ignore
const FEMALE: StyleTable = [
  ['pixie', 0.09], ['bob', 0.2], ['longStraight', 0.23], ['wavy', 0.22], ['curly', 0.08], ['ponytail', 0.1],
  ['bun', 0.08],
]; // prettier-ignore
const AFRICAN_MALE: StyleTable = [['buzz', 0.45], ['crew', 0.15], ['afro', 0.25], ['curly', 0.15]]; // prettier-ignore
const AFRICAN_FEMALE: StyleTable = [['afro', 0.34], ['curly', 0.26], ['bun', 0.16], ['buzz', 0.06], ['longStraight', 0.1], ['ponytail', 0.08]]; // prettier-ignore

export function sampleHair(random: SeededRandom, person: Person): HairRecipe {
  const { ageYears, isMale, isChild, ancestry } = person;
  const receding =
    isMale && ageYears > 24
      ? clamp((ageYears - 24) / 45 + random.normal() * 0.25)
      : clamp(random.normal() * 0.06);
  const isAfrican = random.uniform() < ancestry.african ** 1.3;
  const table = isAfrican ? (isMale ? AFRICAN_MALE : AFRICAN_FEMALE) : isMale ? MALE : FEMALE;
  const drawn = pickWeighted(random, table);
  const loss = random.uniform();
  let style = drawn;
  if (receding > 0.62 && loss < 0.75) style = loss < 0.3 ? 'bald' : 'receding';
  else if (receding > 0.4 && LONG.has(style)) style = loss < 0.5 ? 'receding' : 'crew';
  const grey = clamp((ageYears - 42) / 34 + random.normal() * 0.22);
  const isGrey = ageYears > 34 && random.uniform() < (isMale ? 0.8 : 0.4);
  const base = sampleHairColor(random, ancestry.european, !isChild);
  return {
    style,
    color: [...base],
    grey: isGrey ? grey : 0,
    length: Math.min(2, Math.max(0.4, Math.exp(random.normal() * 0.2))),
    volume: Math.min(2, Math.max(0.4, Math.exp(random.normal() * 0.22))),
    curl: clamp((isAfrican ? 0.9 : 0.25) + random.normal() * 0.22),
    parting: (random.uniform() < 0.5 ? -1 : 1) * random.between(0.15, 0.75),
    fringe: random.uniform() < 0.35 ? random.between(0.3, 1) : 0,
    receding: Math.min(1, receding),
    density: Math.min(1, Math.max(0.3, 0.95 - 0.35 * receding + random.normal() * 0.05)),
    tousle: clamp(0.35 + random.normal() * 0.2),
  };
}

const BEARDS: readonly (readonly [BeardStyle, number])[] = [
  ['none', 0.5], ['stubble', 0.2], ['moustache', 0.05], ['goatee', 0.07], ['short', 0.1], ['full', 0.08],
]; // prettier-ignore

export function sampleBeard(random: SeededRandom, person: Person, hair: HairRecipe): IdentityRecipe['beard'] {
  const drawn = pickWeighted(random, BEARDS);
  const canGrow = person.isMale && person.ageYears >= 18;
  const tone = withGrey(hair.color, hair.grey * 0.9);
  const darker = random.between(0.65, 0.95);
  return {
    style: canGrow ? drawn : 'none',
    length: clamp(0.4 + random.normal() * 0.2),
    density: clamp(0.75 + random.normal() * 0.15 - 0.2 * person.ancestry.asian),
    color: [tone[0] * darker, tone[1] * darker, tone[2] * darker],
  };
}

export function sampleBrows(random: SeededRandom, person: Person, hair: HairRecipe): IdentityRecipe['brows'] {
  const { isMale, ageYears } = person;
  const tone = withGrey(hair.color, hair.grey * 0.6);
  // Brows of fair people are darker than their hair, dyed or not.
  const lightness = Math.max(0.02, (tone[0] + tone[1] + tone[2]) / 3);
  const factor = Math.min(1, 0.09 / lightness) ** 0.6 * random.between(0.7, 1.1);
  return {
    color: [clamp(tone[0] * factor), clamp(tone[1] * factor), clamp(tone[2] * factor)],
    thickness: Math.min(1.8, Math.max(0.35, (isMale ? 1.12 : 0.72) * Math.exp(random.normal() * 0.22))),
    density: clamp(0.72 + random.normal() * 0.14 - Math.max(0, ageYears - 60) / 150),
    arch: clamp((isMale ? -0.15 : 0.3) + random.normal() * 0.35, -1),
    lift: Math.min(0.008, Math.max(-0.006, 0.001 + random.normal() * 0.002 + (isMale ? -0.001 : 0.0015))),
    length: Math.min(1.2, Math.max(0.7, 1 + random.normal() * 0.08)),
    unruly: clamp((isMale ? 0.45 : 0.2) + ageYears / 250 + random.normal() * 0.12),
  };
}

function clamp(value: number, low = 0): number {
  return Math.min(1, Math.max(low, value));
}
