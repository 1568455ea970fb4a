import type { HeadModel } from '#common/head/headModel';
import type { SeededRandom } from '#common/math/seededRandom';
import { createSeededRandom } from '#common/math/seededRandom';
import { hashShare } from '#common/synthetic/pattern/latticeHash';
import { skinTone } from '#common/synthetic/heads/identity/skinTone';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { hairUnderlay, beardUnderlay } from '#common/synthetic/heads/skin/hairUnderlay';
import { createByteTexture, encodeReflectance } from '#common/synthetic/heads/texture/byteTexture';
import type { ByteTexture } from '#common/synthetic/heads/texture/byteTexture';
import { paintSpots } from '#common/synthetic/heads/skin/paintSpots';
import { skinAtlas } from '#common/synthetic/heads/skin/skinAtlas';
import type { SkinAtlas } from '#common/synthetic/heads/skin/skinAtlas';
import { skinZones } from '#common/synthetic/heads/skin/skinZones';
import type { SkinZones } from '#common/synthetic/heads/skin/skinZones';
import { toneVariation } from '#common/synthetic/heads/skin/toneVariation';
import type { ToneVariation } from '#common/synthetic/heads/skin/toneVariation';
import { lipColors } from '#common/synthetic/heads/skin/lipColors';
import type { SyntheticLibrary } from '#common/synthetic/library/syntheticLibrary';
import type { Triple } from '#common/synthetic/scene';
import { norm } from '#common/math/portableMath';

/** Side of a person's skin texture. */
export const SKIN_SIZE = 1024;

const TONE_STEPS = 96;

/** What light is left between the lips and in their corners: red gets furthest. */
const LIP_SHADE: Triple = [0.5, 0.36, 0.36];

/**
 * A person's skin on the head's atlas: reflectance (see encodeReflectance) in the first three bytes, gloss in the
 * fourth. 0.1 to 0.2 s at 1024 after the model's own maps are made (2 s, once).
 */
export function paintSkin(
  model: HeadModel,
  recipe: IdentityRecipe,
  size = SKIN_SIZE,
  library?: SyntheticLibrary,
): ByteTexture {
  const atlas = skinAtlas(model, size);
  const zones = skinZones(model, atlas);
  const data = new Uint8Array(size * size * 4);
  fillWithTone(data, recipe);
  const variation = toneVariation(model, recipe, library);
  const brush: Brush = {
    atlas,
    zones,
    recipe,
    data,
    variation,
    painted: library ? 0.4 : 0.75,
    tones: toneTable(recipe),
  };
  paintTexels(brush);
  paintSpots(atlas, recipe, data);
  const texels = new Uint32Array(data.buffer);
  for (let k = 0; k < atlas.gutter.length; k += 2) {
    texels[atlas.gutter[k]] = texels[atlas.gutter[k + 1]];
  }
  return createByteTexture(size, size, data);
}

interface Brush {
  readonly atlas: SkinAtlas;
  readonly zones: SkinZones;
  readonly recipe: IdentityRecipe;
  readonly data: Uint8Array;
  readonly variation: ToneVariation;
  /** How much of what zones and noise do is left to them: photographs have most of it. */
  readonly painted: number;
  /** TONE_STEPS melanins (-0.25 .. 0.35 about the person's) x TONE_STEPS bloods (-1.2 .. 1.6). */
  readonly tones: Float32Array;
}

function toneTable({ skin }: IdentityRecipe): Float32Array {
  const table = new Float32Array(TONE_STEPS * TONE_STEPS * 3);
  const tone = new Float64Array(3);
  for (let m = 0; m < TONE_STEPS; m++)
    for (let b = 0; b < TONE_STEPS; b++) {
      skinTone(
        skin.melanin + (m / (TONE_STEPS - 1)) * 0.6 - 0.25,
        (b / (TONE_STEPS - 1)) * 2.8 - 1.2,
        skin.undertone,
        tone,
      );
      table.set(tone, (m * TONE_STEPS + b) * 3);
    }
  return table;
}

/** Between the charts, for coarse levels. */
function fillWithTone(data: Uint8Array, { skin }: IdentityRecipe): void {
  const tone = skinTone(skin.melanin, 0, skin.undertone, new Float64Array(3));
  const bytes = [...Array.from(tone, encodeReflectance), 100];
  for (let k = 0; k < data.length; k++) data[k] = bytes[k & 3];
}

