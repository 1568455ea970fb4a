import { encodeSrgb } from '#common/image/colorImage';
import { linearColor } from '#common/synthetic/domains/domainValues';
import type { DomainRecipe } from '#common/synthetic/domains/domainRecipe';
import type { SurfaceLook } from '#common/synthetic/domains/paint/surfaceSchema';
import type { PersonColors } from '#common/synthetic/restyle/personColors';
import type { Triple } from '#common/synthetic/scene';

/** How much of a look's skin and hair becomes the person's, where the look's is a human one. */
const SKIN_SHARE = 0.5;
const HAIR_SHARE = 0.8;
/** Looks whose people are somebody keep this much of what they would make alike; toys are toys. */
const LIKENESS = 0.6;
const LEAST_INDIVIDUAL = 0.3;

/**
 * A recipe whose human-coloured skin and hair take the person's colours: green stays green and marble marble, but nobody
 * becomes peach. Patterns and shading stay the recipe's, the strands of hair go with its colour. Proportions stay nearer to
 * the person than a synthetic head's, who has nobody to resemble.
 */
export function lookForPerson(recipe: DomainRecipe, colors: PersonColors): DomainRecipe {
  const { skin } = recipe.surfaces;
  const isHumanSkin = skin !== undefined && skin.shading.kind !== 'strokes' && isSkinColor(skin.base.color);
  const surfaces = { ...recipe.surfaces };
  if (skin && isHumanSkin) surfaces.skin = tinted(skin, colors.skin, SKIN_SHARE);
  const props = recipe.props.map((prop) => {
    const isHair = prop.part === 'hair' || prop.part === 'brow' || prop.part === 'beard';
    if (prop.part === 'skin' && isHumanSkin)
      return { ...prop, surface: tinted(prop.surface, colors.skin, SKIN_SHARE) };
    return isHair && isHumanSkin && isHairColor(prop.surface.base.color)
      ? { ...prop, surface: tintedHair(prop.surface, colors.hair) }
      : prop;
  });
  const { individuality: own } = recipe;
  const individuality = own < LEAST_INDIVIDUAL ? own : own + (1 - own) * LIKENESS;
  return {
    ...recipe,
    surfaces,
    props,
    individuality,
    variety: isHumanSkin ? ownColors(recipe) : recipe.variety,
  };
}

/** What is the person's own is not varied once more. */
function ownColors({ variety, props }: DomainRecipe): DomainRecipe['variety'] {
  const isOwnHair = props.some(({ part, surface }) => part === 'hair' && isHairColor(surface.base.color));
  const own = Object.entries(variety).filter(([part]) => part !== 'skin' && !(part === 'hair' && isOwnHair));
  return Object.fromEntries(own);
}

/** Strands are as much lighter or darker than the new colour as they were than the old one. */
function tintedHair(look: SurfaceLook, color: Triple): SurfaceLook {
  const old = luminance(linearColor(look.base.color));
  const base = mixed(look.base.color, color, HAIR_SHARE);
  const coats = look.coats.map((coat) => {
    if (coat.color === undefined || !isHairColor(coat.color)) return coat;
    const change = (luminance(linearColor(coat.color)) + 0.01) / (old + 0.01);
    return { ...coat, color: hexOf(base.map((value) => value * Math.min(2.5, change))) };
  });
  return { ...look, base: { ...look.base, color: hexOf(base) }, coats };
}

const luminance = ([red, green, blue]: readonly number[]): number =>
  0.2126 * red + 0.7152 * green + 0.0722 * blue;

function tinted(look: SurfaceLook, color: Triple, share: number): SurfaceLook {
  return { ...look, base: { ...look.base, color: hexOf(mixed(look.base.color, color, share)) } };
}

/** Linear RGB between a recipe's colour and a person's. */
function mixed(color: string, own: Triple, share: number): number[] {
  return linearColor(color).map((value, c) => value + share * (own[c] - value));
}

/** @param color linear RGB */
function hexOf(color: readonly number[]): string {
  const hex = color.map((value) =>
    Math.round(encodeSrgb(Math.min(1, Math.max(0, value))) * 255)
      .toString(16)
      .padStart(2, '0'),
  );
  return `#${hex.join('')}`;
}

/** Red over green over blue, not grey, not glowing: what skin can be. */
function isSkinColor(color: string): boolean {
  const [red, green, blue] = linearColor(color);
  return red > green * 1.12 && green > blue * 1.02 && red < green * 4 && blue > red * 0.12 && red > 0.05;
}

/** Brown, black, blond, red; not pink, blue or white. */
function isHairColor(color: string): boolean {
  const [red, green, blue] = linearColor(color);
  return red >= green * 0.95 && green >= blue * 0.9 && red < 0.75;
}
