import type { WorkContext } from '#common/contract/progress';
import type { ColorImage } from '#common/image/colorImage';
import { createColorImage, encodedFromRgba, rgbaFromEncoded } from '#common/image/colorImage';
import { distanceTransform } from '#common/image/distanceTransform';
import { hashGaussian } from '#common/image/hashNoise';
import { membraneFill } from '#common/image/membraneFill';
import { inpaintPatches } from '#common/image/patchInpaint';
import { dilate, invertMask, maskAbove } from '#common/image/morphology';
import { pushPullHole } from '#common/image/pushPull';
import type { FloatImage, RgbaImage } from '#common/image/rasterImage';
import { resizePlane } from '#common/image/resample';
import { fitSmoothSurface } from '#common/reconstruction/texture/surroundings/smoothBackground';

export interface BackgroundPlate {
  readonly plate: RgbaImage;
  /** How the hole was filled; 'untouched' where the matte holds nobody. */
  readonly method: 'smooth' | 'patches' | 'untouched';
}

/** Coverage above which a pixel may carry the person's colour. */
const PERSON_TRACE = 0.04;
/** The hole reaches this far beyond, crop pixels at 512: mattes are soft, hair is finer than they are. */
const HOLE_MARGIN = 12;
/** A backdrop is a studio's when the surface explains it to this deviation (encoded) over this share of pixels. */
const SMOOTH_DEVIATION = 0.022;
const SMOOTH_AGREEMENT = 0.9;

/** A wall that is plain around the person (crop pixels at 512, share of pixels) is continued, whatever stands farther off. */
const RING = 28;
const RING_AGREEMENT = 0.8;

/** Loose strands this near the person (crop pixels at 512) are taken out of a studio backdrop as well. */
const STRAND_REACH = 44;

export interface PlateInput {
  readonly crop: RgbaImage;
  readonly matte: FloatImage;
  /** 1 where the crop shows picture; what lies outside is filled too. Default: all 1. */
  readonly validMask?: FloatImage;
}

/**
 * The crop with the person taken out. Studio backdrops (plain or graded) are continued as smooth surfaces with
 * the picture's own grain, others by patches from the rest of the background.
 */
export function backgroundPlate(input: PlateInput, context: WorkContext = {}): BackgroundPlate {
  const { crop, matte, validMask } = input;
  const { width, height } = crop;
  const encoded = encodedFromRgba(crop);
  const coverage = matte.width === width ? matte.data : resizePlane(matte, width, height);
  const person = maskAbove(coverage, PERSON_TRACE);
  if (!person.includes(1)) return { plate: rgbaFromEncoded(encoded), method: 'untouched' };
  const { distance } = distanceTransform(person, width, height);
  const hole = invertMask(maskAbove(distance, (HOLE_MARGIN * width) / 512));
  if (validMask !== undefined) addUnseen(hole, validMask.data);
  const method = fillHole(encoded, hole, distance, context);
  return { plate: rgbaFromEncoded(encoded), method };
}

/** Adds what lies outside the picture to the hole, unless hardly anything else would be known. */
function addUnseen(hole: Uint8Array, valid: Float32Array): void {
  let known = 0;
  for (let i = 0; i < hole.length; i++) if (hole[i] === 0 && valid[i] >= 0.5) known++;
  if (known < 0.08 * hole.length) return;
  for (let i = 0; i < hole.length; i++) if (valid[i] < 0.5) hole[i] = 1;
}

function fillHole(
  encoded: ColorImage,
  hole: Uint8Array,
  personDistance: Float32Array,
  context: WorkContext,
): 'smooth' | 'patches' {
  const { width, height } = encoded;
  const known = invertMask(hole);
  const fit = fitSmoothSurface(encoded, known);
  if (fit === undefined) {
    pushPullHole(encoded, known);
    return 'smooth';
  }
  if (fit.deviation <= SMOOTH_DEVIATION && fit.agreement >= SMOOTH_AGREEMENT) {
    const surface = fit.paint();
    dropStrands(encoded, known, personDistance, { surface, deviation: fit.deviation });
    fillSmooth(encoded, known, surface);
    return 'smooth';
  }
  const around = fitSmoothSurface(encoded, ringAround(hole, width, height));
  if (around !== undefined && around.deviation <= SMOOTH_DEVIATION && around.agreement >= RING_AGREEMENT) {
    fillSmooth(encoded, known, around.paint());
    return 'smooth';
  }
  inpaintPatches(encoded, hole, {}, context);
  return 'patches';
}

