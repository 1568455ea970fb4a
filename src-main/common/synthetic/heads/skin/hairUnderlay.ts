import { hairCover } from '#common/synthetic/heads/hair/hairline';
import { withGrey } from '#common/synthetic/heads/identity/hairColor';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import type { SkinAtlas } from '#common/synthetic/heads/skin/skinAtlas';
import type { SkinZones } from '#common/synthetic/heads/skin/skinZones';

/** Darkens `color` by the hair that roots in one texel; returns the share of it that is hair. */
export type Underlay = (i: number, atlas: SkinAtlas, zones: SkinZones, color: Float64Array) => number;

/** Most of the skin's colour is gone under dense hair, none of it under a shaven head's. */
const STYLE_COVER: Partial<Record<IdentityRecipe['hair']['style'], number>> = {
  bald: 0.22,
  receding: 0.75,
  buzz: 0.92,
};

/** Roots on the scalp: what shows between locks is hair in shadow, not skin. */
export function hairUnderlay(recipe: IdentityRecipe): Underlay {
  const { hair } = recipe;
  const tone = withGrey([...hair.color], hair.grey);
  const strength = (STYLE_COVER[hair.style] ?? 0.985) * (0.85 + 0.15 * hair.density);
  const receding = hair.style === 'bald' ? 1 : hair.receding;
  const shade = hair.style === 'buzz' || hair.style === 'bald' ? 0.7 : 0.42;
  return (i, atlas, zones, color) => {
    if (zones.hairline[i] < 90) return 0;
    const { canonical } = atlas;
    // Single roots at the border: noise of a millimetre or two moves the line.
    const ragged = (zones.fine[0][i] - 128) * 0.00005 + (zones.mid[1][i] - 128) * 0.00006;
    const cover = hairCover(
      canonical[i * 3],
      canonical[i * 3 + 1] + ragged,
      canonical[i * 3 + 2],
      receding,
      0.006,
    );
    const grain = 1 + (zones.fine[1][i] - 128) * 0.002;
    const share = Math.min(1, cover * strength * grain * (1 - 0.92 * atlas.ears[i]));
    if (share <= 0) return 0;
    for (let c = 0; c < 3; c++) color[c] += (tone[c] * shade - color[c]) * share;
    return share;
  };
}

/** Shaven or short beards: a cool shadow with single dots; under long beards the skin is dark. */
export function beardUnderlay(recipe: IdentityRecipe): Underlay {
  const { skin, beard } = recipe;
  const cover = { none: 0, stubble: 0.4, moustache: 0.1, goatee: 0.1, short: 0.6, full: 0.7 }[beard.style];
  const shadow = Math.max(cover * beard.density, skin.shadow * 0.32);
  // Hair under the skin is seen through it: bluish grey.
  const tone = beard.style === 'none' ? [0.05, 0.055, 0.065] : beard.color.map((value) => value * 0.8);
  return (i, _, zones, color) => {
    const zone = zones.beard[i];
    if (zone === 0 || shadow === 0) return 0;
    const dots = 0.55 + 0.9 * Math.max(0, (zones.fine[0][i] - 120) / 128) + (zones.mid[0][i] - 128) / 500;
    const share = Math.min(0.95, (zone / 255) * shadow * dots) * (1 - (0.9 * zones.lips[i]) / 255);
    for (let c = 0; c < 3; c++) color[c] += (tone[c] - color[c]) * share;
    return share;
  };
}
