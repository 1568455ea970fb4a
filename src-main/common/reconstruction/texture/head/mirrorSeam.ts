import type { ColorImage } from '#common/image/colorImage';
import { createColorImage } from '#common/image/colorImage';
import { gaussianBlur } from '#common/image/boxBlur';
import { distanceTransform } from '#common/image/distanceTransform';
import { membraneFill } from '#common/image/membraneFill';
import { maskAbove } from '#common/image/morphology';
import type { SeenTexels } from '#common/reconstruction/texture/head/bakeSeen';
import type { Plane } from '#common/reconstruction/texture/head/cellPlane';
import { middleTexel } from '#common/reconstruction/texture/head/cellPlane';
import type { MirrorLight } from '#common/reconstruction/texture/head/mirrorLight';

/** Cells (at 1024: 4 texels, about 1 mm each) beside mirrored texels on which the step to them is measured. */
const SEAM_REACH = 10;
/** A step larger than this (encoded) is not all light. */
const STEP_LIMIT = 0.6;
/** Cells over which the step is averaged: pores and brows are no light. */
const STEP_SIGMA = 2.5;
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
 * What to add to mirrored texels (after shift and gain) so that they meet the seen skin they continue: the step between the
 * two, measured on the seen side of their border and fading away from it. Encoded, one colour per cell.
 */
export function seamCorrection(
  size: number,
  seen: SeenTexels,
  mirrored: SeenTexels,
  light: MirrorLight,
  seam: Seam,
): ColorImage {
  const side = light.shift.width;
  const step = createColorImage(side, side);
  const weight = new Float32Array(side * side);
  const taken = new Uint8Array(side * side);
  for (let cell = 0; cell < taken.length; cell++) {
    if (seam.own.data[cell] < 0.3 && mirrored.weight[middleTexel(cell, side, size)] > 0.3) taken[cell] = 1;
  }
  if (!taken.includes(1)) return step;
  const { distance } = distanceTransform(taken, side, side);
  const reach = (SEAM_REACH * side) / 256;
  for (let cell = 0; cell < taken.length; cell++) {
    const texel = middleTexel(cell, side, size);
    const both = Math.min(seen.weight[texel], mirrored.weight[texel], seam.own.data[cell]);
    if (distance[cell] > reach || both < 0.4 || seam.foreign.data[cell] > 0.05) continue;
    weight[cell] = both;
    for (let c = 0; c < 3; c++) {
      const mirror =
        (mirrored.color.data[texel * 3 + c] + light.shift.data[cell * 3 + c]) * light.gain.data[cell];
      const difference = seen.color.data[texel * 3 + c] - mirror;
      step.data[cell * 3 + c] = both * Math.min(STEP_LIMIT, Math.max(-STEP_LIMIT, difference));
    }
  }
  spreadSteps(step, weight);
  return step;
}

/** From weighted steps in some cells to their mean near those, 0 far from them and a membrane between. */
function spreadSteps(step: ColorImage, weight: Float32Array): void {
  const { width, height } = step;
  const measured = maskAbove(weight, 0);
  if (!measured.includes(1)) return;
  gaussianBlur(step.data, { width, height, channels: 3 }, (STEP_SIGMA * width) / 256);
  gaussianBlur(weight, { width, height, channels: 1 }, (STEP_SIGMA * width) / 256);
  const { distance } = distanceTransform(measured, width, height);
  const known = new Uint8Array(measured.length);
  for (let cell = 0; cell < known.length; cell++) {
    const isFar = distance[cell] > (FADED * width) / 256;
    known[cell] = isFar || measured[cell] === 1 ? 1 : 0;
    for (let c = 0; c < 3; c++) {
      step.data[cell * 3 + c] = isFar ? 0 : step.data[cell * 3 + c] / (weight[cell] + 1e-4);
    }
  }
  membraneFill(step, known);
}
