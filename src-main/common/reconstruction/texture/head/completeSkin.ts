import type { ColorImage } from '#common/image/colorImage';
import { encodeSrgb } from '#common/image/colorImage';
import { boxBlur } from '#common/image/boxBlur';
import { sampleBilinear, samplePlane } from '#common/image/resample';
import type { SeenTexels } from '#common/reconstruction/texture/head/bakeSeen';
import { createSeenTexels } from '#common/reconstruction/texture/head/bakeSeen';
import type { HeadChart, VertexAttribute } from '#common/reconstruction/texture/head/headChart';
import { interpolateAtTexel, partNumber } from '#common/reconstruction/texture/head/headChart';
import type { Plane } from '#common/reconstruction/texture/head/cellPlane';
import { cellsOf, LIGHT_STEP } from '#common/reconstruction/texture/head/cellPlane';
import {
  foreignCells,
  LEAST_SHINE,
  litCells,
  mirrorLight,
} from '#common/reconstruction/texture/head/mirrorLight';
import { cellNormals } from '#common/reconstruction/texture/head/sideLight';
import { paintLids } from '#common/reconstruction/texture/head/lidTexture';
import { relit } from '#common/reconstruction/texture/head/lightRatio';
import { seamCorrection } from '#common/reconstruction/texture/head/mirrorSeam';
import { spreadOverPart } from '#common/reconstruction/texture/head/partSpread';
import type { LinearColor, PictureTone } from '#common/reconstruction/texture/view/pictureTone';
import { luminanceOf } from '#common/reconstruction/texture/view/pictureTone';
import { smoothStep } from '#common/math/smoothStep';
import { GRAIN_TILE, measureGrain } from '#common/reconstruction/texture/head/skinGrain';
import type { PartCoverage, TextureInput } from '#common/reconstruction/texture/textureInput';
import { modelVertexOf } from '#common/reconstruction/texture/textureInput';

/** Weight of a region's typical colour against seen texels: it wins about 1 / sqrt(weight) texels away from them. */
const PRIOR_WEIGHT = 3e-5;
/** Texels (at S = 1024) over which seen skin fades into mirrored skin. */
const FEATHER = 10;

/** Unseen skin under the jaw lies in its shade: this much of the light reaches it (encoded). */
const UNDER_JAW_LIGHT = 0.88;

/**
 * Completes the skin: texels the camera did not see take the mirrored side's detail, relit by the smooth
 * ratio between the halves so that light and shade stay where they are; the rest is interpolated from its
 * neighbours and the region's typical colour, with the grain of the seen skin.
 * Writes every skin texel of `target` (encoded).
 */
export function completeSkin(
  input: TextureInput,
  chart: HeadChart,
  seen: SeenTexels,
  options: { readonly tone: PictureTone; readonly underJaw: Float32Array },
  target: ColorImage,
): PartCoverage {
  const { tone, underJaw } = options;
  const number = partNumber(input.geometry, 'skin');
  const mirrored = mirrorSeen(chart, seen, number);
  const skinLuminance = encodeSrgb(luminanceOf(tone.skin));
  const normals = cellNormals(input, chart, number, Math.floor(chart.size / LIGHT_STEP));
  const light = mirrorLight(chart, seen, mirrored, { number, skinLuminance, normals });
  const lit = litCells(chart, seen, mirrored, number);
  const foreign = foreignCells(chart, seen, mirrored, { light, lit });
  const feather = featherWeights(chart, seen, mirrored, number);
  const own = ownShares(chart, seen, mirrored, { number, foreign, lit, feather });
  const seam = seamCorrection(chart.size, seen, mirrored, light, { own: cellsOf(own, chart.size), foreign });
  const lightHere = new Float32Array(6);
  const mirrorHere = new Float32Array(3);
  const skin = encodeColor(tone.skin);
  const weight = new Float32Array(seen.weight.length);
  const counts = { texels: 0, seen: 0, mirrored: 0 };
  const { size } = chart;
  for (const texel of chart.parts[number].texels) {
    const x = ((texel % size) + 0.5) / LIGHT_STEP;
    const y = (Math.floor(texel / size) + 0.5) / LIGHT_STEP;
    const share = own[texel];
    const other = (1 - share) * mirrored.weight[texel];
    const sum = share + other;
    counts.texels++;
    counts.seen += share;
    counts.mirrored += other;
    if (sum <= 0) continue;
    weight[texel] = trusted(Math.min(1, sum));
    const gain = other > 0 ? samplePlane(light.gain, x, y) : 1;
    if (other > 0) {
      sampleBilinear(light.ratio, x, y, lightHere, 0);
      sampleBilinear(seam, x, y, lightHere, 3);
      for (let c = 0; c < 3; c++) {
        mirrorHere[c] = relit(mirrored.color.data[texel * 3 + c], lightHere[c] + lightHere[3 + c]) * gain;
      }
      const lifted = smoothStep(LIFTED[0], LIFTED[1], lightHere[1] + lightHere[4]);
      const dulled = (1 - gain) / (1 - LEAST_SHINE);
      if (lifted + dulled > 0) tintAsSkin(mirrorHere, skin, lifted + dulled);
    }
    for (let c = 0; c < 3; c++) {
      const i = texel * 3 + c;
      target.data[i] = (share * seen.color.data[i] + (other > 0 ? other * mirrorHere[c] : 0)) / sum;
    }
  }
  const known = weight.slice();
  addPriors(input, chart, tone, { target, weight, number });
  spreadOverPart(chart.parts[number], size, target, weight);
  shadeUnderJaw(input, chart, underJaw, { target, known, number });
  paintLids(input, chart, tone.hair, { target, known, number });
  addGrain(input, chart, seen, { target, known, number });
  return coverage(counts);
}

