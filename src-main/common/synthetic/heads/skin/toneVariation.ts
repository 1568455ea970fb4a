import type { HeadModel } from '#common/head/headModel';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { PHOTO_SIZE, photoSkins } from '#common/synthetic/heads/skin/photoSkins';
import { mixPhotos, skinMixture } from '#common/synthetic/heads/skin/skinMixture';
import { skinAtlas } from '#common/synthetic/heads/skin/skinAtlas';
import { TONE_PEOPLE } from '#common/synthetic/heads/skin/skinTones.data';
import { spreadTones } from '#common/synthetic/heads/skin/spreadTones';
import type { SyntheticLibrary } from '#common/synthetic/library/syntheticLibrary';
import { portableExp } from '#common/math/portableMath';

/** How a person's skin differs from place to place from its mean tone. */
export interface ToneVariation {
  /**
   * Multiplies `color` (linear) by what the texel is against the mean tone.
   *
   * @param texel row * size + column in the head's atlas of `size`
   */
  tint(texel: number, size: number, color: Float64Array): void;
}

/** Variation as the library's photographs have it, else as a table of their means has it. 20 ms. */
export function toneVariation(
  model: HeadModel,
  recipe: IdentityRecipe,
  library: SyntheticLibrary | undefined,
): ToneVariation {
  const map =
    library === undefined
      ? filled(model, spreadTones(model, skinMixture(recipe, TONE_PEOPLE)))
      : mixPhotos(photoSkins(model, library), skinMixture(recipe, library.skins));
  asFactors(map);
  return { tint: (texel, size, color) => tintBy(map, texel, size, color) };
}

/** Skin is darker in places by much, lighter only by little: what mixing overdid is pressed down. */
function asFactors(map: Float32Array): void {
  for (let texel = 0; texel < AREA; texel++) {
    const light = 0.3 * map[texel] + 0.59 * map[AREA + texel] + 0.11 * map[2 * AREA + texel];
    const over = light > 0 ? light - light / (1 + light / LIGHTEST) : 0;
    const under = light < 0 ? light - light / (1 - light / DARKEST) : 0;
    for (let c = 0; c < 3; c++) map[c * AREA + texel] = portableExp(map[c * AREA + texel] - over - under);
  }
}

/** Limits of lightness against the mean tone, logarithms. */
const LIGHTEST = 0.13;
const DARKEST = 1.6;

/** Charts grown outwards, so that texels at their borders are not mixed with nothing. */
function filled(model: HeadModel, map: Float32Array): Float32Array {
  const { gutter } = skinAtlas(model, PHOTO_SIZE);
  for (let k = 0; k < gutter.length; k += 2)
    for (let c = 0; c < 3; c++) map[c * AREA + gutter[k]] = map[c * AREA + gutter[k + 1]];
  return map;
}

const AREA = PHOTO_SIZE * PHOTO_SIZE;

/** Bilinear between the map's texels. */
function tintBy(map: Float32Array, texel: number, size: number, color: Float64Array): void {
  const scale = PHOTO_SIZE / size;
  const x = Math.min(PHOTO_SIZE - 1.001, Math.max(0, ((texel % size) + 0.5) * scale - 0.5));
  const y = Math.min(PHOTO_SIZE - 1.001, Math.max(0, (Math.floor(texel / size) + 0.5) * scale - 0.5));
  const column = Math.floor(x);
  const row = Math.floor(y);
  const fx = x - column;
  const fy = y - row;
  const at = row * PHOTO_SIZE + column;
  for (let c = 0; c < 3; c++) {
    const k = c * AREA + at;
    const top = map[k] + fx * (map[k + 1] - map[k]);
    const below = k + PHOTO_SIZE;
    const bottom = map[below] + fx * (map[below + 1] - map[below]);
    color[c] *= top + fy * (bottom - top);
  }
}
