import type { ColorImage } from '#common/image/colorImage';
import { createColorImage, encodeSrgb } from '#common/image/colorImage';
import { boxBlur } from '#common/image/boxBlur';
import { pushPullFill } from '#common/image/pushPull';
import { samplePlane } from '#common/image/resample';
import type { SeenTexels } from '#common/reconstruction/texture/bakeSeen';
import type { HeadChart } from '#common/reconstruction/texture/headChart';
import { interpolateAtTexel, partNumber } from '#common/reconstruction/texture/headChart';
import { mirrorTriangles } from '#common/reconstruction/texture/mirrorMap';
import type { LinearColor, PictureTone } from '#common/reconstruction/texture/pictureTone';
import { smoothStep } from '#common/reconstruction/texture/pictureTrust';
import { GRAIN_TILE, measureGrain } from '#common/reconstruction/texture/skinGrain';
import type { PartCoverage, TextureInput } from '#common/reconstruction/texture/textureInput';
import { modelVertexOf } from '#common/reconstruction/texture/textureInput';

/** Weight of a region's typical colour against seen texels: it wins about 1 / sqrt(weight) texels away from them. */
const PRIOR_WEIGHT = 2e-4;
/** Texels (at S = 1024) over which seen skin fades into mirrored skin. */
const FEATHER = 10;
/** The colour difference between the halves is measured on every fourth texel. */
const STEP = 4;
/** Differences far above this (encoded) are hair against skin, not light against shade. */
const LIGHT_DIFFERENCE = 0.12;

/** Mirrored colour (encoded) and how well its origin was seen, per texel. */
interface MirroredTexels {
  readonly color: ColorImage;
  readonly weight: Float32Array;
}

/**
 * Completes the skin: texels the camera did not see take the mirrored side's detail, shifted by the smooth
 * colour difference between the halves so that light and shade stay where they are; the rest is interpolated from its
 * neighbours and the region's typical colour, with the grain of the seen skin.
 * Writes every skin texel of `target` (encoded).
 */
export function completeSkin(
  input: TextureInput,
  chart: HeadChart,
  seen: SeenTexels,
  tone: PictureTone,
  target: ColorImage,
): PartCoverage {
  const number = partNumber(input.geometry, 'skin');
  const mirrored = mirrorSeen(input, chart, seen, number);
  const difference = halvesDifference(chart, seen, mirrored, number);
  const feather = featherWeights(chart, seen, mirrored, number);
  const weight = new Float32Array(seen.weight.length);
  const counts = { texels: 0, seen: 0, mirrored: 0 };
  const { size } = chart;
  for (let texel = 0; texel < weight.length; texel++) {
    if (chart.part[texel] !== number) continue;
    const own = seen.weight[texel] * feather[texel];
    const other = (1 - own) * mirrored.weight[texel];
    const sum = own + other;
    counts.texels++;
    counts.seen += own;
    counts.mirrored += other;
    if (sum <= 0) continue;
    weight[texel] = Math.min(1, sum);
    const x = ((texel % size) + 0.5) / STEP;
    const y = (Math.floor(texel / size) + 0.5) / STEP;
    for (let c = 0; c < 3; c++) {
      const i = texel * 3 + c;
      const shift = other > 0 ? difference(x, y, c) : 0;
      target.data[i] = (own * seen.color.data[i] + other * (mirrored.color.data[i] + shift)) / sum;
    }
  }
  const known = weight.slice();
  addPriors(input, chart, tone, { target, weight, number });
  fillPart(chart, number, target, weight);
  addGrain(input, chart, seen, { target, known, number });
  return coverage(counts);
}

function coverage(counts: { texels: number; seen: number; mirrored: number }): PartCoverage {
  const all = Math.max(1, counts.texels);
  const seen = counts.seen / all;
  const mirrored = counts.mirrored / all;
  return { part: 'skin', texels: counts.texels, seen, mirrored, filled: Math.max(0, 1 - seen - mirrored) };
}

function mirrorSeen(input: TextureInput, chart: HeadChart, seen: SeenTexels, number: number): MirroredTexels {
  const { size } = chart;
  const part = input.geometry.parts[number - 1];
  const uvs = mirrorTriangles(input, number - 1);
  const result: MirroredTexels = {
    color: createColorImage(size, size),
    weight: new Float32Array(size * size),
  };
  const sample = new Float32Array(4);
  for (let texel = 0; texel < chart.part.length; texel++) {
    if (chart.part[texel] !== number) continue;
    const at = (chart.corner[texel] - part.firstIndex) * 2;
    const wa = chart.weights[texel * 3];
    const wb = chart.weights[texel * 3 + 1];
    const wc = chart.weights[texel * 3 + 2];
    const u = wa * uvs[at] + wb * uvs[at + 2] + wc * uvs[at + 4];
    const v = wa * uvs[at + 1] + wb * uvs[at + 3] + wc * uvs[at + 5];
    if (!(u >= 0)) continue;
    sampleWeighted(seen, size, u * size - 0.5, v * size - 0.5, sample);
    if (sample[3] < 0.02) continue;
    result.weight[texel] = sample[3];
    for (let c = 0; c < 3; c++) result.color.data[texel * 3 + c] = sample[c] / sample[3];
  }
  return result;
}

