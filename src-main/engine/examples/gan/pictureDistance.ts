import { createSeededRandom } from '#common/math/seededRandom';

/** How far apart two sets of pictures are; 0 for equal sets, in deviations of the second one. */
export interface PictureDistance {
  /** Of whole pictures: placement, colour, what goes with what. */
  readonly pictures: number;
  /** Of 5 x 5 patches: edges and flat parts. */
  readonly patches: number;
}

const DIRECTIONS = 128;
const PATCH = 5;
const PATCHES_PER_PICTURE = 8;

/**
 * Sliced Wasserstein distances between generated and real pictures: both sets are projected on fixed random
 * directions, where the distance is that of the sorted values (Progressive GAN, section 5, without its pyramid).
 *
 * @param generated [count, 3, size, size], as many as `real`
 */
export function pictureDistance(generated: Float32Array, real: Float32Array, size: number): PictureDistance {
  const length = 3 * size * size;
  return {
    pictures: slicedDistance(generated, real, length),
    patches: slicedDistance(cutPatches(generated, size), cutPatches(real, size), 3 * PATCH * PATCH),
  };
}

/** Mean over directions of the 1-D Wasserstein distance of rows, each in deviations of `b` along it. */
export function slicedDistance(a: Float32Array, b: Float32Array, length: number): number {
  const random = createSeededRandom(17);
  const direction = new Float64Array(length);
  let total = 0;
  for (let k = 0; k < DIRECTIONS; k++) {
    for (let at = 0; at < length; at++) direction[at] = random.normal();
    const [left, right] = [project(a, direction), project(b, direction)];
    let difference = 0;
    for (let at = 0; at < left.length; at++) difference += Math.abs(left[at] - right[at]);
    total += difference / left.length / deviation(right);
  }
  return total / DIRECTIONS;
}

function project(rows: Float32Array, direction: Float64Array): Float64Array {
  const projected = new Float64Array(rows.length / direction.length);
  for (let row = 0; row < projected.length; row++) {
    const start = row * direction.length;
    let sum = 0;
    for (let at = 0; at < direction.length; at++) sum += rows[start + at] * direction[at];
    projected[row] = sum;
  }
  return projected.sort();
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** [count * PATCHES_PER_PICTURE, 3, PATCH, PATCH] from places that do not depend on the pictures. */
function cutPatches(pictures: Float32Array, size: number): Float32Array {
  const random = createSeededRandom(29);
  const count = (pictures.length / (3 * size * size)) * PATCHES_PER_PICTURE;
  const patches = new Float32Array(count * 3 * PATCH * PATCH);
  for (let patch = 0; patch < count; patch++) {
    const [left, top] = [random.integer(size - PATCH + 1), random.integer(size - PATCH + 1)];
    const picture = Math.floor(patch / PATCHES_PER_PICTURE) * 3;
    for (let line = 0; line < 3 * PATCH; line++) {
      const [channel, row] = [Math.floor(line / PATCH), line % PATCH];
      const from = ((picture + channel) * size + top + row) * size + left;
      patches.set(pictures.subarray(from, from + PATCH), (patch * 3 * PATCH + line) * PATCH);
    }
  }
  return patches;
}
