import type { ColorImage } from '#common/image/colorImage';
import { createColorImage } from '#common/image/colorImage';
import { distanceTransform } from '#common/image/distanceTransform';
import { membraneFill } from '#common/image/membraneFill';
import { maskAbove } from '#common/image/morphology';
import type { SeenTexels } from '#common/reconstruction/texture/head/bakeSeen';
import type { Plane } from '#common/reconstruction/texture/head/cellPlane';
import { middleTexel } from '#common/reconstruction/texture/head/cellPlane';
import { limitRatios, relit } from '#common/reconstruction/texture/head/lightRatio';
import type { MirrorLight } from '#common/reconstruction/texture/head/mirrorLight';
import { smoothRatio } from '#common/reconstruction/texture/head/mirrorLight';

/** Cells (at 1024: 4 texels, about 1 mm each) beside mirrored texels on which the step to them is measured. */
const SEAM_REACH = 10;
/** Cells over which the step is averaged: pores and brows are no light. */
const STEP_SIGMA = 4;
/** Cells from the border at which the correction has faded. */
const FADED = 48;

/** Where seen skin gives way to mirrored skin, per cell. */
export interface Seam {
  /** Share of the seen texel, [0, 1]. */
  readonly own: Plane;
  /** Seen skin that is something else, [0, 1]: it says nothing of the light. */
  readonly foreign: Plane;
}

/**
 * By how much mirrored texels (after ratio and gain) still have to be relit so that they meet the seen skin they continue: the
 * step between the two, measured on the seen side of their border and fading away from it. Logarithms of factors, one colour
 * per cell.
 */
export function seamCorrection(
  size: number,
  seen: SeenTexels,
  mirrored: SeenTexels,
  light: MirrorLight,
  seam: Seam,
): ColorImage {
  const side = light.ratio.width;
  const taken = new Uint8Array(side * side);
  for (let cell = 0; cell < taken.length; cell++) {
    if (seam.own.data[cell] < 0.3 && mirrored.weight[middleTexel(cell, side, size)] > 0.3) taken[cell] = 1;
  }
  const own = createColorImage(side, side);
  if (!taken.includes(1)) return own;
  const other = createColorImage(side, side);
  const weight = new Float32Array(side * side);
  const { distance } = distanceTransform(taken, side, side);
  const reach = (SEAM_REACH * side) / 256;
  for (let cell = 0; cell < taken.length; cell++) {
    const texel = middleTexel(cell, side, size);
    const both = Math.min(seen.weight[texel], mirrored.weight[texel], seam.own.data[cell]);
    if (distance[cell] > reach || both < 0.4 || seam.foreign.data[cell] > 0.05) continue;
    weight[cell] = both;
    for (let c = 0; c < 3; c++) {
      const at = cell * 3 + c;
      own.data[at] = seen.color.data[texel * 3 + c];
      other.data[at] =
        relit(mirrored.color.data[texel * 3 + c], light.ratio.data[at]) * light.gain.data[cell];
    }
  }
  const step = smoothRatio(own, other, weight, (STEP_SIGMA * side) / 256);
  limitRatios(step);
  spreadSteps(step, maskAbove(weight, 0));
  return step;
}

/** From steps in some cells to themselves near those, 0 far from them and a membrane between. */
function spreadSteps(step: ColorImage, measured: Uint8Array): void {
  const { width, height } = step;
  if (!measured.includes(1)) {
    step.data.fill(0);
    return;
  }
  const { distance } = distanceTransform(measured, width, height);
  const known = new Uint8Array(measured.length);
  for (let cell = 0; cell < known.length; cell++) {
    const isFar = distance[cell] > (FADED * width) / 256;
    known[cell] = isFar || measured[cell] === 1 ? 1 : 0;
    if (isFar) step.data.fill(0, cell * 3, cell * 3 + 3);
  }
  membraneFill(step, known);
}
