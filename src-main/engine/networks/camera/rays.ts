import { add, div, mul, sub } from '#engine/graph/ops/arithmetic';
import { rsqrt, square } from '#engine/graph/ops/elementwise';
import { concat, slice, transpose } from '#engine/graph/ops/layout';
import { matmul } from '#engine/graph/ops/matmul';
import { sum } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import { constant } from '#engine/graph/ops/sources';
import type { Tensor } from '#engine/graph/tensor';
import { shapeError } from '#engine/graph/tensor';

/** Half-lines in world space (EG3D units, y up), row by row from the picture's top left. */
export interface Rays {
  /** [batch, 1, 3]: the camera, where all rays of a picture start. */
  readonly origins: Tensor;
  /** [batch, size * size, 3], unit length. */
  readonly directions: Tensor;
}

/**
 * Where in its pixel a ray goes through the picture. `centre`: EG3D's sampler. `corner`: the released networks look
 * through the top left corner (pixel indices without + 0.5, spec 1.3), half a pixel off; weights trained so want it so.
 */
export type RayAnchor = 'centre' | 'corner';

/** Camera-to-world and intrinsics of EG3D's camera label (spec 1.1). */
export interface LabelParts {
  /** [batch, 3, 3]: columns are the camera's right, down and forward axes in the world; any common scale. */
  readonly rotation: Tensor;
  /** [batch, 1, 3] */
  readonly position: Tensor;
  /** Element of the 3 x 3 intrinsics, normalised by the picture's size: [batch, 1]. */
  readonly intrinsic: (row: number, column: number) => Tensor;
}

/** @param label [batch, 25]: 16 of camera-to-world and 9 of the intrinsics, both row-major */
export function splitCameraLabel(label: Tensor): LabelParts {
  const [batch, length] = label.shape;
  if (label.rank !== 2 || length !== 25) throw shapeError('splitCameraLabel', [label], 'takes [batch, 25]');
  const pose = reshape(slice(label, { 1: [0, 16] }), [batch, 4, 4]);
  return {
    rotation: slice(pose, { 1: [0, 3], 2: [0, 3] }),
    position: reshape(slice(pose, { 1: [0, 3], 2: [3, 4] }), [batch, 1, 3]),
    intrinsic: (row, column) => slice(label, { 1: [16 + 3 * row + column, 17 + 3 * row + column] }),
  };
}

/**
 * One ray through each pixel of a square picture (EG3D's ray sampler, spec 1.3).
 *
 * @param label [batch, 25]
 * @param size pixels along each side
 */
export function castRays(label: Tensor, size: number, anchor: RayAnchor): Rays {
  const { rotation, position, intrinsic } = splitCameraLabel(label);
  const batch = label.shape[0];
  const { u, v } = pixelPositions(size, anchor);
  // The inverse of the intrinsics [[fx, skew, cx], [0, fy, cy], [0, 0, 1]], applied to (u, v, 1).
  const y = div(sub(v, intrinsic(1, 2)), intrinsic(1, 1));
  const x = div(sub(sub(u, intrinsic(0, 2)), mul(y, intrinsic(0, 1))), intrinsic(0, 0));
  const one = constant(new Float32Array(batch * size * size).fill(1), [batch, size * size, 1]);
  const inCamera = concat([reshape(x, one.shape), reshape(y, one.shape), one], 2);
  const inWorld = matmul(inCamera, transpose(rotation));
  return { origins: position, directions: normalise(inWorld) };
}

/** [1, size * size] each: column and row as shares of the picture. */
function pixelPositions(size: number, anchor: RayAnchor): { readonly u: Tensor; readonly v: Tensor } {
  const offset = anchor === 'centre' ? 0.5 : 0;
  const share = (at: (pixel: number) => number): Tensor =>
    constant(
      Float32Array.from({ length: size * size }, (_, pixel) => (at(pixel) + offset) / size),
      [1, size * size],
    );
  return { u: share((pixel) => pixel % size), v: share((pixel) => Math.floor(pixel / size)) };
}

function normalise(vectors: Tensor): Tensor {
  return mul(vectors, rsqrt(add(sum(square(vectors), [-1], { keepAxes: true }), 1e-12)));
}
