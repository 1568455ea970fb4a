import type { HeadModel } from '#common/head/headModel';
import { PHOTO_SIZE } from '#common/synthetic/heads/skin/photoSkins';
import { skinAtlas } from '#common/synthetic/heads/skin/skinAtlas';
import type { SkinMixture } from '#common/synthetic/heads/skin/skinMixture';
import { TONE_PLACES } from '#common/synthetic/heads/skin/skinTones.data';
import { skinZones } from '#common/synthetic/heads/skin/skinZones';
import { smoothStep } from '#common/math/smoothStep';
import { squared } from '#common/math/portableMath';

const AREA = PHOTO_SIZE * PHOTO_SIZE;
/** Places that each texel is a mean of. */
const NEAREST = 6;
/** Numbers of a place before those of people: position, mean. */
const FIRST_PERSON = 6;
/** Means over a centimetre vary less than skin does. */
const SPREAD = 1.7;
/** How much the right half is somebody else's. */
const ASYMMETRY = 0.3;

/** For each of the small atlas's texels: its texel, NEAREST places and their shares. */
interface Neighbours {
  readonly texels: Uint32Array;
  readonly isRight: Uint8Array;
  readonly places: Uint8Array;
  readonly shares: Float32Array;
}

const cache = new WeakMap<HeadModel, Neighbours>();

/**
 * The same as `mixPhotos` from the table of what photographs say on average about 64 places of the face
 * (`skinTones.data`): what is left without a library. No lines or spots; those are painted.
 */
export function spreadTones(model: HeadModel, { coarse, fine, mean }: SkinMixture): Float32Array {
  let found = cache.get(model);
  if (found === undefined) {
    found = neighbours(model);
    cache.set(model, found);
  }
  const left = TONE_PLACES.map((place) => toneOf(place, mean, coarse));
  const other = coarse.map((share, k) => share + ASYMMETRY * (fine[k] - share));
  const right = TONE_PLACES.map((place) => toneOf(place, mean, other));
  const out = new Float32Array(AREA * 3);
  found.texels.forEach((texel, i) => {
    const tones = found.isRight[i] === 1 ? right : left;
    for (let k = i * NEAREST; k < (i + 1) * NEAREST; k++) {
      const tone = tones[found.places[k]];
      for (let c = 0; c < 3; c++) out[c * AREA + texel] += found.shares[k] * tone[c];
    }
  });
  return out;
}

function toneOf(place: readonly number[], mean: number, shares: Float32Array): readonly number[] {
  return [0, 1, 2].map((c) => {
    let sum = mean * place[3 + c];
    shares.forEach((share, k) => (sum += SPREAD * share * place[FIRST_PERSON + k * 3 + c]));
    return sum / 100;
  });
}

function neighbours(model: HeadModel): Neighbours {
  const atlas = skinAtlas(model, PHOTO_SIZE);
  const { hairline } = skinZones(model, atlas);
  const { texels, canonical, ears } = atlas;
  const places = new Uint8Array(texels.length * NEAREST);
  const shares = new Float32Array(texels.length * NEAREST);
  const isRight = Uint8Array.from(texels, (_, i) => (canonical[i * 3] < 0 ? 1 : 0));
  for (let i = 0; i < texels.length; i++) {
    const x = Math.abs(canonical[i * 3]) * 1000;
    const y = canonical[i * 3 + 1] * 1000;
    const z = canonical[i * 3 + 2] * 1000;
    const ranked = TONE_PLACES.map((place, index) => ({
      index,
      square: squared(place[0] - x) + squared(place[1] - y) + squared(place[2] - z),
    }))
      .sort((a, b) => a.square - b.square)
      .slice(0, NEAREST);
    // Falls to nothing at the last, so nobody enters with a step.
    const reach = ranked[NEAREST - 1].square;
    const raw = ranked.map(({ square }) => squared(1 - square / (reach + 1e-6)) / (square + 9));
    const total = raw.reduce((sum, value) => sum + value, 0);
    // The table knows nothing of scalp, neck and back.
    const known =
      (1 - smoothStep(90, 140, hairline[i]) * (1 - ears[i])) *
      (1 - smoothStep(20, 45, Math.sqrt(ranked[0].square)));
    ranked.forEach(({ index }, k) => {
      places[i * NEAREST + k] = index;
      shares[i * NEAREST + k] = (known * raw[k]) / total;
    });
  }
  return { texels, isRight, places, shares };
}