/** Bilinear sample of colour times weight, and of the weight, at texel indices. */
function sampleWeighted(seen: SeenTexels, size: number, x: number, y: number, out: Float32Array): void {
  const x0 = Math.min(size - 2, Math.max(0, Math.floor(x)));
  const y0 = Math.min(size - 2, Math.max(0, Math.floor(y)));
  const fx = Math.min(1, Math.max(0, x - x0));
  const fy = Math.min(1, Math.max(0, y - y0));
  out.fill(0);
  for (let corner = 0; corner < 4; corner++) {
    const texel = (y0 + (corner >> 1)) * size + x0 + (corner & 1);
    const share = seen.weight[texel] * ((corner & 1) === 1 ? fx : 1 - fx) * (corner >> 1 === 1 ? fy : 1 - fy);
    if (share === 0) continue;
    for (let c = 0; c < 3; c++) out[c] += share * seen.color.data[texel * 3 + c];
    out[3] += share;
  }
}

/**
 * The smooth field seen - mirrored, from texels where both halves were seen, spread over the chart. Returns a
 * bilinear sampler in coarse coordinates.
 */
function halvesDifference(
  chart: HeadChart,
  seen: SeenTexels,
  mirrored: MirroredTexels,
  number: number,
): (x: number, y: number, channel: number) => number {
  const side = Math.floor(chart.size / STEP);
  const field = createColorImage(side, side);
  const weight = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const texel = (y * STEP + (STEP >> 1)) * chart.size + x * STEP + (STEP >> 1);
      if (chart.part[texel] !== number) continue;
      const both = Math.min(seen.weight[texel], mirrored.weight[texel]);
      if (both < 0.2) continue;
      const cell = y * side + x;
      let squares = 0;
      for (let c = 0; c < 3; c++) {
        const value = seen.color.data[texel * 3 + c] - mirrored.color.data[texel * 3 + c];
        field.data[cell * 3 + c] = value;
        squares += value * value;
      }
      // Far below 1, so that neighbouring cells are averaged and detail does not come through as light.
      weight[cell] = (0.02 * both) / (1 + (squares / (3 * LIGHT_DIFFERENCE ** 2)) ** 2);
    }
  }
  pushPullFill(field, weight);
  const planes = [0, 1, 2].map((c) => ({
    width: side,
    height: side,
    data: Float32Array.from({ length: side * side }, (_, cell) => field.data[cell * 3 + c]),
  }));
  return (x, y, channel) => samplePlane(planes[channel], x, y);
}

/** 1 in seen skin, falling to 0 towards texels that only the mirrored side knows. */
function featherWeights(
  chart: HeadChart,
  seen: SeenTexels,
  mirrored: MirroredTexels,
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

interface FillTarget {
  readonly target: ColorImage;
  readonly weight: Float32Array;
  readonly number: number;
}

/** Gives texels that nothing is known of a faint pull to their region's typical colour. */
function addPriors(input: TextureInput, chart: HeadChart, tone: PictureTone, fill: FillTarget): void {
  const { regions } = input.model;
  const { geometry } = input;
  const masks = new Float32Array((geometry.positions.length / 3) * 2);
  const part = geometry.parts[fill.number - 1];
  for (let vertex = part.firstVertex; vertex < part.firstVertex + part.vertexCount; vertex++) {
    const model = modelVertexOf(input, vertex);
    masks[vertex * 2] = regions.scalp[model];
    masks[vertex * 2 + 1] = regions.lips[model];
  }
  const at = new Float64Array(2);
  const [skin, hair, lips] = [tone.skin, tone.hair, tone.lips].map(encodeColor);
  for (let texel = 0; texel < chart.part.length; texel++) {
    if (chart.part[texel] !== fill.number || fill.weight[texel] > PRIOR_WEIGHT) continue;
    interpolateAtTexel(chart, geometry.indices, { values: masks, stride: 2 }, texel, at);
    for (let c = 0; c < 3; c++) {
      const bare = skin[c] + (hair[c] - skin[c]) * at[0];
      fill.target.data[texel * 3 + c] = bare + (lips[c] - bare) * at[1];
    }
    fill.weight[texel] = PRIOR_WEIGHT;
  }
}

function encodeColor(color: LinearColor): [number, number, number] {
  return [encodeSrgb(color[0]), encodeSrgb(color[1]), encodeSrgb(color[2])];
}

/** Push-pull over the bounding box of one part; texels of other parts neither give nor take. */
export function fillPart(chart: HeadChart, number: number, target: ColorImage, weight: Float32Array): void {
  const box = partBox(chart, number);
  if (box === undefined) return;
  const local = createColorImage(box.width, box.height);
  const localWeight = new Float32Array(box.width * box.height);
  const { size } = chart;
  const copy = (isBack: boolean) => {
    for (let y = 0; y < box.height; y++) {
      for (let x = 0; x < box.width; x++) {
        const texel = (y + box.y) * size + x + box.x;
        if (chart.part[texel] !== number) continue;
        const here = y * box.width + x;
        if (!isBack) localWeight[here] = weight[texel];
        for (let c = 0; c < 3; c++) {
          if (isBack) target.data[texel * 3 + c] = local.data[here * 3 + c];
          else local.data[here * 3 + c] = target.data[texel * 3 + c];
        }
      }
    }
  };
  copy(false);
  pushPullFill(local, localWeight);
  copy(true);
}

function partBox(chart: HeadChart, number: number) {
  let [left, right, top, bottom] = [chart.size, -1, chart.size, -1];
  for (let texel = 0; texel < chart.part.length; texel++) {
    if (chart.part[texel] !== number) continue;
    const x = texel % chart.size;
    const y = (texel - x) / chart.size;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return right < 0 ? undefined : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
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
