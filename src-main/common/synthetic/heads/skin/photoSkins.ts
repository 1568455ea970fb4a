import type { HeadModel } from '#common/head/headModel';
import { SRGB_TO_LINEAR } from '#common/image/srgb';
import { smoothStep } from '#common/math/smoothStep';
import { rasterizeScreen } from '#common/raster/rasterizeVisibility';
import { blurPlane } from '#common/synthetic/heads/skin/blurPlane';
import { fillHoles } from '#common/synthetic/heads/skin/fillHoles';
import type { SkinAtlas } from '#common/synthetic/heads/skin/skinAtlas';
import { skinAtlas } from '#common/synthetic/heads/skin/skinAtlas';
import type { SkinZones } from '#common/synthetic/heads/skin/skinZones';
import { skinZones } from '#common/synthetic/heads/skin/skinZones';
import type { LibraryTexture, SyntheticLibrary } from '#common/synthetic/library/syntheticLibrary';
import { norm2, portableLog } from '#common/math/portableMath';

/** Side of the maps: a texel is a millimetre of the face; the photographs have one every millimetre and a half. */
export const PHOTO_SIZE = 256;
/** Texels, millimetres: what is blurred with this twice is coarse. */
export const COARSE_REACH = 7;

/**
 * What a library's photographs say about skin apart from its tone: natural logarithms of how much lighter each place is
 * than the person's cheeks and forehead, per channel. Three planes of PHOTO_SIZE squared in one array.
 */
export interface PhotoSkins {
  /** Of all people: what is the same in everyone, some of it light that was photographed along. */
  readonly mean: Float32Array;
  /** Of each skin of the library, against the mean. */
  readonly own: readonly Float32Array[];
  /** How much of each texel is not lips, one plane. */
  readonly besideLips: Float32Array;
}

const cache = new WeakMap<SyntheticLibrary, PhotoSkins>();

/** A second of processor time and 16 MB, once a library. */
export function photoSkins(model: HeadModel, library: SyntheticLibrary): PhotoSkins {
  let maps = cache.get(library);
  if (maps === undefined) {
    maps = readPhotoSkins(model, library);
    cache.set(library, maps);
  }
  return maps;
}

const AREA = PHOTO_SIZE * PHOTO_SIZE;

function readPhotoSkins(model: HeadModel, library: SyntheticLibrary): PhotoSkins {
  const atlas = skinAtlas(model, PHOTO_SIZE);
  const ground = { atlas, zones: skinZones(model, atlas), places: placesInTexture(model, library) };
  const own = library.skins.map(({ texture, ancestry }) => readSkin(texture, ground, ancestry === 'african'));
  const mean = new Float32Array(AREA * 3);
  for (const map of own) for (let k = 0; k < mean.length; k++) mean[k] += map[k] / own.length;
  for (const map of own) for (let k = 0; k < mean.length; k++) map[k] -= mean[k];
  takeLampOut(mean);
  const besideLips = new Float32Array(AREA).fill(1);
  atlas.texels.forEach((texel, i) => (besideLips[texel] = 1 - ground.zones.lips[i] / 255));
  return { mean, own, besideLips };
}

/** Brow bone, nose and cheekbones are lighter in everyone because lamps hang above: most of that is not skin. */
function takeLampOut(mean: Float32Array): void {
  const slow = Float32Array.from({ length: AREA }, (_, texel) => lightOf(mean, texel));
  for (let pass = 0; pass < 2; pass++) blurPlane(slow, PHOTO_SIZE, COARSE_REACH);
  for (let k = 0; k < mean.length; k++) mean[k] -= LAMP_SHARE * slow[k % AREA];
}

const LAMP_SHARE = 0.55;

interface Ground {
  readonly atlas: SkinAtlas;
  readonly zones: SkinZones;
  /** u, v in the photographs for each of the atlas's texels. */
  readonly places: Float32Array;
}

function placesInTexture(model: HeadModel, { skinCorners }: SyntheticLibrary): Float32Array {
  const skin = model.parts.find(({ name }) => name === 'skin') ?? model.parts[0];
  const indices = model.indices.subarray(skin.firstIndex, skin.firstIndex + skin.indexCount);
  const points = Float32Array.from(model.uvs, (value) => value * PHOTO_SIZE);
  const seen = rasterizeScreen({ points, indices, width: PHOTO_SIZE, height: PHOTO_SIZE });
  const { texels } = skinAtlas(model, PHOTO_SIZE);
  const places = new Float32Array(texels.length * 2);
  texels.forEach((texel, i) => {
    for (let k = 0; k < 3; k++) {
      const weight = seen.barycentrics[texel * 3 + k];
      const corner = (seen.triangles[texel] * 3 + k) * 2;
      places[i * 2] += weight * skinCorners[corner];
      places[i * 2 + 1] += weight * skinCorners[corner + 1];
    }
  });
  return places;
}

/** Darker than this against the face (logarithm) near the scalp is hair, not skin. */
const HAIR_DARKNESS = -0.28;

