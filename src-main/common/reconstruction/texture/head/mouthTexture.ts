import { encodeSrgb } from '#common/image/colorImage';
import { hashNoise } from '#common/image/hashNoise';
import { bakeSeen } from '#common/reconstruction/texture/head/bakeSeen';
import type { BakeContext } from '#common/reconstruction/texture/head/eyeTexture';
import type { PartTexels } from '#common/reconstruction/texture/head/headChart';
import { interpolateAtTexel, partNumber } from '#common/reconstruction/texture/head/headChart';
import { INNER_LIP_OUTLINE, outlinePoints, polygonArea, polygonTrust } from '#common/reconstruction/texture/view/landmarkPolygons'; // prettier-ignore
import { blendSeen } from '#common/reconstruction/texture/head/partSpread';
import type { LinearColor, PictureTone } from '#common/reconstruction/texture/view/pictureTone';
import { inLight, luminanceOf, mix, scale } from '#common/reconstruction/texture/view/pictureTone';
import { smoothStep } from '#common/math/smoothStep';
import type { PartCoverage } from '#common/reconstruction/texture/textureInput';
import { modelVertexOf } from '#common/reconstruction/texture/textureInput';
import { portableExp } from '#common/math/portableMath';

export interface MouthTexture {
  readonly coverage: readonly PartCoverage[];
  readonly teethSeen: boolean;
}

/** Tooth widths from the mid line outwards, millimetres (Wheeler's Dental Anatomy, mean values). */
const TOOTH_WIDTHS = {
  teethUpper: [8.5, 6.7, 7.6, 7, 6.8, 10, 9.5],
  teethLower: [5.3, 5.7, 6.8, 7, 7.1, 11, 10.5],
} as const;
/** Chart heights (0 at the gum's end) where the gum ends, the cutting edge begins and the inner side begins. */
const GUM_END = 0.22;
const EDGE = [0.62, 0.74] as const;
/** Enamel under white light, and how much of the mouth's light reaches each row. */
const ENAMEL: LinearColor = [0.74, 0.69, 0.58];
const REACHED = { teethUpper: 0.68, teethLower: 0.54 } as const;
/** Teeth further back stand in the cheeks' shade: from the canines on, along the half arch, by this share. */
const BACK = [0.2, 0.75] as const;
const BACK_SHADE = 0.8;

/** Paints teeth (seen ones where the mouth is open), tongue and cavity in the picture's light. */
export function paintMouth(context: BakeContext): MouthTexture {
  const coverage: PartCoverage[] = [];
  let teethSeen = false;
  for (const name of ['teethUpper', 'teethLower'] as const) {
    const part = context.chart.parts[partNumber(context.input.geometry, name)];
    if (part.texels.length === 0) continue;
    paintTeeth(context, part, name);
    findSeenTeeth(context, part);
    const { seen } = context;
    let sum = 0;
    for (const texel of part.texels) sum += seen.weight[texel];
    blendSeen(part, context.chart.size, context.target, seen);
    const share = sum / part.texels.length;
    teethSeen ||= share > 0.01;
    coverage.push({ part: name, texels: part.texels.length, seen: share, mirrored: 0, filled: 1 - share });
  }
  for (const name of ['tongue', 'mouthCavity'] as const) {
    const part = context.chart.parts[partNumber(context.input.geometry, name)];
    if (part.texels.length === 0) continue;
    paintByDepth(context, part, name);
    coverage.push({ part: name, texels: part.texels.length, seen: 0, mirrored: 0, filled: 1 });
  }
  return { coverage, teethSeen };
}

function paintTeeth(context: BakeContext, part: PartTexels, name: 'teethUpper' | 'teethLower'): void {
  const { chart, target, tone } = context;
  const isUpper = name === 'teethUpper';
  const gum = scale(mix(tone.lips, tone.skin, 0.35), 0.62 * REACHED[name]);
  const gaps = gapPositions(TOOTH_WIDTHS[name]);
  for (const texel of part.texels) {
    const x = texel % chart.size;
    const y = (texel - x) / chart.size;
    const along = (2 * (x + 0.5 - part.x)) / part.width - 1;
    const down = (y + 0.5 - part.y) / part.height;
    const color = toothColor(tone, name, gaps, [along, isUpper ? down : 1 - down]);
    const height = isUpper ? down : 1 - down;
    // The gum line swings around each tooth's neck.
    const neck =
      GUM_END +
      0.05 * gapNearness(gaps, along, 0.06) +
      0.012 * (hashNoise(Math.round(along * 40), 3, 5) - 0.5);
    const isTooth = smoothStep(neck - 0.02, neck + 0.025, height) * (1 - smoothStep(0.9, 0.97, height));
    const shade = 1 - BACK_SHADE * smoothStep(BACK[0], BACK[1], Math.abs(along));
    for (let c = 0; c < 3; c++) {
      const linear = (gum[c] + (color[c] - gum[c]) * isTooth) * shade;
      target.data[texel * 3 + c] = encodeSrgb(linear);
    }
  }
}

