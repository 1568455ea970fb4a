import type { HeadModel } from '#common/head/headModel';
import type { SeededRandom } from '#common/math/seededRandom';
import type { DomainRecipe } from '#common/synthetic/domains/domainRecipe';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** One of a list by the identity's own number, so that the same person always gets the same. */
function pick<Value>(values: readonly Value[] | undefined, random: SeededRandom, fallback: Value): Value {
  const index = random.integer(1 << 20);
  return values === undefined ? fallback : values[index % values.length];
}

function within(
  range: readonly [number, number] | undefined,
  random: SeededRandom,
  fallback: number,
): number {
  const share = random.uniform();
  return range === undefined ? fallback : range[0] + (range[1] - range[0]) * share;
}

/**
 * Brings a person into a domain before the head is built: proportions in identity modes, age, hair, beard and clothes as
 * the domain asks. Plain data in, plain data out; the number of random draws does not depend on the recipe.
 */
export function adaptIdentity(
  identity: IdentityRecipe,
  { identity: wanted }: DomainRecipe,
  model: HeadModel,
  random: SeededRandom,
): IdentityRecipe {
  const shape = model.identity.map(({ name }, k) =>
    clamp((identity.shape[k] ?? 0) * (k < 4 ? 1 : wanted.spread) + (wanted.modes[name] ?? 0), -4, 4),
  );
  const { beard, clothes, glasses, hat } = identity;
  return {
    ...identity,
    shape,
    ageYears: within(wanted.ageYears, random, identity.ageYears),
    masculinity: within(wanted.masculinity, random, identity.masculinity),
    eyes: { ...identity.eyes, lidDrop: identity.eyes.lidDrop * wanted.lidDrop },
    hair: adaptHair(identity.hair, wanted.hair, random),
    beard: { ...beard, style: pick(wanted.beards, random, beard.style) },
    clothes: {
      ...clothes,
      style: pick(wanted.clothes?.styles, random, clothes.style),
      color: pick(wanted.clothes?.colors, random, clothes.color),
    },
    glasses: wanted.hasAccessories ? glasses : { ...glasses, style: 'none' },
    hat: wanted.hasAccessories ? hat : { ...hat, style: 'none' },
  };
}

function adaptHair(
  hair: IdentityRecipe['hair'],
  wanted: DomainRecipe['identity']['hair'],
  random: SeededRandom,
): IdentityRecipe['hair'] {
  const { styles, colors, length, volume, curl, fringe, density, tousle, receding } = { ...wanted };
  return {
    ...hair,
    style: pick(styles, random, hair.style),
    color: pick(colors, random, hair.color),
    grey: colors ? 0 : hair.grey,
    length: length ?? hair.length,
    volume: volume ?? hair.volume,
    curl: curl ?? hair.curl,
    fringe: fringe ?? hair.fringe,
    density: density ?? hair.density,
    tousle: tousle ?? hair.tousle,
    receding: receding ?? hair.receding,
  };
}
