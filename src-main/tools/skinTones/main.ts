import { readFile, writeFile } from 'node:fs/promises';
import { decodeHeadModel } from '#common/head/headModelCodec';
import type { PhotoSkins } from '#common/synthetic/heads/skin/photoSkins';
import { PHOTO_SIZE, photoSkins } from '#common/synthetic/heads/skin/photoSkins';
import type { SkinAtlas } from '#common/synthetic/heads/skin/skinAtlas';
import { skinAtlas } from '#common/synthetic/heads/skin/skinAtlas';
import type { SkinZones } from '#common/synthetic/heads/skin/skinZones';
import { skinZones } from '#common/synthetic/heads/skin/skinZones';
import { openLibrary } from '#tools/openLibrary';

// `npm run assets:skin-tones`: what the library's photographs say on average about places of the face, written to
// common/synthetic/heads/skin/skinTones.data.ts. Sixty-four numbers for a face and channel: statistics, no picture.

const OUTPUT = 'src-main/common/synthetic/heads/skin/skinTones.data.ts';
const PLACES = 64;
/** Texels of the photo maps over which a place is averaged (standard deviation). */
const REACH = 5;
const AREA = PHOTO_SIZE * PHOTO_SIZE;

const model = decodeHeadModel(await readFile('assets/head/head-v1.bin'));
const library = await openLibrary('makehuman', model);
if (library === undefined) throw new Error('the library is needed');
const atlas = skinAtlas(model, PHOTO_SIZE);
const zones = skinZones(model, atlas);
const photos = photoSkins(model, library);
const faces = library.skins.map(({ name, ageYears, isMale, ancestry }) =>
  JSON.stringify({ name, ageYears, isMale, ancestry }),
);
const rows = spreadPlaces(atlas, zones).map((i) => {
  const position = [0, 1, 2].map((c) => Math.round(atlas.canonical[i * 3 + c] * 10_000) / 10);
  const values = [photos.mean, ...photos.own].flatMap((map) => averageAt(map, i));
  return `  [${[...position, ...values].join(', ')}],`;
});
await writeFile(OUTPUT, dataFile(faces, rows));
console.log(`${OUTPUT}: ${rows.length} places of ${photos.own.length} people`);

/** Texels of the left half of the face, as far apart in the atlas (finer about eyes and mouth) as can be. */
function spreadPlaces({ texels, canonical }: SkinAtlas, { hairline, lips }: SkinZones): number[] {
  const candidates: number[] = [];
  texels.forEach((_, i) => {
    const isFace = canonical[i * 3] >= 0 && canonical[i * 3 + 2] > 0 && hairline[i] < 90 && lips[i] === 0;
    if (isFace && canonical[i * 3 + 1] > -0.12) candidates.push(i);
  });
  const distance = new Float64Array(candidates.length).fill(Infinity);
  const chosen: number[] = [];
  for (let next = 0; chosen.length < PLACES;) {
    chosen.push(candidates[next]);
    const [x, y] = columnAndRow(candidates[next]);
    candidates.forEach((i, k) => {
      const [column, row] = columnAndRow(i);
      distance[k] = Math.min(distance[k], (column - x) ** 2 + (row - y) ** 2);
    });
    next = distance.indexOf(Math.max(...distance));
  }
  return chosen;
}

function columnAndRow(i: number): [number, number] {
  const texel = atlas.texels[i];
  return [texel % PHOTO_SIZE, Math.floor(texel / PHOTO_SIZE)];
}

/** Hundredths, per channel; both sides of the face. */
function averageAt(map: PhotoSkins['mean'], place: number): number[] {
  const [column, row] = columnAndRow(place);
  const sums = [0, 0, 0];
  let total = 0;
  atlas.texels.forEach((texel, i) => {
    const [x, y] = columnAndRow(i);
    const dx = Math.min(Math.abs(x - column), Math.abs(PHOTO_SIZE - 1 - x - column));
    const weight = zones.lips[i] > 0 ? 0 : Math.exp(-(dx ** 2 + (y - row) ** 2) / (2 * REACH ** 2));
    if (weight < 1e-3) return;
    total += weight;
    for (let c = 0; c < 3; c++) sums[c] += weight * map[c * AREA + texel];
  });
  return sums.map((sum) => Math.round((sum / total) * 100));
}

function dataFile(people: readonly string[], places: readonly string[]): string {
  return `import type { PhotoSkin } from '#common/synthetic/library/syntheticLibrary';

// Written by npm run assets:skin-tones; see skinTones.ts.
// prettier-ignore
export const TONE_PEOPLE: readonly Omit<PhotoSkin, 'texture'>[] = [
${people.map((person) => `  ${person},`).join('\n')}
];

/** Millimetres on the mean head's left half; then hundredths of a logarithm: red, green, blue of the mean and each person. */
// prettier-ignore
export const TONE_PLACES: readonly (readonly number[])[] = [
${places.join('\n')}
];
`;
}
