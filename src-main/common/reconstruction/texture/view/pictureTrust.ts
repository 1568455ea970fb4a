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
 * How far each crop pixel may be believed to show skin and nothing else, [0, 1]: 0 next to pixels of eyes, teeth and
 * mouth, beside depth steps (a nose before a cheek) and towards the background.
 */
export function skinTrust(input: TextureInput, view: SourceView): FloatImage {
  const { width, height } = input.crop;
  const unit = width / 512;
  const others = distanceTransform(foreignToSkin(input, view), width, height).distance;
  const background = distanceTransform(notPerson(input), width, height).distance;
  const data = new Float32Array(width * height);
  for (let pixel = 0; pixel < data.length; pixel++) {
    data[pixel] =
      smoothStep(0.6 * unit, 1.8 * unit, others[pixel]) * smoothStep(1.5 * unit, 4 * unit, background[pixel]);
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

/** Crop pixels that show, at least partly, an inner part of the head or the far side of a depth step. */
function foreignToSkin(input: TextureInput, view: SourceView): Uint8Array {
  const { width, height } = input.crop;
  const skin = partNumber(input.geometry, 'skin');
  const shell = partNumber(input.geometry, 'shell');
  const { part, depth, size, scale } = view;
  const foreign = new Uint8Array(width * height);
  for (let y = 0; y < size; y++) {
    const row = Math.min(height - 1, (y / scale) | 0) * width;
    for (let x = 0; x < size; x++) {
      const at = y * size + x;
      const own = part[at];
      if (own === 0 || own === shell) continue;
      // Hair over skin is no step: both halves of the atlas take the same pixels there.
      const stepped =
        own !== skin ||
        (x > 0 && part[at - 1] !== shell && depth[at - 1] < depth[at] - DEPTH_STEP) ||
        (x < size - 1 && part[at + 1] !== shell && depth[at + 1] < depth[at] - DEPTH_STEP) ||
        (y > 0 && part[at - size] !== shell && depth[at - size] < depth[at] - DEPTH_STEP) ||
        (y < size - 1 && part[at + size] !== shell && depth[at + size] < depth[at] - DEPTH_STEP);
      if (stepped) foreign[row + ((x / scale) | 0)] = 1;
    }
  }
  return foreign;
}
