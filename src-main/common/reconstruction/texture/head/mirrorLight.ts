import { gaussianBlur } from '#common/image/boxBlur';
import type { ColorImage } from '#common/image/colorImage';
import { createColorImage } from '#common/image/colorImage';
import { pushPullFill } from '#common/image/pushPull';
import type { Plane } from '#common/reconstruction/texture/head/cellPlane';
import { LIGHT_STEP, middleTexel, widenPlane } from '#common/reconstruction/texture/head/cellPlane';
import { limitRatios, logRatio, relit } from '#common/reconstruction/texture/head/lightRatio';
import { sideLight } from '#common/reconstruction/texture/head/sideLight';
import { smoothStep } from '#common/math/smoothStep';
import type { SeenTexels } from '#common/reconstruction/texture/head/bakeSeen';
import type { HeadChart } from '#common/reconstruction/texture/head/headChart';
import { squared, wholePower } from '#common/math/portableMath';

/** Factors this far (logarithm) from the median one are hair against skin, not light against shade. */
const LIGHT_DIFFERENCE = 0.16;
/** Covered cheeks are darker than the face's typical skin by this much (encoded luminance). */
const COVERED = 0.14;
/** Cells over which both halves are averaged before they are compared: features do not meet their mirror images exactly. */
const COMPARED_SIGMA = 3;
/** Mirrored skin may outshine the seen skin it continues by this much (encoded luminance). */
const EXCESS = 0.03;
/** A shine is taken down to no less than this share of itself. */
export const LEAST_SHINE = 0.72;
/** Weight of the halves' overall difference against a measured one: it takes over some 20 cells away. */
const OVERALL_WEIGHT = 4e-5;
/** Coarse cells (at 1024: 4 texels each) over which a shine is judged. */
const SHINE_SIGMA = 6;

/** What turns mirrored texels into texels of this side: relit(mirrored, ratio) * gain, encoded; a cell per LIGHT_STEP texels. */
export interface MirrorLight {
  /** Logarithms of factors (`lightRatio.ts`). */
  readonly ratio: ColorImage;
  readonly gain: Plane;
  /** Of the face's typical skin, encoded. */
  readonly skinLuminance: number;
}

/**
 * Measures how the halves are lit. The ratio is that of seen to mirrored where both halves were seen; elsewhere what light
 * from the side makes of each normal (`sideLight`), with what was measured beyond that nearby. Where the mirrored half carries a shine (a rim light, a sunlit cheek) that this side does not show, the gain
 * takes it down; darker mirrored texels stay: beards and hairlines are no light.
 * @param options.skinLuminance of the face's typical skin, encoded.
 * @param options.normals unit normals, three floats a cell.
 */
export function mirrorLight(
  chart: HeadChart,
  seen: SeenTexels,
  mirrored: SeenTexels,
  options: { readonly number: number; readonly skinLuminance: number; readonly normals: Float32Array },
): MirrorLight {
  const { number, skinLuminance } = options;
  const side = Math.floor(chart.size / LIGHT_STEP);
  const weight = new Float32Array(side * side);
  const compared = new Float32Array(side * side);
  const own = createColorImage(side, side);
  const ownWeight = new Float32Array(side * side);
  const other = createColorImage(side, side);
  const otherWeight = new Float32Array(side * side);
  for (let cell = 0; cell < weight.length; cell++) {
    const texel = middleTexel(cell, side, chart.size);
    if (chart.part[texel] !== number) continue;
    ownWeight[cell] = 0.02 * squared(seen.weight[texel]);
    otherWeight[cell] = 0.02 * mirrored.weight[texel];
    for (let c = 0; c < 3; c++) {
      own.data[cell * 3 + c] = seen.color.data[texel * 3 + c];
      other.data[cell * 3 + c] = mirrored.color.data[texel * 3 + c];
    }
    const both = Math.min(seen.weight[texel], mirrored.weight[texel]);
    // Squared cosines: near the middle both halves are seen frontally, without hair or outline.
    const frontal = Math.min(seen.cosine[texel], mirrored.cosine[texel]);
    const isCovered =
      Math.abs(luminanceAt(own, cell) - luminanceAt(other, cell)) > 0.05 &&
      Math.min(luminanceAt(own, cell), luminanceAt(other, cell)) < skinLuminance - COVERED;
    compared[cell] = both < 0.3 || frontal < 0.2 || isCovered ? 0 : both * frontal;
    weight[cell] = both < 0.2 || frontal < 0.35 ? 0 : 0.02 * squared(both * frontal);
  }
  const sigma = (COMPARED_SIGMA * side) / 256;
  const sides = sideLight(smoothRatio(own, other, compared, sigma), compared, options.normals);
  const ratio = smoothRatio(own, other, weight, sigma);
  for (let i = 0; i < ratio.data.length; i++) ratio.data[i] -= sides.data[i];
  doubtOutliers(ratio, weight);
  settleOnOverall(ratio, weight);
  pushPullFill(ratio, weight);
  for (let i = 0; i < ratio.data.length; i++) ratio.data[i] += sides.data[i];
  limitRatios(ratio);
  pushPullFill(own, ownWeight);
  pushPullFill(other, otherWeight);
  return { ratio, gain: shineGain(ratio, own, other, skinLuminance), skinLuminance };
}

