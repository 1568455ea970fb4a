import type { WorkContext } from '#common/contract/progress';
import { throwIfCancelled } from '#common/contract/errors';
import type { ColorImage } from '#common/image/colorImage';
import { createColorImage } from '#common/image/colorImage';
import { distanceTransform } from '#common/image/distanceTransform';
import type { PatchField } from '#common/image/patchField';
import {
  createPatchField,
  improvePatchField,
  upsamplePatchField,
  votePatches,
} from '#common/image/patchField';
import { invertMask, maskAbove } from '#common/image/morphology';
import { pushPullHole } from '#common/image/pushPull';

export interface PatchInpaintOptions {
  /** Pixels patches may be copied from (1), default all outside the hole. */
  readonly source?: Uint8Array;
  /** Patches are (2 * radius + 1) squared; default 3. */
  readonly radius?: number;
  /** Above this side (pixels) patches are searched beside the hole's border only; default 128. */
  readonly searchSide?: number;
  readonly seed?: number;
}

interface Level {
  readonly image: ColorImage;
  readonly hole: Uint8Array;
  readonly source: Uint8Array;
}

const COARSEST_SIDE = 24;

/**
 * Fills the hole in place with patches from the rest of the picture, coarse to fine: Wexler et al.,
 * Space-Time Completion of Video (the alternation of nearest patches and voting) with the search of Barnes
 * et al., PatchMatch. Deterministic. Encoded values (differences are judged as the eye does).
 * @param hole 1 where colours are to be found.
 * @returns false, leaving the push-pull fill, where the source is too small to hold a patch.
 */
export function inpaintPatches(
  image: ColorImage,
  hole: Uint8Array,
  options: PatchInpaintOptions = {},
  context: WorkContext = {},
): boolean {
  const { radius = 3, searchSide = 128, seed = 1 } = options;
  const levels = buildLevels(image, hole, options.source ?? invertMask(hole));
  const coarsest = levels[levels.length - 1];
  startHole(coarsest.image, coarsest.hole);
  let field: PatchField | undefined;
  for (let index = levels.length - 1; index >= 0; index--) {
    throwIfCancelled(context.signal);
    const level = levels[index];
    const next = createPatchField(level.image, nearHole(level, radius), level.source, radius, seed + index);
    if (next === undefined) continue;
    if (field !== undefined) {
      upsamplePatchField(next, field);
      votePatches(next, level.hole, { stride: level.image.width > searchSide ? 2 : 1 });
    } else if (index < levels.length - 1) {
      // The coarser levels had no room for a patch: their interpolation starts this one.
      startHole(level.image, level.hole);
    }
    const rounds = searchRounds(Math.max(level.image.width, level.image.height), searchSide, field);
    for (let round = 0; round < rounds; round++) {
      improvePatchField(next, 2);
      votePatches(next, level.hole);
    }
    if (rounds === 0 && field !== undefined) refineBorder(next, level);
    field = next;
  }
  if (field === undefined || field.image !== image) {
    pushPullHole(image, invertMask(hole));
    return false;
  }
  return true;
}

/** Pixels inside the hole, beside its border, that are searched at every level: what is seen behind a moving head. */
const BORDER = 8;

function refineBorder(field: PatchField, level: Level): void {
  const { width, height } = level.image;
  const { distance } = distanceTransform(invertMask(level.hole), width, height);
  const targets = field.targets.filter((pixel) => distance[pixel] <= BORDER);
  improvePatchField(field, 1, { targets, reach: 4 });
  votePatches(field, level.hole, { targets });
}

/** How often a level of this side is searched and voted. */
function searchRounds(side: number, searchSide: number, coarser: PatchField | undefined): number {
  // The first level that has a patch to offer must be searched in full, however fine it is.
  if (coarser === undefined) return 4;
  if (side > searchSide) return 0;
  return side * 2 > searchSide ? 1 : side * 4 > searchSide ? 2 : 4;
}

/**
 * A first guess: the known picture reflected about the hole's border, so that structure, not the mean
 * colour, is what the search sets out from (from a smooth start it settles on blank patches).
 */
function startHole(image: ColorImage, hole: Uint8Array): void {
  const { width, height, data } = image;
  const known = invertMask(hole);
  const { nearest } = distanceTransform(known, width, height);
  pushPullHole(image, known);
  for (let pixel = 0; pixel < hole.length; pixel++) {
    const edge = nearest[pixel];
    if (hole[pixel] === 0 || edge < 0) continue;
    const x = 2 * (edge % width) - (pixel % width);
    const y = 2 * Math.floor(edge / width) - Math.floor(pixel / width);
    if (x < 0 || y < 0 || x >= width || y >= height || known[y * width + x] === 0) continue;
    for (let c = 0; c < 3; c++) data[pixel * 3 + c] = data[(y * width + x) * 3 + c];
  }
}

/** Pixels whose patch touches the hole. */
function nearHole(level: Level, radius: number): Uint8Array {
  const { distance } = distanceTransform(level.hole, level.image.width, level.image.height);
  return invertMask(maskAbove(distance, radius));
}

function buildLevels(image: ColorImage, hole: Uint8Array, source: Uint8Array): Level[] {
  const levels: Level[] = [{ image, hole, source: sourceOutside(source, hole) }];
  for (
    let last = levels[0];
    Math.min(last.image.width, last.image.height) >= 2 * COARSEST_SIDE;
    last = levels[levels.length - 1]
  ) {
    levels.push(halveLevel(last));
  }
  return levels;
}

function sourceOutside(source: Uint8Array, hole: Uint8Array): Uint8Array {
  const result = source.slice();
  for (let pixel = 0; pixel < hole.length; pixel++) if (hole[pixel] !== 0) result[pixel] = 0;
  return result;
}

/** Means of the known pixels only; a coarse pixel is known, and a source, when most of its pixels are. */
function halveLevel(fine: Level): Level {
  const { width: fineWidth, height: fineHeight } = fine.image;
  const width = fineWidth >> 1;
  const height = fineHeight >> 1;
  const image = createColorImage(width, height);
  const hole = new Uint8Array(width * height);
  const source = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = y * width + x;
      const from = 2 * y * fineWidth + 2 * x;
      let known = 0;
      let sources = 0;
      for (const pixel of [from, from + 1, from + fineWidth, from + fineWidth + 1]) {
        sources += fine.source[pixel];
        if (fine.hole[pixel] !== 0) continue;
        known++;
        for (let c = 0; c < 3; c++) image.data[to * 3 + c] += fine.image.data[pixel * 3 + c];
      }
      hole[to] = known >= 2 ? 0 : 1;
      source[to] = known >= 2 && sources >= 3 ? 1 : 0;
      for (let c = 0; c < 3 && known > 0; c++) image.data[to * 3 + c] /= known;
    }
  }
  return { image, hole, source };
}
