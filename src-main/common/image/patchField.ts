import type { ColorImage } from '#common/image/colorImage';
import { createSeededRandom } from '#common/math/seededRandom';
import { portableExp } from '#common/math/portableMath';

/** For every target pixel the centre of the most alike source patch found so far. */
export interface PatchField {
  readonly image: ColorImage;
  readonly radius: number;
  /** Pixels whose patch is to be explained, and that lie a radius inside the picture. */
  readonly targets: Int32Array;
  /** Centres that patches may be copied from. */
  readonly sources: Int32Array;
  /** Per pixel 1 when it is in `sources`. */
  readonly isSource: Uint8Array;
  /** Per pixel the index of its match, -1 outside the targets. */
  readonly match: Int32Array;
  /** Per pixel the squared difference to the match. */
  readonly cost: Float32Array;
  readonly random: () => number;
}

/**
 * A field of random matches.
 * @param target pixels to explain, @param source pixels that may appear in a copied patch (both 0 or 1).
 * @returns undefined when no whole patch fits in the source.
 */
export function createPatchField(
  image: ColorImage,
  target: Uint8Array,
  source: Uint8Array,
  radius: number,
  seed: number,
): PatchField | undefined {
  const isSource = wholePatches(source, image.width, image.height, radius);
  const sources = listInside(isSource, image, radius);
  if (sources.length === 0) return undefined;
  const generator = createSeededRandom(seed);
  const random = () => generator.uniform();
  const targets = listInside(target, image, radius);
  const match = new Int32Array(image.width * image.height).fill(-1);
  const cost = new Float32Array(image.width * image.height).fill(Infinity);
  // Costs stay infinite until the first search: many of these matches are replaced from a coarser field.
  for (const pixel of targets) match[pixel] = sources[Math.floor(random() * sources.length)];
  return { image, radius, targets, sources, isSource, match, cost, random };
}

/** Starts `fine` from the matches of the field of half its size. */
export function upsamplePatchField(fine: PatchField, coarse: PatchField): void {
  const { width, height } = fine.image;
  const { width: coarseWidth, height: coarseHeight } = coarse.image;
  const margin = coarse.radius;
  for (const pixel of fine.targets) {
    const x = pixel % width;
    const y = (pixel - x) / width;
    const cx = Math.min(Math.max(x >> 1, margin), coarseWidth - 1 - margin);
    const cy = Math.min(Math.max(y >> 1, margin), coarseHeight - 1 - margin);
    const from = coarse.match[cy * coarseWidth + cx];
    if (from < 0) continue;
    const fromX = from % coarseWidth;
    const fromY = (from - fromX) / coarseWidth;
    // The offset is doubled, not the match: neighbours then stay neighbours.
    const matchX = x + 2 * (fromX - cx);
    const matchY = y + 2 * (fromY - cy);
    if (matchX < 0 || matchY < 0 || matchX >= width || matchY >= height) continue;
    const candidate = matchY * width + matchX;
    if (fine.isSource[candidate] === 0) continue;
    fine.match[pixel] = candidate;
    fine.cost[pixel] = 0;
  }
}

export interface SearchOptions {
  /** Which of the field's targets to improve, in rising order; default all. */
  readonly targets?: Int32Array;
  /** Farthest random try around the present match, pixels; default 32. */
  readonly reach?: number;
}

/** Rounds of propagation and random search (Barnes et al., section 3.2), alternating direction. */
export function improvePatchField(field: PatchField, rounds: number, options: SearchOptions = {}): void {
  const { targets = field.targets, reach = 32 } = options;
  for (const pixel of targets) field.cost[pixel] = patchCost(field, pixel, field.match[pixel], Infinity);
  for (let round = 0; round < rounds; round++) {
    const forward = round % 2 === 0;
    const step = forward ? 1 : -1;
    for (let index = 0; index < targets.length; index++) {
      const pixel = targets[forward ? index : targets.length - 1 - index];
      propagate(field, pixel, step);
      propagate(field, pixel, step * field.image.width);
      searchRandomly(field, pixel, reach);
    }
  }
}

function propagate(field: PatchField, pixel: number, step: number): void {
  const neighbour = field.match[pixel - step];
  if (neighbour === undefined || neighbour < 0) return;
  const candidate = neighbour + step;
  if (field.isSource[candidate] === 1) tryMatch(field, pixel, candidate);
}

