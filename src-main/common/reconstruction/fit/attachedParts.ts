import type { EyeLandmarks } from '#common/reconstruction/fit/landmarkSets';
import { LEFT_EYE, MOUTH_CORNERS, RIGHT_EYE } from '#common/reconstruction/fit/landmarkSets';
import type { Vec3 } from '#common/math/vec3';
import { add3, distance3, pointAt, scale3, subtract3 } from '#common/math/vec3';

/**
 * A part that keeps its shape: scaled about an anchor on the skin it belongs to and carried along with it.
 *   x' = x + shift + (scale - 1) * (x - anchor)
 */
export interface AttachedPart {
  readonly anchor: Vec3;
  readonly shift: Vec3;
  readonly scale: number;
}

/** Stylised eyes are up to twice the size of real ones. */
const EYE_SCALE_LIMITS = [0.6, 2.4] as const;
const MOUTH_SCALE_LIMITS = [0.7, 1.6] as const;

/** A lid opening may be this high in eyeball radii before the ball has to grow to fill it. */
const OPENING_RADII = 1.45;

/** Landmarks that carry the upper teeth (upper lip, base of the nose) and the lower ones (lower lip, chin). */
const UPPER_JAW: readonly number[] = [0, 11, 37, 267, 2, 97, 326, 164, 61, 291];
const LOWER_JAW: readonly number[] = [17, 16, 84, 314, 18, 200, 199, 201, 421, 61, 291];

/** Sizes that go with each other on the mean head, and the size the identity gave the ball, metres. */
export interface EyeProportions {
  readonly meanWidth: number;
  readonly meanRadius: number;
  readonly radius: number;
}

/**
 * Where an eyeball goes so that its front stays at the lids: scaled with the eye's width (identity modes and
 * lids alone widen an eye without its ball) about the middle of the lid edges.
 *
 * @param landmarks fitted landmarks in the source expression; `displacements` of the first 468.
 */
export function attachEyeball(
  eye: EyeLandmarks,
  landmarks: Float64Array,
  displacements: Float64Array,
  proportions: EyeProportions,
): AttachedPart {
  const rim = [...eye.corners, ...eye.lidPairs.flat()];
  const moved = (landmark: number): Vec3 =>
    add3(pointAt(landmarks, landmark), pointAt(displacements, landmark));
  const [outer, inner] = eye.corners;
  const { meanWidth, meanRadius, radius } = proportions;
  const fitting = (meanRadius * distance3(moved(outer), moved(inner))) / meanWidth;
  const [upper, lower] = eye.lidPairs[3];
  const filling = distance3(moved(upper), moved(lower)) / OPENING_RADII;
  return {
    anchor: meanAt(landmarks, rim),
    shift: meanAt(displacements, rim),
    scale: clamp(Math.max(fitting, filling) / radius, EYE_SCALE_LIMITS),
  };
}

/** Teeth and tongue follow their lip; `landmarks` in the expression in which the part stands. */
export function attachTeeth(
  jaw: 'upper' | 'lower',
  landmarks: Float64Array,
  displacements: Float64Array,
): AttachedPart {
  const [right, left] = MOUTH_CORNERS;
  const width = distance3(pointAt(landmarks, right), pointAt(landmarks, left));
  const moved = distance3(
    add3(pointAt(landmarks, right), pointAt(displacements, right)),
    add3(pointAt(landmarks, left), pointAt(displacements, left)),
  );
  const carriers = jaw === 'upper' ? UPPER_JAW : LOWER_JAW;
  return {
    anchor: meanAt(landmarks, carriers),
    shift: meanAt(displacements, carriers),
    scale: clamp(moved / width, MOUTH_SCALE_LIMITS),
  };
}

export function eyeLandmarks(side: 'eyeLeft' | 'eyeRight'): EyeLandmarks {
  return side === 'eyeLeft' ? LEFT_EYE : RIGHT_EYE;
}

/** Where an attached part takes a point. */
export function attachedPoint(part: AttachedPart, point: Vec3): Vec3 {
  return add3(add3(point, part.shift), scale3(subtract3(point, part.anchor), part.scale - 1));
}

function meanAt(points: Float64Array, landmarks: readonly number[]): Vec3 {
  let sum: Vec3 = [0, 0, 0];
  for (const landmark of landmarks) sum = add3(sum, pointAt(points, landmark));
  return scale3(sum, 1 / landmarks.length);
}

function clamp(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, value));
}
