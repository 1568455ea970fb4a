import { CANONICAL_FOCAL } from '#common/camera/pinholeCamera';
import { channelIndex } from '#common/head/arkitChannels';
import type { HeadPartName } from '#common/head/headModel';
import { attachedPoint, eyeLandmarks } from '#common/reconstruction/fit/attachedParts';
import type { AttachedPart } from '#common/reconstruction/fit/attachedParts';
import type { FitTargets, HeadPlacement } from '#common/reconstruction/fit/fitTargets';
import { LANDMARK_COORDINATES } from '#common/reconstruction/fit/landmarkBasis';
import type { LandmarkBasis } from '#common/reconstruction/fit/landmarkBasis';
import { pointAt } from '#common/math/vec3';

export type EyePartName = Extract<HeadPartName, 'eyeLeft' | 'eyeRight'>;

const ITERATIONS = 4;

/** Sideways and vertical channels as [positive x, negative x], [up, down]. */
const LOOK: Readonly<Record<EyePartName, readonly (readonly [number, number])[]>> = {
  eyeLeft: [
    [channelIndex('eyeLookOutLeft'), channelIndex('eyeLookInLeft')],
    [channelIndex('eyeLookUpLeft'), channelIndex('eyeLookDownLeft')],
  ],
  eyeRight: [
    [channelIndex('eyeLookInRight'), channelIndex('eyeLookOutRight')],
    [channelIndex('eyeLookUpRight'), channelIndex('eyeLookDownRight')],
  ],
};

/**
 * Turns one eye until the middle of its iris, on the eyeball that was moved and scaled to the person, meets
 * the observed one: Gauss-Newton on two signed angles. Changes the four look channels in `weights`.
 *
 * @param neutral landmarks of the parametric neutral face, model space.
 */
export function refineGaze(
  basis: LandmarkBasis,
  side: EyePartName,
  eyeball: AttachedPart,
  neutral: Float64Array,
  view: { placement: HeadPlacement; targets: FitTargets; weights: Float64Array },
): void {
  const { placement, targets, weights } = view;
  const iris = eyeLandmarks(side).iris[0];
  const rest = attachedPoint(eyeball, pointAt(neutral, iris));
  const look = LOOK[side];
  const signed = look.map(([plus, minus]) => weights[plus] - weights[minus]);
  const motion = (axis: number): readonly [number, number, number] => {
    const channel = look[axis][signed[axis] >= 0 ? 0 : 1];
    const sign = (signed[axis] >= 0 ? 1 : -1) * eyeball.scale;
    const [x, y, z] = pointAt(basis.expressions.subarray(channel * LANDMARK_COORDINATES), iris);
    return [x * sign, y * sign, z * sign];
  };
  const R = placement.rotation;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const [h, v] = [motion(0), motion(1)];
    const point = rest.map((value, axis) => value + signed[0] * h[axis] + signed[1] * v[axis]);
    const turn = (p: ArrayLike<number>, row: number): number =>
      R[row * 3] * p[0] + R[row * 3 + 1] * p[1] + R[row * 3 + 2] * p[2];
    const depth = turn(point, 2) + placement.translation[2];
    const scale = CANONICAL_FOCAL / depth;
    const dx = targets.points[iris * 2] - scale * (turn(point, 0) + placement.translation[0]);
    const dy = targets.points[iris * 2 + 1] - scale * (turn(point, 1) + placement.translation[1]);
    const [a, b, c, d] = [turn(h, 0) * scale, turn(v, 0) * scale, turn(h, 1) * scale, turn(v, 1) * scale];
    const determinant = a * d - b * c;
    if (Math.abs(determinant) < 1e-12) return;
    signed[0] = clampSigned(signed[0] + (d * dx - b * dy) / determinant);
    signed[1] = clampSigned(signed[1] + (a * dy - c * dx) / determinant);
  }
  look.forEach(([plus, minus], axis) => {
    weights[plus] = Math.max(0, signed[axis]);
    weights[minus] = Math.max(0, -signed[axis]);
  });
}

function clampSigned(value: number): number {
  return Math.min(1, Math.max(-1, value));
}