function searchRandomly(field: PatchField, pixel: number, farthest: number): void {
  const { width, height } = field.image;
  const { random, isSource, sources } = field;
  tryMatch(field, pixel, sources[Math.floor(random() * sources.length)]);
  const best = field.match[pixel];
  const x = best % width;
  const y = (best - x) / width;
  for (let reach = Math.min(farthest, Math.max(width, height) >> 2); reach >= 1; reach >>= 1) {
    const tryX = x + Math.round((random() * 2 - 1) * reach);
    const tryY = y + Math.round((random() * 2 - 1) * reach);
    if (tryX < 0 || tryY < 0 || tryX >= width || tryY >= height) continue;
    const candidate = tryY * width + tryX;
    if (isSource[candidate] === 1) tryMatch(field, pixel, candidate);
  }
}

function tryMatch(field: PatchField, pixel: number, candidate: number): void {
  const cost = patchCost(field, pixel, candidate, field.cost[pixel]);
  if (cost >= field.cost[pixel]) return;
  field.cost[pixel] = cost;
  field.match[pixel] = candidate;
}

function patchCost(field: PatchField, target: number, source: number, limit: number): number {
  const { width, data } = field.image;
  const { radius } = field;
  const run = (2 * radius + 1) * 3;
  let sum = 0;
  for (let dy = -radius; dy <= radius; dy++) {
    let a = (target + dy * width - radius) * 3;
    let b = (source + dy * width - radius) * 3;
    for (const end = a + run; a < end; a++, b++) {
      const difference = data[a] - data[b];
      sum += difference * difference;
    }
    if (sum >= limit) return sum;
  }
  return sum;
}

/**
 * Repaints the hole: each pixel is the mean of what the matches of the patches over it say, good matches counting more.
 * @param options which targets vote (default all), and only those on every stride-th row and column (default 1).
 */
export function votePatches(
  field: PatchField,
  hole: Uint8Array,
  options: { readonly targets?: Int32Array; readonly stride?: number } = {},
): void {
  const { targets = field.targets, stride = 1 } = options;
  const { width, height, data } = field.image;
  const sums = new Float32Array(width * height * 4);
  const scale = 1 / Math.max(1e-4, 0.5 * meanCost(field));
  for (const pixel of targets) {
    if (stride > 1 && ((pixel % width) % stride !== 0 || Math.floor(pixel / width) % stride !== 0)) continue;
    vote(field, sums, pixel, portableExp(-Math.min(30, field.cost[pixel] * scale)) + 1e-6);
  }
  for (let pixel = 0; pixel < hole.length; pixel++) {
    if (hole[pixel] === 0 || sums[pixel * 4 + 3] <= 0) continue;
    const inverse = 1 / sums[pixel * 4 + 3];
    for (let c = 0; c < 3; c++) data[pixel * 3 + c] = sums[pixel * 4 + c] * inverse;
  }
}

function vote(field: PatchField, sums: Float32Array, pixel: number, weight: number): void {
  const { width, data } = field.image;
  const { radius } = field;
  for (let dy = -radius; dy <= radius; dy++) {
    let to = (pixel + dy * width - radius) * 4;
    let from = (field.match[pixel] + dy * width - radius) * 3;
    for (let dx = -radius; dx <= radius; dx++, to += 4, from += 3) {
      sums[to] += weight * data[from];
      sums[to + 1] += weight * data[from + 1];
      sums[to + 2] += weight * data[from + 2];
      sums[to + 3] += weight;
    }
  }
}

function meanCost(field: PatchField): number {
  let sum = 0;
  let count = 0;
  for (const pixel of field.targets) {
    if (field.cost[pixel] === Infinity) continue;
    sum += field.cost[pixel];
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

/** Pixels whose whole patch is set in `mask`, by erosion with running counts. */
function wholePatches(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const rows = new Uint8Array(width * height);
  const result = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    let run = 0;
    for (let x = 0; x < width; x++) {
      run = mask[y * width + x] === 0 ? 0 : run + 1;
      if (run > 2 * radius) rows[y * width + x - radius] = 1;
    }
  }
  for (let x = 0; x < width; x++) {
    let run = 0;
    for (let y = 0; y < height; y++) {
      run = rows[y * width + x] === 0 ? 0 : run + 1;
      if (run > 2 * radius) result[(y - radius) * width + x] = 1;
    }
  }
  return result;
}

function listInside(mask: Uint8Array, image: ColorImage, radius: number): Int32Array {
  const list = new Int32Array(mask.length);
  let count = 0;
  for (let y = radius; y < image.height - radius; y++) {
    for (let x = radius; x < image.width - radius; x++) {
      if (mask[y * image.width + x] !== 0) list[count++] = y * image.width + x;
    }
  }
  return list.slice(0, count);
}
