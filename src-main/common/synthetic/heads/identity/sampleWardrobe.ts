import type { SeededRandom } from '#common/math/seededRandom';
import { hueColor, pickWeighted } from '#common/synthetic/heads/identity/hairColor';
import type { Person } from '#common/synthetic/heads/identity/sampleIdentity';
import type {
  ClothesStyle,
  GlassesStyle,
  HairStyle,
  HatStyle,
  IdentityRecipe,
} from '#common/synthetic/heads/identityRecipe';
import type { Triple } from '#common/synthetic/scene';

const CLOTHES: readonly (readonly [ClothesStyle, number])[] = [
  ['tshirt', 0.34], ['vneck', 0.12], ['shirt', 0.18], ['hoodie', 0.12], ['turtleneck', 0.1], ['suit', 0.14],
]; // prettier-ignore
const FRAMES: readonly (readonly [GlassesStyle, number])[] = [
  ['round', 0.22], ['rectangular', 0.28], ['wayfarer', 0.24], ['aviator', 0.08], ['rimless', 0.12], ['sun', 0.06],
]; // prettier-ignore
const HATS: readonly (readonly [HatStyle, number])[] = [['cap', 0.45], ['beanie', 0.35], ['brim', 0.2]]; // prettier-ignore

/** Styles whose volume no hat fits over. */
const UNDER_NO_HAT: ReadonlySet<HairStyle> = new Set(['afro', 'bun', 'ponytail']);

/** Clothes at the neck, glasses and hats. */
export function sampleWardrobe(
  random: SeededRandom,
  person: Person,
  hair: HairStyle,
): Pick<IdentityRecipe, 'clothes' | 'glasses' | 'hat'> {
  const drawnClothes = pickWeighted(random, CLOTHES);
  const wearsGlasses = random.uniform() < (person.isChild ? 0.06 : person.ageYears > 50 ? 0.32 : 0.16);
  const frame = pickWeighted(random, FRAMES);
  const wearsHat = random.uniform() < 0.08 && !UNDER_NO_HAT.has(hair);
  const hat = pickWeighted(random, HATS);
  const metal = random.uniform() < 0.4;
  return {
    clothes: {
      style: person.isChild && drawnClothes === 'suit' ? 'tshirt' : drawnClothes,
      color: [...clothColor(random)],
      accent: [...clothColor(random)],
      pattern: random.uniform() < 0.6 ? 0 : 1 + random.integer(4),
    },
    glasses: {
      style: wearsGlasses ? frame : 'none',
      color: metal
        ? [0.35, 0.33, 0.3]
        : [...hueColor(random.uniform(), random.between(0, 0.8), random.between(0.01, 0.12))],
      size: Math.min(1.25, Math.max(0.8, 1 + random.normal() * 0.06)),
    },
    hat: { style: wearsHat ? hat : 'none', color: [...clothColor(random)], accent: [...clothColor(random)] },
  };
}

function clothColor(random: SeededRandom): Triple {
  const kind = random.uniform();
  if (kind < 0.3) return hueColor(0, 0, random.between(0.01, 0.08));
  if (kind < 0.5) return hueColor(random.uniform(), random.between(0, 0.1), random.between(0.5, 0.85));
  return hueColor(random.uniform(), random.between(0.3, 0.85), random.between(0.04, 0.5));
}
