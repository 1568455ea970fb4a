import { distanceTransform } from '#common/image/distanceTransform';
import { invertMask, maskAbove } from '#common/image/morphology';
import { smoothStep } from '#common/math/smoothStep';
import { resizePlane } from '#common/image/resample';
import type { FloatImage } from '#common/image/rasterImage';
import { partNumber } from '#common/reconstruction/texture/head/headChart';
import {
  INNER_LIP_OUTLINE,
  outlinePoints,
  polygonArea,
  polygonTrust,
} from '#common/reconstruction/texture/view/landmarkPolygons';
import type { SourceView } from '#common/reconstruction/texture/view/sourceView';
import type { TextureInput } from '#common/reconstruction/texture/textureInput';

/** Matte below this is not surely person. */
const PERSON_COVERAGE = 0.85;
/** Depth steps larger than this between neighbours part a near surface from what it hides, metres. */
const DEPTH_STEP = 0.006;
/**
 * Pixels (at 512) beside a depth step up to which skin is half believed: the fitted outline of a turned nose and the
 * pictured one differ by that much, and what lies between is the cheek behind it.
 */
const STEP_REACH = 4;
const BESIDE_STEP = 0.25;

/**
 * How far each crop pixel may be believed to show skin and nothing else, [0, 1]: 0 next to pixels of eyes, teeth and
 * mouth, beside depth steps (a nose before a cheek) and towards the background.
 */
export function skinTrust(input: TextureInput, view: SourceView): FloatImage {
  const { width, height } = input.crop;
  const unit = width / 512;
  const foreign = foreignToSkin(input, view);
  const others = distanceTransform(foreign.all, width, height).distance;
  const steps = foreign.steps.includes(1)
    ? distanceTransform(foreign.steps, width, height).distance
    : undefined;
  const background = distanceTransform(notPerson(input), width, height).distance;
  const data = new Float32Array(width * height);
  for (let pixel = 0; pixel < data.length; pixel++) {
    data[pixel] =
      smoothStep(0.6 * unit, 1.8 * unit, others[pixel]) * smoothStep(1.5 * unit, 4 * unit, background[pixel]);
    if (steps && steps[pixel] < STEP_REACH * unit) {
      data[pixel] *=
        BESIDE_STEP + (1 - BESIDE_STEP) * smoothStep(1.8 * unit, STEP_REACH * unit, steps[pixel]);
    }
  }
  dropOpenMouth(data, input, unit);
  return { width, height, data };
}

/** Square pixels (at 512) from which the space between the lips counts as open. */
const OPEN_MOUTH = 60;

/** What lies between the lips is no skin, wherever the fitted lips are. */
function dropOpenMouth(trust: Float32Array, input: TextureInput, unit: number): void {
  const outline = outlinePoints(input.observation, INNER_LIP_OUTLINE);
  if (polygonArea(outline) < OPEN_MOUTH * unit * unit) return;
  const mouth = polygonTrust(outline, input.crop, -0.5 * unit, 1.2 * unit).data;
  for (let pixel = 0; pixel < trust.length; pixel++) if (mouth[pixel] > 0) trust[pixel] *= 1 - mouth[pixel];
}

function notPerson(input: TextureInput): Uint8Array {
  const { width, height } = input.crop;
  const { matte } = input;
  const data = matte.width === width ? matte.data : resizePlane(matte, width, height);
  const result = invertMask(maskAbove(data, PERSON_COVERAGE));
  const valid = input.validMask?.data;
  if (valid !== undefined) for (let i = 0; i < result.length; i++) if (valid[i] < 0.5) result[i] = 1;
  return result;
}

/** Crop pixels that show, at least partly, an inner part of the head or the far side of a depth step; the latter by themselves. */
function foreignToSkin(
  input: TextureInput,
  view: SourceView,
): { readonly all: Uint8Array; readonly steps: Uint8Array } {
  const { width, height } = input.crop;
  const skin = partNumber(input.geometry, 'skin');
  const shell = partNumber(input.geometry, 'shell');
  const { part, depth, size, scale } = view;
  const all = new Uint8Array(width * height);
  const steps = new Uint8Array(width * height);
  for (let y = 0; y < size; y++) {
    const row = Math.min(height - 1, (y / scale) | 0) * width;
    for (let x = 0; x < size; x++) {
      const at = y * size + x;
      const own = part[at];
      if (own === 0 || own === shell) continue;
      // Hair over skin is no step: both halves of the atlas take the same pixels there.
      const isStep =
        (x > 0 && part[at - 1] !== shell && depth[at - 1] < depth[at] - DEPTH_STEP) ||
        (x < size - 1 && part[at + 1] !== shell && depth[at + 1] < depth[at] - DEPTH_STEP) ||
        (y > 0 && part[at - size] !== shell && depth[at - size] < depth[at] - DEPTH_STEP) ||
        (y < size - 1 && part[at + size] !== shell && depth[at + size] < depth[at] - DEPTH_STEP);
      const pixel = row + ((x / scale) | 0);
      if (own !== skin || isStep) all[pixel] = 1;
      if (own === skin && isStep) steps[pixel] = 1;
    }
  }
  return { all, steps };
}