/** Known pixels near the hole. */
function ringAround(hole: Uint8Array, width: number, height: number): Uint8Array {
  const { distance } = distanceTransform(hole, width, height);
  const ring = new Uint8Array(hole.length);
  const reach = (RING * width) / 512;
  for (let i = 0; i < ring.length; i++) if (distance[i] > 0 && distance[i] <= reach) ring[i] = 1;
  return ring;
}

/** Marks as unknown what stands out of the backdrop near the person: hair finer than the matte, shadows' edges. */
function dropStrands(
  encoded: ColorImage,
  known: Uint8Array,
  personDistance: Float32Array,
  fit: { readonly surface: ColorImage; readonly deviation: number },
): void {
  const { width, height } = encoded;
  const reach = (STRAND_REACH * width) / 512;
  const limit = 3.5 * fit.deviation + 0.012;
  const strands = new Uint8Array(known.length);
  for (let pixel = 0; pixel < known.length; pixel++) {
    if (known[pixel] === 0 || personDistance[pixel] > reach) continue;
    for (let i = pixel * 3; i < pixel * 3 + 3; i++) {
      if (Math.abs(encoded.data[i] - fit.surface.data[i]) > limit) strands[pixel] = 1;
    }
  }
  const around = dilate(strands, width, height, 2);
  for (let pixel = 0; pixel < known.length; pixel++) if (around[pixel] === 1) known[pixel] = 0;
}

/** Coarse cells of the residual; it is smooth, and averaging keeps grain out of the membrane. */
const CELL = 4;

function fillSmooth(encoded: ColorImage, known: Uint8Array, surface: ColorImage): void {
  const { width, height } = encoded;
  const residual = coarseResidual(encoded, known, surface);
  const grain = grainOf(encoded, known);
  const columns = residual.width;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      if (known[pixel] !== 0) continue;
      const gx = Math.min(columns - 1.001, Math.max(0, (x + 0.5) / CELL - 0.5));
      const gy = Math.min(residual.height - 1.001, Math.max(0, (y + 0.5) / CELL - 0.5));
      const at = (Math.floor(gy) * columns + Math.floor(gx)) * 3;
      const fx = gx - Math.floor(gx);
      const fy = gy - Math.floor(gy);
      const noise = grain * hashGaussian(x, y, 7);
      for (let c = 0; c < 3; c++) {
        const { data } = residual;
        const top = data[at + c] * (1 - fx) + data[at + 3 + c] * fx;
        const bottom = data[at + columns * 3 + c] * (1 - fx) + data[at + columns * 3 + 3 + c] * fx;
        encoded.data[pixel * 3 + c] = surface.data[pixel * 3 + c] + top * (1 - fy) + bottom * fy + noise;
      }
    }
  }
}

/** Mean difference between picture and surface per cell, continued over the hole as a membrane. */
function coarseResidual(encoded: ColorImage, known: Uint8Array, surface: ColorImage): ColorImage {
  const { width, height } = encoded;
  const coarse = createColorImage(Math.ceil(width / CELL), Math.ceil(height / CELL));
  const counts = new Float32Array(coarse.width * coarse.height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      if (known[pixel] === 0) continue;
      const cell = Math.floor(y / CELL) * coarse.width + Math.floor(x / CELL);
      counts[cell]++;
      for (let c = 0; c < 3; c++)
        coarse.data[cell * 3 + c] += encoded.data[pixel * 3 + c] - surface.data[pixel * 3 + c];
    }
  }
  const cellKnown = new Uint8Array(counts.length);
  for (let cell = 0; cell < counts.length; cell++) {
    if (counts[cell] === 0) continue;
    cellKnown[cell] = 1;
    for (let c = 0; c < 3; c++) coarse.data[cell * 3 + c] /= counts[cell];
  }
  membraneFill(coarse, cellKnown);
  return coarse;
}

/** Deviation of the finest detail of the known pixels: the median is not misled by edges. */
function grainOf(encoded: ColorImage, known: Uint8Array): number {
  const { width, height, data } = encoded;
  const steps: number[] = [];
  for (let y = 1; y < height - 1; y += 3) {
    for (let x = 1; x < width - 1; x += 3) {
      const pixel = y * width + x;
      if (known[pixel - 1] === 0 || known[pixel] === 0 || known[pixel + 1] === 0) continue;
      const green = pixel * 3 + 1;
      steps.push(Math.abs(data[green] - 0.5 * (data[green - 3] + data[green + 3])));
    }
  }
  if (steps.length === 0) return 0;
  steps.sort((a, b) => a - b);
  // The median of |x - mean of two neighbours| is 0.6745 * sqrt(1.5) deviations of white noise.
  return Math.min(0.02, steps[steps.length >> 1] / 0.826);
}
