import type { WorkContext } from '#common/contract/progress';
import { boxBlur } from '#common/image/boxBlur';
import type { ColorImage } from '#common/image/colorImage';
import { encodedFromRgba, encodeSrgb } from '#common/image/colorImage';
import { distanceTransform } from '#common/image/distanceTransform';
import { invertMask, maskAbove } from '#common/image/morphology';
import { inpaintPatches } from '#common/image/patchInpaint';
import { pushPullHole } from '#common/image/pushPull';
import type { RgbaImage } from '#common/image/rasterImage';
import { halveColor, resizeColor, resizePlane } from '#common/image/resample';
import { extendForeground } from '#common/reconstruction/texture/surroundings/foregroundExtension';
import { partNumber } from '#common/reconstruction/texture/head/headChart';
import type { PictureTone } from '#common/reconstruction/texture/view/pictureTone';
import { smoothStep } from '#common/math/smoothStep';
import type { SourceView } from '#common/reconstruction/texture/view/sourceView';
import type { TextureInput } from '#common/reconstruction/texture/textureInput';
import { squared } from '#common/math/portableMath';

/** The face's hole starts this far inside the face's outline, crop pixels at 512. */
const FACE_MARGIN = 7;
/** Patches are searched at this side; the rest of the face's hole needs no more detail than that. */
const PATCH_SIDE = 256;

/**
 * The shell's square, encoded, S x S: the crop with the background replaced by the person's own colours and the face
 * replaced by what surrounds it (hair, neck, cloth), because the back of the shell shares these texels.
 */
export function shellTexture(
  input: TextureInput,
  view: SourceView,
  options: { readonly size: number; readonly plate: RgbaImage; readonly tone: PictureTone },
  context: WorkContext = {},
): ColorImage {
  const { width, height } = input.crop;
  const { matte, validMask } = input;
  const coverage = matte.width === width ? matte.data : resizePlane(matte, width, height);
  const face = facePixels(input, view, width, height);
  const extended = extendForeground({
    face,
    crop: encodedFromRgba(input.crop),
    coverage,
    plate: encodedFromRgba(options.plate),
    ...(validMask === undefined ? {} : { valid: maskAbove(validMask.data, 0.5) }),
  });
  hideFace(
    { face, picture: extended, copied: copiedPixels(input, extended, coverage, options.tone) },
    context,
  );
  return resizeColor(extended, options.size, options.size);
}

/** The crop with what the synthesis needs to know of it. */
interface FaceHiding {
  /** 1 on the face (`facePixels`). */
  readonly face: Uint8Array;
  readonly picture: ColorImage;
  /** 1 where patches may be copied from. */
  readonly copied: Uint8Array;
}

/** Fewer pixels (share of the crop) than this are too few to copy hair from. */
const ENOUGH_HAIR = 0.012;

/**
 * What the back of the head may be made of: the person's own pixels beside and above the face that are more like hair (or hat)
 * than skin, else any of the person's pixels.
 */
function copiedPixels(
  input: TextureInput,
  picture: ColorImage,
  coverage: Float32Array,
  tone: PictureTone,
): Uint8Array {
  const { width } = picture;
  const person = maskAbove(coverage, 0.9);
  const chinRow = input.observation.landmarks[152 * 3 + 1];
  const hair = tone.hair.map(encodeSrgb);
  const skin = tone.skin.map(encodeSrgb);
  const result = person.slice();
  let count = 0;
  for (let pixel = 0; pixel < result.length; pixel++) {
    if (person[pixel] === 0) continue;
    const isBelow = Math.floor(pixel / width) > chinRow;
    if (isBelow || squaredDistance(picture, pixel, skin) < squaredDistance(picture, pixel, hair))
      result[pixel] = 0;
    else count++;
  }
  if (count <= ENOUGH_HAIR * result.length) return person;
  const closed = majority(result, width, picture.height);
  return closed.includes(1) ? closed : result;
}

