import type { HeadPlacement } from '#common/reconstruction/fit/fitTargets';
import {
  addLandmarkExpression,
  addScaled,
  LANDMARK_COORDINATES,
} from '#common/reconstruction/fit/landmarkBasis';
import type { LandmarkBasis } from '#common/reconstruction/fit/landmarkBasis';

/** Everything the solver may change. */
export interface FitState extends HeadPlacement {
  /** Offset of the tracker's relative depth, in units of the crop's width. */
  readonly depthOffset: number;
  readonly identity: Float64Array;
  /** 52. */
  readonly weights: Float64Array;
}

export interface FitFreedom {
  readonly identity: boolean;
  readonly expression: boolean;
  /**
   * Landmarks of the neutral face that stand in for template + identity (a person already fitted); the
   * identity of the state is then not looked at.
   */
  readonly neutral?: Float64Array;
  /** Weights of the frame before, held to with the given spread. */
  readonly previous?: { readonly weights: ArrayLike<number>; readonly spread: number };
}

/** Leading step variables of every problem: rotation vector, translation, depth offset. */
export const POSE_SIZE = 7;

export const CHANNELS = 52;

/** Landmarks of a state in model space, LANDMARK_COORDINATES. */
export function stateLandmarks(
  basis: LandmarkBasis,
  state: Pick<FitState, 'identity' | 'weights'>,
  neutral?: Float64Array,
): Float64Array {
  const landmarks = Float64Array.from(neutral ?? basis.template);
  if (!neutral) {
    for (let k = 0; k < basis.identityCount; k++) {
      addScaled(landmarks, basis.identity, k * LANDMARK_COORDINATES, state.identity[k]);
    }
  }
  addLandmarkExpression(basis, state.weights, landmarks);
  return landmarks;
}
