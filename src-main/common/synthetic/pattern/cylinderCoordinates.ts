import { portableAngle } from '#common/math/portableMath';
import type { PatternPoints } from '#common/synthetic/pattern/patternPoints';

/** The radius at which arcs are measured: the mean head's, metres. */
export const CYLINDER_RADIUS = 0.085;

/** The axis lies a little behind the head's centre, so that the face is seen frontally. */
const AXIS_Z = -0.02;

/**
 * Unrolls canonical space about the head's vertical axis: squares of these coordinates look square on the face from the
 * front, which voxels cut by a slanted cheek do not. The seam is at the back of the head.
 *
 * @param out two floats a point, metres: arc at CYLINDER_RADIUS (+ to the subject's left, 0 in the middle of the face),
 *   and height
 */
export function cylinderCoordinates(points: PatternPoints, out: Float32Array): void {
  const { canonical, count } = points;
  for (let point = 0; point < count; point++) {
    const k = point * 3;
    out[point * 2] = portableAngle(canonical[k], canonical[k + 2] - AXIS_Z) * CYLINDER_RADIUS;
    out[point * 2 + 1] = canonical[k + 1];
  }
}