/** Each pixel as most of its neighbours: single strands and highlights do not break patches up. */
function majority(mask: Uint8Array, width: number, height: number): Uint8Array {
  const soft = Float32Array.from(mask);
  boxBlur(soft, { width, height, channels: 1 }, Math.round((4 * width) / 512));
  return maskAbove(soft, 0.5);
}

function squaredDistance(picture: ColorImage, pixel: number, color: readonly number[]): number {
  let sum = 0;
  for (let c = 0; c < 3; c++) sum += squared(picture.data[pixel * 3 + c] - color[c]);
  return sum;
}

function hideFace({ face, picture, copied }: FaceHiding, context: WorkContext): void {
  const { width, height } = picture;
  if (!face.includes(1)) return;
  let small: ColorImage = picture;
  while (small.width > PATCH_SIDE) small = halveColor(small);
  const hole = shrinkMask(face, width, small.width, small.height);
  const source = invertMask(shrinkMask(invertMask(copied), width, small.width, small.height));
  const patched: ColorImage = { width: small.width, height: small.height, data: small.data.slice() };
  const isPatched = inpaintPatches(patched, hole, { radius: 2, searchSide: 128, source }, context);
  // Hair too short for patches: its colours alone are spread, not the skin's around the face.
  if (!isPatched) {
    const hair = shrinkMask(copied, width, small.width, small.height);
    pushPullHole(
      patched,
      hair.map((isHair, pixel) => (hole[pixel] === 0 ? isHair : 0)),
    );
  }
  const surroundings = resizeColor(patched, width, height);
  const { distance } = distanceTransform(invertMask(face), width, height);
  const unit = width / 512;
  for (let pixel = 0; pixel < face.length; pixel++) {
    const t = smoothStep(FACE_MARGIN * unit, (FACE_MARGIN + 6) * unit, distance[pixel]);
    if (t === 0) continue;
    for (let i = pixel * 3; i < pixel * 3 + 3; i++) {
      picture.data[i] += (surroundings.data[i] - picture.data[i]) * t;
    }
  }
}

/** Crop pixels where the nearest surface is the head's own mesh; what they enclose (an open mouth) counts too. */
function facePixels(input: TextureInput, view: SourceView, width: number, height: number): Uint8Array {
  const shell = partNumber(input.geometry, 'shell');
  const face = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const part = view.part[y * view.scale * view.size + x * view.scale];
      if (part !== 0 && part !== shell) face[y * width + x] = 1;
    }
  }
  return invertMask(connectedToCorner(invertMask(face), width, height));
}

/** The set pixels that a path of set pixels joins to the first pixel (which counts as set). */
function connectedToCorner(mask: Uint8Array, width: number, height: number): Uint8Array {
  const reached = new Uint8Array(mask.length);
  const stack = new Int32Array(mask.length + 4);
  let top = 0;
  const visit = (pixel: number) => {
    if (reached[pixel] === 1 || mask[pixel] === 0) return;
    reached[pixel] = 1;
    stack[top++] = pixel;
  };
  reached[0] = 1;
  stack[top++] = 0;
  while (top > 0) {
    const pixel = stack[--top];
    const x = pixel % width;
    if (x > 0) visit(pixel - 1);
    if (x < width - 1) visit(pixel + 1);
    if (pixel >= width) visit(pixel - width);
    if (pixel < width * (height - 1)) visit(pixel + width);
  }
  return reached;
}

/** A coarse pixel is set when any of its pixels is: the synthesis must not start from face colours. */
function shrinkMask(mask: Uint8Array, width: number, toWidth: number, toHeight: number): Uint8Array {
  const result = new Uint8Array(toWidth * toHeight);
  const ratio = width / toWidth;
  for (let pixel = 0; pixel < mask.length; pixel++) {
    if (mask[pixel] === 0) continue;
    const x = Math.min(toWidth - 1, Math.floor((pixel % width) / ratio));
    const y = Math.min(toHeight - 1, Math.floor(Math.floor(pixel / width) / ratio));
    result[y * toWidth + x] = 1;
  }
  return result;
}
