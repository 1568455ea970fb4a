import { createSeededRandom } from '#common/math/seededRandom';
import type { SeededRandom } from '#common/math/seededRandom';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { blurPlane } from '#common/synthetic/heads/skin/blurPlane';
import { fillHoles } from '#common/synthetic/heads/skin/fillHoles';
import type { PhotoSkins } from '#common/synthetic/heads/skin/photoSkins';
import { COARSE_REACH, PHOTO_SIZE } from '#common/synthetic/heads/skin/photoSkins';
import type { PhotoSkin } from '#common/synthetic/library/syntheticLibrary';
import { norm } from '#common/math/portableMath';

/** What a person's skin is mixed of: shares of the library's skins, which need not sum to one. */
export interface SkinMixture {
  /** For what changes over more than a centimetre: sockets, cheeks, lips, beard's shadow. */
  readonly coarse: Float32Array;
  /** For what is finer: lines, spots, edges. */
  readonly fine: Float32Array;
  /** Share of what all people have. */
  readonly mean: number;
  /** Left and right swapped: nobody is symmetric, and half of all are the other way round. */
  readonly isMirrored: boolean;
}

/** Skins in each of the two mixtures. */
const PICKS = 3;

/**
 * Draws who a person's skin is like: people of about the same age, sex and ancestry first, with some chance others.
 * Coarse and fine come from different people, and more strongly than a mean of several would be.
 */
export function skinMixture(
  recipe: IdentityRecipe,
  skins: readonly Omit<PhotoSkin, 'texture'>[],
): SkinMixture {
  const random = createSeededRandom(recipe.skin.mixture);
  const nearness = skins.map((skin) => nearnessOf(recipe, skin));
  // Children have the skin of the young, less of it.
  const depth = recipe.ageYears < 16 ? 0.7 : 1;
  return {
    coarse: drawShares(random, nearness, 1.6 * depth),
    fine: drawShares(random, nearness, 1.7 * depth),
    mean: random.between(0.45, 1.05) * (0.4 + 0.6 * depth),
    isMirrored: random.uniform() < 0.5,
  };
}

function nearnessOf(recipe: IdentityRecipe, skin: Omit<PhotoSkin, 'texture'>): number {
  const years = Math.abs(recipe.ageYears - skin.ageYears) / 22;
  const sex = Math.abs(recipe.masculinity - (skin.isMale ? 1 : 0));
  const ancestry = 1 - recipe.ancestry[skin.ancestry];
  // Tones are taken out, so other ancestries lend their features; women do not get men's stubble.
  return -1.3 * years - (skin.isMale ? 1.6 : 0.7) * sex - 0.6 * ancestry;
}

/** @param strength length of the vector of shares; 1 is as strong as one photograph alone */
function drawShares(random: SeededRandom, nearness: readonly number[], strength: number): Float32Array {
  const ranked = nearness
    .map((value, index) => ({ index, value: value + 1.1 * random.normal() }))
    .sort((a, b) => b.value - a.value)
    .slice(0, PICKS);
  const shares = new Float32Array(nearness.length);
  const raw = ranked.map((_, rank) => random.between(0.35, 1) / (1 + 0.6 * rank));
  const length = norm(raw);
  ranked.forEach(({ index }, rank) => (shares[index] = (strength * raw[rank]) / length));
  return shares;
}

const AREA = PHOTO_SIZE * PHOTO_SIZE;
/** The logarithm of each place's lightness against the person's tone; three planes as in PhotoSkins. */
export function mixPhotos(photos: PhotoSkins, { coarse, fine, mean, isMirrored }: SkinMixture): Float32Array {
  const out = new Float32Array(AREA * 3);
  const slow = new Float32Array(AREA * 3);
  for (let k = 0; k < out.length; k++) out[k] = mean * photos.mean[k];
  photos.own.forEach((own, index) => {
    const [b, a] = [fine[index], coarse[index] - fine[index]];
    if (b !== 0) for (let k = 0; k < out.length; k++) out[k] += b * own[k];
    if (a !== 0) for (let k = 0; k < out.length; k++) slow[k] += a * own[k];
  });
  for (let c = 0; c < 3; c++) {
    const plane = slow.subarray(c * AREA, (c + 1) * AREA);
    // Lips are fine: blurred they would redden all around the mouth.
    fillHoles(plane, photos.besideLips, PHOTO_SIZE);
    for (let pass = 0; pass < 2; pass++) blurPlane(plane, PHOTO_SIZE, COARSE_REACH);
  }
  for (let k = 0; k < out.length; k++) out[k] += slow[k];
  return isMirrored ? mirrored(out) : out;
}

/** The atlas is its own mirror image about its middle. */
function mirrored(map: Float32Array): Float32Array {
  const out = new Float32Array(map.length);
  for (let row = 0; row < map.length; row += PHOTO_SIZE)
    for (let column = 0; column < PHOTO_SIZE; column++)
      out[row + column] = map[row + PHOTO_SIZE - 1 - column];
  return out;
}