function toothColor(
  tone: PictureTone,
  name: 'teethUpper' | 'teethLower',
  gaps: readonly number[],
  [along, height]: readonly [number, number],
): LinearColor {
  const gap = gapNearness(gaps, along, 0.012);
  const crown = smoothStep(GUM_END, GUM_END + 0.2, height);
  const inside = smoothStep(EDGE[1], EDGE[1] + 0.1, height);
  // Necks are yellower, edges a little grey and glassy, the tongue's side is in the dark.
  const warm = 1 - 0.1 * (1 - crown);
  const edge = 1 - 0.1 * smoothStep(EDGE[0] - 0.1, EDGE[0], height);
  const level = REACHED[name] * edge * (1 - 0.55 * gap) * (1 - 0.5 * inside);
  return scale(inLight([ENAMEL[0], ENAMEL[1] * (0.5 + 0.5 * warm), ENAMEL[2] * warm], tone), level);
}

/** Positions between teeth along the arch, [-1, 1]. */
function gapPositions(widths: readonly number[]): number[] {
  const total = widths.reduce((sum, width) => sum + width, 0);
  const positions = [0];
  let sum = 0;
  for (const width of widths) {
    sum += width;
    positions.push(sum / total, -sum / total);
  }
  return positions;
}

/** 1 in a gap, 0 from `reach` (arch units) away. */
function gapNearness(gaps: readonly number[], along: number, reach: number): number {
  let nearest = Infinity;
  for (const gap of gaps) nearest = Math.min(nearest, Math.abs(along - gap));
  return 1 - smoothStep(0.2 * reach, reach, nearest);
}

/** Teeth pixels of the picture: inside the lips' inner outline, bright and not red. */
function findSeenTeeth(context: BakeContext, part: PartTexels): void {
  const { input, chart, view, pyramid, tone, seen } = context;
  const outline = outlinePoints(input.observation, INNER_LIP_OUTLINE);
  const unit = input.crop.width / 512;
  if (polygonArea(outline) < 60 * unit * unit) return;
  const trust = polygonTrust(outline, input.crop, 1 * unit, 2.4 * unit);
  bakeSeen(input, chart, view, { part: part.number, trust, pyramid }, seen);
  const white = encodeSrgb(luminanceOf(tone.white));
  const { data } = seen.color;
  for (const texel of part.texels) {
    if (seen.weight[texel] === 0) continue;
    const [r, g, b] = [data[texel * 3], data[texel * 3 + 1], data[texel * 3 + 2]];
    const isBright = smoothStep(0.42 * white, 0.6 * white, 0.3 * r + 0.6 * g + 0.1 * b);
    const isNeutral = 1 - smoothStep(1.18, 1.36, r / Math.max(0.02, g));
    // Soft edges carry lip and gum colours: a tooth's pixel is taken whole or not at all.
    seen.weight[texel] = smoothStep(0.55, 0.9, seen.weight[texel] * isBright * isNeutral);
  }
}

/** Flesh of the mouth under white light; the lips' own hue is mixed in. */
const FLESH = { tongue: [0.34, 0.12, 0.11], mouthCavity: [0.24, 0.065, 0.06] } as const;
/** Metres over which the light falls to a third, and how much of it the front gets. */
const FALL = { tongue: 0.028, mouthCavity: 0.011 } as const;
const FRONT = { tongue: 0.5, mouthCavity: 0.38 } as const;

/** Flesh, darker with the distance from its front end towards the throat. */
function paintByDepth(context: BakeContext, part: PartTexels, name: 'tongue' | 'mouthCavity'): void {
  const { input, chart, target, tone } = context;
  const { geometry, model } = input;
  const { firstVertex, vertexCount } = geometry.parts[part.number - 1];
  const depth = new Float32Array(geometry.positions.length / 3);
  let front = -Infinity;
  for (let vertex = firstVertex; vertex < firstVertex + vertexCount; vertex++) {
    front = Math.max(front, model.template[modelVertexOf(input, vertex) * 3 + 2]);
  }
  for (let vertex = firstVertex; vertex < firstVertex + vertexCount; vertex++) {
    depth[vertex] = front - model.template[modelVertexOf(input, vertex) * 3 + 2];
  }
  const base = FLESH[name];
  const flesh = inLight(base, tone);
  const near = mix(flesh, scale(tone.lips, 0.8), name === 'tongue' ? 0.25 : 0.5);
  const at = new Float64Array(1);
  for (const texel of part.texels) {
    interpolateAtTexel(chart, geometry.indices, { values: depth, stride: 1 }, texel, at);
    const light = FRONT[name] * portableExp(-at[0] / FALL[name]) + 0.012;
    const grain =
      1 + 0.14 * (hashNoise((texel % chart.size) >> 1, Math.floor(texel / chart.size) >> 1, 9) - 0.5);
    const color = mix(near, flesh, smoothStep(0, 0.02, at[0]));
    for (let c = 0; c < 3; c++) target.data[texel * 3 + c] = encodeSrgb(color[c] * light * grain);
  }
}