/** Logarithms of the factors from `other` to `own`, each averaged over its neighbours of weight; 0 where there is none. */
export function smoothRatio(
  own: ColorImage,
  other: ColorImage,
  weight: Float32Array,
  sigma: number,
): ColorImage {
  const { width, height } = own;
  const averages = [own, other].map(({ data }) => {
    const sums = data.map((value, i) => value * weight[Math.floor(i / 3)]);
    gaussianBlur(sums, { width, height, channels: 3 }, sigma);
    return sums;
  });
  const total = weight.slice();
  gaussianBlur(total, { width, height, channels: 1 }, sigma);
  const ratio = createColorImage(width, height);
  for (let i = 0; i < ratio.data.length; i++) {
    const sum = total[Math.floor(i / 3)];
    if (sum > 1e-9) ratio.data[i] = logRatio(averages[1][i] / sum, averages[0][i] / sum);
  }
  return ratio;
}

/**
 * Weighs measured differences down that are far from the median one (hair against skin). The weights stay far
 * below 1, so that neighbouring cells are averaged and detail does not come through as light.
 */
function doubtOutliers(ratio: ColorImage, weight: Float32Array): void {
  const measured: number[] = [];
  for (let cell = 0; cell < weight.length; cell++) if (weight[cell] > 0) measured.push(cell);
  if (measured.length === 0) return;
  const middle = Float64Array.from(measured, (cell) => luminanceAt(ratio, cell)).sort()[measured.length >> 1];
  const spread = Float64Array.from(measured, (cell) => Math.abs(luminanceAt(ratio, cell) - middle)).sort();
  const scale = Math.min(2 * LIGHT_DIFFERENCE, Math.max(LIGHT_DIFFERENCE, spread[spread.length >> 1]));
  for (const cell of measured) weight[cell] /= 1 + wholePower((luminanceAt(ratio, cell) - middle) / scale, 4);
}

/** Far from any measured difference the mean one holds, not the last measured: an outline lit from behind is no rule. */
function settleOnOverall(ratio: ColorImage, weight: Float32Array): void {
  const mean = [0, 0, 0];
  let sum = 0;
  for (let cell = 0; cell < weight.length; cell++) {
    sum += weight[cell];
    for (let c = 0; c < 3; c++) mean[c] += weight[cell] * ratio.data[cell * 3 + c];
  }
  for (let cell = 0; cell < weight.length; cell++) {
    if (weight[cell] >= OVERALL_WEIGHT) continue;
    for (let c = 0; c < 3; c++) ratio.data[cell * 3 + c] = sum > 0 ? mean[c] / sum : 0;
    weight[cell] = OVERALL_WEIGHT;
  }
}

/**
 * Factor on mirrored texels, one per cell, LEAST_SHINE to 1: less than 1 where, smoothed, they outshine both the seen skin
 * they continue and the face's typical skin.
 */
function shineGain(ratio: ColorImage, own: ColorImage, other: ColorImage, skin: number): Plane {
  const { width, height } = ratio;
  const data = new Float32Array(width * height);
  for (let cell = 0; cell < data.length; cell++) {
    const mirror = relit(luminanceAt(other, cell), luminanceAt(ratio, cell));
    const allowed = Math.max(luminanceAt(own, cell), skin) + EXCESS;
    data[cell] = mirror > allowed ? Math.max(LEAST_SHINE, allowed / mirror) : 1;
  }
  gaussianBlur(data, { width, height, channels: 1 }, (SHINE_SIGMA * width) / 256);
  return { width, height, data };
}

function luminanceAt(image: ColorImage, cell: number): number {
  return 0.3 * image.data[cell * 3] + 0.6 * image.data[cell * 3 + 1] + 0.1 * image.data[cell * 3 + 2];
}

/** Cosines from which a texel is a measure for its neighbours. */
const WELL_SEEN = [0.4, 0.6] as const;
/** Distance (encoded, per channel) to the well seen skin beside it up to which a texel continues it. */
const CONTINUES = [0.1, 0.2] as const;
/** Brightness (encoded luminance) over the mirrored skin from which it is the light that differs. */
const BRIGHTER = [0.04, 0.12] as const;