function paintTexels({ atlas, zones, recipe, data, variation, painted: own, tones }: Brush): void {
  const { skin } = recipe;
  const random = createSeededRandom(recipe.seed ^ 0x51f15e);
  const slow = mixOf(zones.slow, random);
  const mid = mixOf(zones.mid, random);
  const fine = mixOf(zones.fine, random);
  const blotch = 0.012 + 0.026 * skin.mottling;
  const cellSeed = recipe.seed & 0xffff;
  const freckled = skin.freckles * 0.55;
  const lips = lipColors(recipe);
  const lipShare = own > 0.5 ? 0.95 : 0.5 + 0.45 * skin.makeup.lips;
  const { makeup } = skin;
  const underScalp = hairUnderlay(recipe);
  const underBeard = beardUnderlay(recipe);
  const color = new Float64Array(3);
  for (let i = 0; i < atlas.texels.length; i++) {
    const n1 = slow(i);
    const n2 = mid(i);
    const n3 = fine(i);
    let melanin =
      own * blotch * (0.5 * n1 + 0.5 * n2) +
      0.012 * n3 +
      (own * zones.dusk[i] * 0.09) / 255 +
      (zones.sun[i] * 0.03) / 255;
    melanin += (zones.rings[i] / 255) * (0.02 * own + 0.13 * skin.eyeRings);
    if (freckled > 0 && zones.freckle[i] > 0) {
      const chance = freckled * (0.25 + (zones.sun[i] * 1.1) / 255);
      if (hashShare(zones.freckleCell[i] * 65536 + cellSeed, 3) < chance)
        melanin +=
          (zones.freckle[i] / 255) * (0.07 + 0.08 * skin.freckles) * hashShare(zones.freckleCell[i], 4);
    }
    const blood =
      (skin.redness - 0.45) * 0.7 + own * ((zones.blood[i] - 128) / 127) * (0.16 + 0.42 * skin.redness) +
      (0.07 + 0.13 * skin.mottling) * (0.5 * n1 + 0.4 * n2 + 0.35 * n3) + (own * zones.rings[i] / 255) * 0.14; // prettier-ignore
    readTone(tones, melanin, blood, color);
    variation.tint(atlas.texels[i], atlas.size, color);
    if (zones.lips[i] > 0)
      mixInto(color, lips(n2, n3, zones.lipLine[i] / 255), (zones.lips[i] / 255) * lipShare);
    if (zones.lipShade[i] > 0) tint(color, LIP_SHADE, (zones.lipShade[i] / 255) * lipShare);
    if (zones.blush[i] > 0 && makeup.blush > 0)
      tint(color, [0.9, 0.42, 0.42], (zones.blush[i] / 255) * makeup.blush * 0.5);
    if (zones.eyeshadow[i] > 0 && makeup.eyeshadow > 0)
      mixInto(color, makeup.eyeshadowColor, (zones.eyeshadow[i] / 255) * makeup.eyeshadow * (0.8 + 0.2 * n3));
    if (zones.eyeliner[i] > 0) {
      // Lid margins are darker where lashes root, made up or not.
      const dark = (zones.eyeliner[i] / 255) * Math.max(0.35, makeup.eyeliner);
      mixInto(color, [0.02, 0.014, 0.012], dark * 0.85);
    }
    underBeard(i, atlas, zones, color);
    const hair = underScalp(i, atlas, zones, color);
    const at = atlas.texels[i] * 4;
    data[at] = encodeReflectance(color[0]);
    data[at + 1] = encodeReflectance(color[1]);
    data[at + 2] = encodeReflectance(color[2]);
    const gloss =
      zones.oil[i] * (0.55 + 0.7 * skin.shine) + (zones.lips[i] * (0.3 + 0.5 * makeup.lips)) / 1.2 + 10 * n3;
    // Roots are rough.
    data[at + 3] = Math.min(255, Math.max(0, gloss * (1 - hair)));
  }
}

/** A random mixture of noise maps, about normal: the maps are everybody's, the mixture is the person's. */
function mixOf(maps: readonly Uint8Array[], random: SeededRandom): (i: number) => number {
  const weights = maps.map(() => random.normal());
  const scale = 1 / (45 * norm(weights));
  const [a, b, c] = [...weights.map((weight) => weight * scale), 0];
  const [first, second, third] = [maps[0], maps[1], maps[2] ?? maps[0]];
  const has = maps[2] === undefined ? 0 : c;
  return (i) => a * (first[i] - 128) + b * (second[i] - 128) + has * (third[i] - 128);
}

function readTone(tones: Float32Array, melanin: number, blood: number, out: Float64Array): void {
  const m = Math.min(TONE_STEPS - 1, Math.max(0, Math.round(((melanin + 0.25) / 0.6) * (TONE_STEPS - 1))));
  const b = Math.min(TONE_STEPS - 1, Math.max(0, Math.round(((blood + 1.2) / 2.8) * (TONE_STEPS - 1))));
  const at = (m * TONE_STEPS + b) * 3;
  out[0] = tones[at];
  out[1] = tones[at + 1];
  out[2] = tones[at + 2];
}

function mixInto(color: Float64Array, other: ArrayLike<number>, share: number): void {
  for (let c = 0; c < 3; c++) color[c] += (other[c] - color[c]) * share;
}

function tint(color: Float64Array, filter: Triple, share: number): void {
  for (let c = 0; c < 3; c++) color[c] *= 1 + (filter[c] - 1) * share;
}