/** Logarithms of factors from which deep shade brought to light has lost its hue, and wholly so. */
const LIFTED = [0.5, 1.1] as const;

/** How much more (cosine) the mirrored texel must have faced the camera to replace a grazing one, and wholly so. */
const BETTER = [0.15, 0.4] as const;
/** Cosines from which the seen texel is kept against a better one, and wholly so. */
const KEPT = [0.32, 0.6] as const;

/** Per texel the share of the seen colour, [0, 1]: less where it is foreign, next to unseen skin or at a far outline. */
function ownShares(
  chart: HeadChart,
  seen: SeenTexels,
  mirrored: SeenTexels,
  options: {
    readonly number: number;
    readonly foreign: Plane;
    readonly lit: Plane;
    readonly feather: Float32Array;
  },
): Float32Array {
  const { size } = chart;
  const shares = new Float32Array(size * size);
  for (const texel of chart.parts[options.number].texels) {
    if (seen.weight[texel] === 0) continue;
    const x = ((texel % size) + 0.5) / LIGHT_STEP;
    const y = (Math.floor(texel / size) + 0.5) / LIGHT_STEP;
    const cosine = seen.cosine[texel];
    const better = mirrored.weight[texel] * smoothStep(BETTER[0], BETTER[1], mirrored.cosine[texel] - cosine);
    const lit = samplePlane(options.lit, x, y);
    const grazing = better * (1 - lit) * (1 - smoothStep(KEPT[0], KEPT[1], cosine));
    const skin = 1 - samplePlane(options.foreign, x, y);
    shares[texel] = seen.weight[texel] * options.feather[texel] * skin * (1 - grazing);
  }
  return shares;
}

/** Moves a colour's hue towards the skin's, keeping its brightness: a shine taken down would be grey. */
function tintAsSkin(color: Float32Array, skin: readonly number[], amount: number): void {
  const brightness = (color[0] + color[1] + color[2]) / (skin[0] + skin[1] + skin[2] + 1e-6);
  for (let c = 0; c < 3; c++) color[c] += 0.75 * Math.min(1, amount) * (brightness * skin[c] - color[c]);
}

/** Grazing texels are a blur of skin and what is behind it: they give way to better ones nearby. */
function trusted(weight: number): number {
  return weight < 0.5 ? 2 * weight * weight : weight;
}

function coverage(counts: { texels: number; seen: number; mirrored: number }): PartCoverage {
  const all = Math.max(1, counts.texels);
  const seen = counts.seen / all;
  const mirrored = counts.mirrored / all;
  return { part: 'skin', texels: counts.texels, seen, mirrored, filled: Math.max(0, 1 - seen - mirrored) };
}

/** What the other side of the face saw: the chart is mirrored about FACE_MIRROR_U, the square's middle. */
function mirrorSeen(chart: HeadChart, seen: SeenTexels, number: number): SeenTexels {
  const { size, part } = chart;
  const result = createSeenTexels(size);
  for (let texel = 0; texel < part.length; texel++) {
    if (part[texel] !== number) continue;
    const x = texel % size;
    const other = texel - x + size - 1 - x;
    const weight = seen.weight[other];
    if (part[other] !== number || weight < 0.02) continue;
    result.weight[texel] = weight;
    result.cosine[texel] = seen.cosine[other];
    for (let c = 0; c < 3; c++) result.color.data[texel * 3 + c] = seen.color.data[other * 3 + c];
  }
  return result;
}

/** 1 in seen skin, falling to 0 towards texels that only the mirrored side knows. */
function featherWeights(
  chart: HeadChart,
  seen: SeenTexels,
  mirrored: SeenTexels,
  number: number,
): Float32Array {
  const feather = new Float32Array(chart.part.length).fill(1);
  let hasUnseen = false;
  for (let texel = 0; texel < feather.length; texel++) {
    if (chart.part[texel] !== number || seen.weight[texel] > 0.3 || mirrored.weight[texel] < 0.3) continue;
    feather[texel] = 0;
    hasUnseen = true;
  }
  if (!hasUnseen) return feather;
  const radius = Math.round((FEATHER * chart.size) / 1024);
  boxBlur(feather, { width: chart.size, height: chart.size, channels: 1 }, radius);
  for (let texel = 0; texel < feather.length; texel++) feather[texel] = smoothStep(0.5, 1, feather[texel]);
  return feather;
}

