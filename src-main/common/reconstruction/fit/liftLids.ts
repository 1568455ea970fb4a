import type { HeadModel } from '#common/head/headModel';
import type { EyePartName } from '#common/reconstruction/fit/gazeRefinement';
import { headPart } from '#common/reconstruction/fit/headTopology';
import { norm3 } from '#common/math/portableMath';

/** Skin nearer to an eyeball than this many radii takes part. */
const REACH = 1.6;

/** Least thickness of a lid, in eyeball radii, where the model itself leaves more. */
const LID_THICKNESS = 0.03;

/**
 * Pushes skin out of a moved and scaled eyeball, towards the camera so that nothing shifts in the picture.
 * A vertex has to keep its clearance of the unbent head (in radii), at most a lid's thickness.
 *
 * @param vertices all vertices before the non-rigid step and after it; `after` is changed.
 * @param rotation model to camera axes.
 */
export function liftLids(
  model: HeadModel,
  side: EyePartName,
  vertices: { readonly before: Float32Array; readonly after: Float32Array },
  rotation: Float64Array,
): void {
  const { before, after } = vertices;
  const was = boundingBall(model, side, before);
  const is = boundingBall(model, side, after);
  // The camera's backward axis in model space: third row of the rotation, reversed.
  const toCamera = [-rotation[6], -rotation[7], -rotation[8]];
  const skin = headPart(model, 'skin');
  for (let v = skin.firstVertex; v < skin.firstVertex + skin.vertexCount; v++) {
    const clearance = distanceTo(before, v, was.centre) / was.radius;
    if (clearance > REACH) continue;
    const least = Math.min(clearance, 1 + LID_THICKNESS) * is.radius;
    let along = 0;
    let square = 0;
    for (let axis = 0; axis < 3; axis++) {
      const offset = after[v * 3 + axis] - is.centre[axis];
      along += offset * toCamera[axis];
      square += offset * offset;
    }
    // Behind the ball's middle there is socket, not lid.
    if (square >= least * least || along < 0) continue;
    const push = -along + Math.sqrt(along * along - square + least * least);
    for (let axis = 0; axis < 3; axis++) after[v * 3 + axis] += push * toCamera[axis];
  }
}

function boundingBall(
  model: HeadModel,
  side: EyePartName,
  vertices: Float32Array,
): { centre: readonly number[]; radius: number } {
  const { firstVertex, vertexCount } = headPart(model, side);
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let v = firstVertex; v < firstVertex + vertexCount; v++) {
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis], vertices[v * 3 + axis]);
      high[axis] = Math.max(high[axis], vertices[v * 3 + axis]);
    }
  }
  const radius = (high[1] - low[1]) / 2;
  // The back of the ball is exact; the front bulges with the cornea.
  return {
    centre: [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2] + radius],
    radius,
  };
}

function distanceTo(vertices: Float32Array, v: number, centre: readonly number[]): number {
  return norm3(vertices[v * 3] - centre[0], vertices[v * 3 + 1] - centre[1], vertices[v * 3 + 2] - centre[2]);
}