/**
 * Where the far side is brighter than the near one and goes on as the well seen skin beside it: it is lit, and its own
 * texels are better than any mirrored ones, however grazing. One cell per LIGHT_STEP texels, [0, 1].
 */
export function litCells(chart: HeadChart, seen: SeenTexels, mirrored: SeenTexels, number: number): Plane {
  const side = Math.floor(chart.size / LIGHT_STEP);
  const skin = createColorImage(side, side);
  const weight = new Float32Array(side * side);
  for (let cell = 0; cell < weight.length; cell++) {
    const texel = middleTexel(cell, side, chart.size);
    if (chart.part[texel] !== number) continue;
    weight[cell] = 0.02 * seen.weight[texel] * smoothStep(WELL_SEEN[0], WELL_SEEN[1], seen.cosine[texel]);
    for (let c = 0; c < 3; c++) skin.data[cell * 3 + c] = seen.color.data[texel * 3 + c];
  }
  pushPullFill(skin, weight);
  const data = new Float32Array(side * side);
  for (let cell = 0; cell < data.length; cell++) {
    const texel = middleTexel(cell, side, chart.size);
    if (seen.weight[texel] < 0.02 || mirrored.weight[texel] < 0.3) continue;
    let squares = 0;
    for (let c = 0; c < 3; c++) squares += squared(seen.color.data[texel * 3 + c] - skin.data[cell * 3 + c]);
    const brighter = luminanceAt(seen.color, texel) - luminanceAt(mirrored.color, texel);
    data[cell] =
      smoothStep(CONTINUES[1], CONTINUES[0], Math.sqrt(squares / 3)) *
      smoothStep(BRIGHTER[0], BRIGHTER[1], brighter);
  }
  gaussianBlur(data, { width: side, height: side, channels: 1 }, (2 * side) / 256);
  return { width: side, height: side, data };
}

/** Difference (encoded, per channel) from which the two halves show different things, and surely do. */
const FOREIGN = [0.1, 0.2] as const;
const FOREIGN_BRIGHT = [0.26, 0.4] as const;
/** Cells around foreign ones that have their blur or shadow on them, wholly and at last. */
const SOFT_EDGE = [2, 7] as const;
/** How much more the mirrored texel must have faced the camera (cosine) to be preferred, and wholly so. */
const BETTER = [0.1, 0.26] as const;

/**
 * Where a turned face's far side shows something else than the near side (hair hanging before the cheek, the
 * background past the fitted outline), how much of the seen texels to drop for the mirrored ones: one cell per
 * LIGHT_STEP texels, [0, 1].
 */
export function foreignCells(
  chart: HeadChart,
  seen: SeenTexels,
  mirrored: SeenTexels,
  { light, lit }: { readonly light: MirrorLight; readonly lit: Plane },
): Plane {
  const { ratio, gain } = light;
  const side = ratio.width;
  const data = new Float32Array(side * side);
  for (let cell = 0; cell < data.length; cell++) {
    const texel = middleTexel(cell, side, chart.size);
    if (seen.weight[texel] < 0.02 || mirrored.weight[texel] < 0.3) continue;
    let squares = 0;
    for (let c = 0; c < 3; c++) {
      const mirror = relit(mirrored.color.data[texel * 3 + c], ratio.data[cell * 3 + c]) * gain.data[cell];
      squares += squared(seen.color.data[texel * 3 + c] - mirror);
    }
    // Mostly what is darker than the mirrored skin: a bright far side may be lit, not covered.
    const darker = luminanceAt(mirrored.color, texel) - luminanceAt(seen.color, texel);
    const better = smoothStep(BETTER[0], BETTER[1], mirrored.cosine[texel] - seen.cosine[texel]);
    const isDark = darker > 0.05 && luminanceAt(seen.color, texel) < light.skinLuminance - COVERED;
    const [from, to] = isDark ? FOREIGN : FOREIGN_BRIGHT;
    const doubt = isDark ? 1 : 1 - lit.data[cell];
    data[cell] = better * doubt * smoothStep(from, to, Math.sqrt(squares / 3));
  }
  gaussianBlur(data, { width: side, height: side, channels: 1 }, (2.5 * side) / 256);
  for (let cell = 0; cell < data.length; cell++) data[cell] = smoothStep(0.08, 0.4, data[cell]);
  const plane = { width: side, height: side, data };
  widenPlane(plane, (SOFT_EDGE[0] * side) / 256, (SOFT_EDGE[1] * side) / 256);
  return plane;
}