function shadeUnderJaw(
  input: TextureInput,
  chart: HeadChart,
  underJaw: Float32Array,
  fill: { readonly target: ColorImage; readonly known: Float32Array; readonly number: number },
): void {
  const at = new Float64Array(1);
  const attribute = { values: underJaw, stride: 1 };
  for (const texel of chart.parts[fill.number].texels) {
    const unseen = 1 - fill.known[texel];
    if (unseen <= 0) continue;
    interpolateAtTexel(chart, input.geometry.indices, attribute, texel, at);
    const light = 1 - (1 - UNDER_JAW_LIGHT) * at[0] * unseen;
    for (let c = 0; c < 3; c++) fill.target.data[texel * 3 + c] *= light;
  }
}

interface FillTarget {
  readonly target: ColorImage;
  readonly weight: Float32Array;
  readonly number: number;
}

/** As PRIOR_WEIGHT for lids: the dark lash line beside them must not spread over a lid that was folded away. */
const LID_PRIOR_WEIGHT = 0.02;

/** Gives texels that nothing is known of a faint pull to their region's typical colour. */
function addPriors(input: TextureInput, chart: HeadChart, tone: PictureTone, fill: FillTarget): void {
  const { geometry } = input;
  const masks = { values: regionMasks(input, fill.number), stride: 3 };
  const at = new Float64Array(3);
  const [skin, hair, lips] = [tone.skin, tone.hair, tone.lips].map(encodeColor);
  const lidColors = typicalLids(chart, geometry.indices, masks, fill) ?? [skin, skin];
  for (const texel of chart.parts[fill.number].texels) {
    if (fill.weight[texel] > LID_PRIOR_WEIGHT) continue;
    interpolateAtTexel(chart, geometry.indices, masks, texel, at);
    const isLid = at[2] > 0.4;
    const prior = isLid ? LID_PRIOR_WEIGHT : PRIOR_WEIGHT;
    if (fill.weight[texel] > prior) continue;
    const lid = lidColors[texel % chart.size < chart.size / 2 ? 0 : 1];
    for (let c = 0; c < 3; c++) {
      const bare = isLid ? lid[c] : skin[c] + (hair[c] - skin[c]) * at[0];
      fill.target.data[texel * 3 + c] = bare + (lips[c] - bare) * at[1];
    }
    fill.weight[texel] = prior;
  }
}

/** Per vertex how much it is scalp, lips and eyelids. */
function regionMasks(input: TextureInput, number: number): Float32Array {
  const { regions } = input.model;
  const masks = new Float32Array(input.geometry.positions.length);
  const part = input.geometry.parts[number - 1];
  for (let vertex = part.firstVertex; vertex < part.firstVertex + part.vertexCount; vertex++) {
    const model = modelVertexOf(input, vertex);
    masks.set([regions.scalp[model], regions.lips[model], regions.eyelids[model]], vertex * 3);
  }
  return masks;
}

/** Colour (encoded) of the brighter half of the seen lid skin in the chart's left and right half. */
function typicalLids(
  chart: HeadChart,
  indices: Uint32Array,
  masks: VertexAttribute,
  fill: FillTarget,
): [number, number, number][] | undefined {
  const halves: [number, number, number][][] = [[], []];
  const at = new Float64Array(3);
  const { data } = fill.target;
  for (const texel of chart.parts[fill.number].texels) {
    if (fill.weight[texel] < 0.7 || (texel & 3) !== 0) continue;
    interpolateAtTexel(chart, indices, masks, texel, at);
    if (at[2] < 0.3) continue;
    const half = halves[texel % chart.size < chart.size / 2 ? 0 : 1];
    half.push([data[texel * 3], data[texel * 3 + 1], data[texel * 3 + 2]]);
  }
  if (halves.some((half) => half.length < 20)) return undefined;
  return halves.map((half) => {
    half.sort((a, b) => a[1] - b[1]);
    const bright = half.slice(half.length >> 1);
    return [0, 1, 2].map((c) => bright.reduce((sum, color) => sum + color[c], 0) / bright.length) as [
      number,
      number,
      number,
    ];
  });
}

function encodeColor(color: LinearColor): [number, number, number] {
  return [encodeSrgb(color[0]), encodeSrgb(color[1]), encodeSrgb(color[2])];
}

function addGrain(
  input: TextureInput,
  chart: HeadChart,
  seen: SeenTexels,
  fill: { readonly target: ColorImage; readonly known: Float32Array; readonly number: number },
): void {
  // The face takes about 0.4 of the crop's width and 0.6 of the chart's.
  const texelsPerPixel = Math.max(1, (1.5 * chart.size) / input.crop.width);
  const { amplitude, tile } = measureGrain(seen.color, seen.weight, texelsPerPixel);
  if (amplitude === 0) return;
  for (let texel = 0; texel < chart.part.length; texel++) {
    if (chart.part[texel] !== fill.number || fill.known[texel] >= 1) continue;
    const x = (texel % chart.size) & (GRAIN_TILE - 1);
    const y = Math.floor(texel / chart.size) & (GRAIN_TILE - 1);
    const noise = amplitude * (1 - fill.known[texel]) * tile[y * GRAIN_TILE + x];
    for (let c = 0; c < 3; c++) fill.target.data[texel * 3 + c] += noise;
  }
}