function readSkin(texture: LibraryTexture, { atlas, zones, places }: Ground, isDark: boolean): Float32Array {
  const { texels } = atlas;
  const source = logarithms(texture);
  const map = new Float32Array(AREA * 3);
  const pixel = new Float64Array(3);
  texels.forEach((texel, i) => {
    samplePixel(source, texture, places[i * 2], places[i * 2 + 1], pixel);
    for (let c = 0; c < 3; c++) map[c * AREA + texel] = pixel[c];
  });
  const tone = meanWhere(map, atlas, (i) => faceShare(atlas, zones, i));
  const known = new Float32Array(AREA);
  const covered = new Float32Array(AREA);
  texels.forEach((texel, i) => {
    for (let c = 0; c < 3; c++) map[c * AREA + texel] -= tone[c];
    const light = lightOf(map, texel);
    covered[texel] = 1;
    // Our hairline is at 128, four steps a millimetre; theirs may lie lower.
    const nearScalp = smoothStep(60, 110, zones.hairline[i]) * (1 - atlas.ears[i]);
    const isHair = nearScalp * (1 - smoothStep(HAIR_DARKNESS, HAIR_DARKNESS + 0.18, light));
    known[texel] = Math.max(0, 1 - Math.max(isHair, scalpShare(atlas, zones, i)));
    takeLightOut(map, texel, light, isDark);
  });
  for (let c = 0; c < 3; c++) fillHoles(map.subarray(c * AREA, (c + 1) * AREA), known, PHOTO_SIZE);
  // What was made up for the scalp fades: its charts were filled apart and must meet.
  texels.forEach((texel, i) => {
    const kept = 1 - 0.85 * scalpShare(atlas, zones, i);
    for (let c = 0; c < 3; c++) map[c * AREA + texel] *= kept;
  });
  for (let c = 0; c < 3; c++) fillHoles(map.subarray(c * AREA, (c + 1) * AREA), covered, PHOTO_SIZE);
  return map;
}

function scalpShare({ ears }: SkinAtlas, { hairline }: SkinZones, i: number): number {
  return smoothStep(100, 140, hairline[i]) * (1 - ears[i]);
}

/** Lighter than this against the face is shine that was photographed along. */
const BRIGHTEST = { light: 0.2, dark: 0.06 } as const;
/** Chroma beyond is noise of dark bytes or blue shine. */
const MOST_CHROMA = { light: 0.4, dark: 0.13 } as const;

/** Presses shine down and keeps colour within what skin has, in place. */
function takeLightOut(map: Float32Array, texel: number, light: number, isDark: boolean): void {
  const kind = isDark ? 'dark' : 'light';
  const over = light - BRIGHTEST[kind];
  const pressed = over > 0 ? light - 0.75 * over : light;
  for (let c = 0; c < 3; c++) {
    const chroma = map[c * AREA + texel] - light;
    // In shine it is the lamp's colour.
    const own = over > 0 ? chroma / (1 + 4 * over) : chroma;
    map[c * AREA + texel] = pressed + own / norm2(1, own / MOST_CHROMA[kind]);
  }
}

/** Cheeks and forehead: what a person's tone is measured on. */
function faceShare({ canonical, eyelids, ears }: SkinAtlas, zones: SkinZones, i: number): number {
  const isFront = canonical[i * 3 + 2] > 0.06 && canonical[i * 3 + 1] > -0.06 && zones.hairline[i] < 70;
  return isFront && zones.lips[i] === 0 && eyelids[i] < 0.05 && ears[i] === 0 ? 1 : 0;
}

function meanWhere(map: Float32Array, { texels }: SkinAtlas, shareOf: (i: number) => number): number[] {
  const sums = [0, 0, 0];
  let total = 0;
  texels.forEach((texel, i) => {
    const share = shareOf(i);
    total += share;
    for (let c = 0; c < 3; c++) sums[c] += share * map[c * AREA + texel];
  });
  return sums.map((sum) => sum / total);
}

function lightOf(map: Float32Array, texel: number): number {
  return 0.3 * map[texel] + 0.59 * map[AREA + texel] + 0.11 * map[AREA * 2 + texel];
}

/** Logarithms of linear light; black is as dark as the darkest byte but one. */
function logarithms({ data, channels, width, height }: LibraryTexture): Float32Array {
  const out = new Float32Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++)
    for (let c = 0; c < 3; c++) out[pixel * 3 + c] = LOGARITHM[data[pixel * channels + c]];
  return out;
}

const LOGARITHM = Float32Array.from({ length: 256 }, (_, byte) =>
  portableLog(SRGB_TO_LINEAR[Math.max(6, byte)]),
);

const weightsX = new Float64Array(4);
const weightsY = new Float64Array(4);

/** Bicubic (Catmull-Rom): the photographs are enlarged, and lines should stay lines. */
function samplePixel(
  source: Float32Array,
  { width, height }: LibraryTexture,
  u: number,
  v: number,
  out: Float64Array,
): void {
  const x = u * width - 0.5;
  const y = v * height - 0.5;
  const column = Math.floor(x);
  const row = Math.floor(y);
  cubicWeights(x - column, weightsX);
  cubicWeights(y - row, weightsY);
  out.fill(0);
  for (let j = 0; j < 4; j++) {
    const line = Math.min(height - 1, Math.max(0, row - 1 + j)) * width;
    for (let i = 0; i < 4; i++) {
      const at = (line + Math.min(width - 1, Math.max(0, column - 1 + i))) * 3;
      const weight = weightsX[i] * weightsY[j];
      for (let c = 0; c < 3; c++) out[c] += weight * source[at + c];
    }
  }
}

function cubicWeights(t: number, out: Float64Array): void {
  const t2 = t * t;
  const t3 = t2 * t;
  out[0] = 0.5 * (-t3 + 2 * t2 - t);
  out[1] = 0.5 * (3 * t3 - 5 * t2 + 2);
  out[2] = 0.5 * (-3 * t3 + 4 * t2 + t);
  out[3] = 0.5 * (t3 - t2);
}
