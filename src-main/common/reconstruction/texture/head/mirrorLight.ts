import { gaussianBlur } from '#common/image/boxBlur';
import type { ColorImage } from '#common/image/colorImage';
import { createColorImage } from '#common/image/colorImage';
import { pushPullFill } from '#common/image/pushPull';
import type { SeenTexels } from '#common/reconstruction/texture/head/bakeSeen';
import type { HeadChart } from '#common/reconstruction/texture/head/headChart';

/** The colour difference between the halves is measured on every fourth texel of the chart. */
export const LIGHT_STEP = 4;
/** Differences far above this (encoded) are hair against skin, not light against shade. */
const LIGHT_DIFFERENCE = 0.12;
/** Mirrored skin may outshine the seen skin it continues by this much (encoded luminance). */
const EXCESS = 0.03;
/** Coarse cells (at 1024: 4 texels each) over which a shine is judged. */
const SHINE_SIGMA = 6;

/**
 * The smooth shift that turns mirrored texels into texels of this side, encoded, one cell per LIGHT_STEP texels.
 * It is the difference seen - mirrored where both halves were seen, spread over the chart; and where the mirrored half
 * carries a shine (a rim light, a sunlit cheek) this side does not show, the shine is taken down to the seen skin's level.
 * Darker mirrored texels stay: beards and hairlines are no light.
 */
export function mirrorShift(
  chart: HeadChart,
  seen: SeenTexels,
  mirrored: SeenTexels,
  number: number,
): ColorImage {
  const side = Math.floor(chart.size / LIGHT_STEP);
  const shift = createColorImage(side, side);
  const shiftWeight = new Float32Array(side * side);
  const own = createColorImage(side, side);
  const ownWeight = new Float32Array(side * side);
  const other = createColorImage(side, side);
  const otherWeight = new Float32Array(side * side);
  for (let cell = 0; cell < shiftWeight.length; cell++) {
    const x = (cell % side) * LIGHT_STEP + (LIGHT_STEP >> 1);
    const texel = (Math.floor(cell / side) * LIGHT_STEP + (LIGHT_STEP >> 1)) * chart.size + x;
    if (chart.part[texel] !== number) continue;
    ownWeight[cell] = 0.02 * seen.weight[texel] ** 2;
    otherWeight[cell] = 0.02 * mirrored.weight[texel];
    let squares = 0;
    for (let c = 0; c < 3; c++) {
      own.data[cell * 3 + c] = seen.color.data[texel * 3 + c];
      other.data[cell * 3 + c] = mirrored.color.data[texel * 3 + c];
      const difference = own.data[cell * 3 + c] - other.data[cell * 3 + c];
      shift.data[cell * 3 + c] = difference;
      squares += difference * difference;
    }
    // Far below 1, so that neighbouring cells are averaged and detail does not come through as light.
    const both = Math.min(seen.weight[texel], mirrored.weight[texel]);
    shiftWeight[cell] = both < 0.2 ? 0 : (0.02 * both) / (1 + (squares / (3 * LIGHT_DIFFERENCE ** 2)) ** 2);
  }
  pushPullFill(shift, shiftWeight);
  pushPullFill(own, ownWeight);
  pushPullFill(other, otherWeight);
  takeShineDown(shift, own, other);
  return shift;
}

function takeShineDown(shift: ColorImage, own: ColorImage, other: ColorImage): void {
  const shape = { width: shift.width, height: shift.height };
  const excess = new Float32Array(shift.width * shift.height);
  for (let cell = 0; cell < excess.length; cell++) {
    const i = cell * 3;
    const luminance = (image: ColorImage) =>
      0.3 * image.data[i] + 0.6 * image.data[i + 1] + 0.1 * image.data[i + 2];
    excess[cell] = Math.max(0, luminance(other) + luminance(shift) - luminance(own) - EXCESS);
  }
  gaussianBlur(excess, { ...shape, channels: 1 }, (SHINE_SIGMA * shift.width) / 256);
  for (let i = 0; i < shift.data.length; i++) shift.data[i] -= excess[Math.floor(i / 3)];
}
