import type { HeadModel } from '#common/head/headModel';
import { checkObservation } from '#common/reconstruction/fit/fitHead';
import type { HeadFit } from '#common/reconstruction/fit/headFit';
import { landmarkBasis, sampleLandmarks } from '#common/reconstruction/fit/landmarkBasis';
import { solveExpression } from '#common/reconstruction/fit/solveParameters';
import type { FaceObservation } from '#common/tracking/faceObservation';

/** Pose and expression of one frame of a known person. */
export interface ExpressionFit {
  /** 52 weights in ARKIT_CHANNELS order, [0, 1]. */
  readonly weights: Float32Array;
  /** Row-major 3x3, model axes to camera axes. */
  readonly rotation: Float64Array;
  /** Camera = rotation * model + translation, metres. */
  readonly translation: Float64Array;
}

/** A person's neutral face: of `fitHead`, or the rest positions of a finished avatar's head vertices. */
export type NeutralFace = Pick<HeadFit, 'neutral'>;

/** How far a weight moves from one video frame to the next, one standard deviation. */
const FRAME_SPREAD = 0.15;

/**
 * Recovers pose and expression of a person whose neutral face is known. The observation may be any picture
 * with a focal length near CANONICAL_FOCAL times its width; other lenses only shift the distance.
 *
 * @param neutral vertices in the model's order; vertices beyond the model's count are not looked at.
 * @param previous the frame before, where there is one: starts there and changes weights gently.
 * @throws AppError `input.badLandmarks` as `fitHead`.
 */
export function fitExpression(
  model: HeadModel,
  neutral: NeutralFace,
  observation: FaceObservation,
  previous?: ExpressionFit,
): ExpressionFit {
  checkObservation(observation);
  const start = previous && { weights: previous.weights, spread: FRAME_SPREAD };
  const landmarks = sampleLandmarks(model, neutral.neutral);
  const { state } = solveExpression(landmarkBasis(model), landmarks, observation, start);
  return {
    weights: Float32Array.from(state.weights),
    rotation: state.rotation,
    translation: Float64Array.from(state.translation),
  };
}
