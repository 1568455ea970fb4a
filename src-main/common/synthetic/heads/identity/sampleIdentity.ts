import { clamp } from '#common/math/clamp';
import type { SeededRandom } from '#common/math/seededRandom';
import { createSeededRandom } from '#common/math/seededRandom';
import { sampleWardrobe } from '#common/synthetic/heads/identity/sampleWardrobe';
import { sampleBrows } from '#common/synthetic/heads/identity/sampleBrows';
import { sampleEyes, sampleLashes } from '#common/synthetic/heads/identity/sampleEyes';
import { sampleBeard, sampleHair } from '#common/synthetic/heads/identity/sampleHair';
import { sampleShape } from '#common/synthetic/heads/identity/shapePrior';
import { sampleSkin } from '#common/synthetic/heads/identity/sampleSkin';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { IDENTITY_RECIPE_VERSION } from '#common/synthetic/heads/identityRecipe';

/** What the parts of a person have to agree on. */
export interface Person {
  readonly ageYears: number;
  /** 0 female, 1 male. */
  readonly masculinity: number;
  readonly isMale: boolean;
  readonly isChild: boolean;
  readonly ancestry: { readonly african: number; readonly asian: number; readonly european: number };
}

/** What a sampler may hold fixed; the rest is drawn. */
export interface IdentityWishes {
  readonly ageYears?: number;
  readonly isMale?: boolean;
  readonly ancestry?: Person['ancestry'];
}

/**
 * Draws a person: age, sex and ancestry first, then everything that depends on them. Deterministic in the stream;
 * about 10 microseconds.
 */
export function sampleIdentity(random: SeededRandom, wishes: IdentityWishes = {}): IdentityRecipe {
  const seed = random.integer(0x7fffffff);
  const person = samplePerson(random, wishes);
  const shape = sampleShape(random, person);
  const skin = sampleSkin(random, person);
  const eyes = sampleEyes(random, person, skin.melanin);
  const hair = sampleHair(random, person);
  const beard = sampleBeard(random, person, hair);
  return {
    version: IDENTITY_RECIPE_VERSION,
    seed,
    ageYears: person.ageYears,
    masculinity: person.masculinity,
    ancestry: person.ancestry,
    shape,
    skin: {
      ...skin,
      mixture: createSeededRandom(seed ^ 0x5f3759).integer(0x7fffffff),
      shadow: beard.style === 'none' ? skin.shadow : Math.max(0.3, skin.shadow),
    },
    eyes,
    teeth: {
      yellowness: clamp(0.25 + person.ageYears / 160 + random.normal() * 0.15),
      brightness: clamp(0.75 - person.ageYears / 300 + random.normal() * 0.1),
    },
    brows: sampleBrows(random, person, hair),
    lashes: sampleLashes(random, person),
    hair,
    beard,
    ...sampleWardrobe(random, person, hair.style),
  };
}

function samplePerson(random: SeededRandom, wishes: IdentityWishes): Person {
  const ageYears = wishes.ageYears ?? sampleAge(random);
  const drawnMale = random.uniform() < 0.5;
  const isMale = wishes.isMale ?? drawnMale;
  const isChild = ageYears < 14;
  const dimorphism = isChild ? 0.25 : 0.5;
  const masculinity = clamp(0.5 + (isMale ? dimorphism : -dimorphism) + random.normal() * 0.06);
  const ancestry = wishes.ancestry ?? sampleAncestry(random);
  return { ageYears, masculinity, isMale, isChild, ancestry };
}

/** Years: a tenth children, most adults, a long tail of old age. */
function sampleAge(random: SeededRandom): number {
  const kind = random.uniform();
  if (kind < 0.08) return random.between(5, 14);
  if (kind < 0.62) return random.between(16, 42);
  if (kind < 0.86) return random.between(42, 62);
  return random.between(62, 85);
}

/** Two thirds of one ancestry nearly alone, the rest mixed. */
function sampleAncestry(random: SeededRandom): Person['ancestry'] {
  const main = random.uniform();
  const weights = [main < 0.3 ? 1 : 0, main >= 0.3 && main < 0.56 ? 1 : 0, main >= 0.56 ? 1 : 0];
  const mixture = random.uniform() < 0.33 ? random.between(0.3, 1) : random.between(0, 0.15);
  const other = [random.uniform(), random.uniform(), random.uniform()];
  const [african, asian, european] = weights.map((weight, k) => weight + mixture * other[k]);
  const total = african + asian + european;
  return { african: african / total, asian: asian / total, european: european / total };
}
