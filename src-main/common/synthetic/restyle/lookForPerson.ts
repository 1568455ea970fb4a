import { encodeSrgb } from '#common/image/colorImage';
import { linearColor } from '#common/synthetic/domains/domainValues';
import type { DomainRecipe } from '#common/synthetic/domains/domainRecipe';
import type { SurfaceLook } from '#common/synthetic/domains/paint/surfaceSchema';
import type { PersonColors } from '#common/synthetic/restyle/personColors';
import type { Triple } from '#common/synthetic/scene';

/** How much of a look's skin and hair becomes the person's, where the look's is a human one. */
const SKIN_SHARE = 0.5;
const HAIR_SHARE = 0.8;

/**
 * A recipe whose human-coloured skin and hair take the person's colours: green stays green and marble marble, but nobody
 * becomes peach. Patterns, coats and shading stay the recipe's.
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
      ? { ...prop, surface: tinted(prop.surface, colors.hair, HAIR_SHARE) }
      : prop;
  });
  return { ...recipe, surfaces, props };
}

function tinted(look: SurfaceLook, color: Triple, share: number): SurfaceLook {
  const old = linearColor(look.base.color);
  const mixed = old.map((value, c) => value + share * (color[c] - value));
  const hex = mixed.map((value) =>
    Math.round(encodeSrgb(Math.min(1, Math.max(0, value))) * 255)
      .toString(16)
      .padStart(2, '0'),
  );
  return { ...look, base: { ...look.base, color: `#${hex.join('')}` } };
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
