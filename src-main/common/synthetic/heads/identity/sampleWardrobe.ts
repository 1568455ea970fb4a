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
import { portableExp } from '#common/math/portableMath';

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
      pattern: random.uniform() < 0.74 ? 0 : 1 + random.integer(4),
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

/** What shops sell most, linear reflectance: black, charcoal, greys, white, navy, denim, olive, sand, brown, burgundy. */
const CLOTH_COLORS: readonly (readonly [Triple, number])[] = [
  [[0.018, 0.018, 0.02], 0.16], [[0.045, 0.047, 0.052], 0.1], [[0.18, 0.18, 0.185], 0.1], [[0.42, 0.41, 0.4], 0.05],
  [[0.68, 0.67, 0.64], 0.14], [[0.02, 0.028, 0.062], 0.12], [[0.06, 0.105, 0.2], 0.08], [[0.07, 0.08, 0.04], 0.05],
  [[0.4, 0.32, 0.22], 0.06], [[0.1, 0.058, 0.035], 0.05], [[0.12, 0.016, 0.024], 0.05], [[0.03, 0.075, 0.055], 0.04],
]; // prettier-ignore

/** Mostly muted; one in eight is of any colour. */
function clothColor(random: SeededRandom): Triple {
  const free = hueColor(random.uniform(), random.between(0.25, 0.7), random.between(0.06, 0.42));
  const base = pickWeighted(random, CLOTH_COLORS);
  const gain = portableExp(random.normal() * 0.15);
  if (random.uniform() < 0.12) return free;
  return [Math.min(0.8, base[0] * gain), Math.min(0.8, base[1] * gain), Math.min(0.8, base[2] * gain)];
}
