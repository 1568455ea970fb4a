import { minimiseLevenbergMarquardt } from '#common/math/levenbergMarquardt';
import { createFitProblem } from '#common/reconstruction/fit/fitProblem';
import type { FitFreedom, FitState } from '#common/reconstruction/fit/fitState';
import { prepareTargets } from '#common/reconstruction/fit/fitTargets';
import type { FitTargets } from '#common/reconstruction/fit/fitTargets';
import type { LandmarkBasis } from '#common/reconstruction/fit/landmarkBasis';
import type { FaceObservation } from '#common/tracking/faceObservation';

/** A parametric fit and what it was fitted to. */
export interface ParametricFit {
  readonly state: FitState;
  readonly targets: FitTargets;
}

interface Stage extends Pick<FitFreedom, 'identity' | 'expression'> {
  readonly iterations: number;
}

/**
 * The problem is nearly convex once the pose is right, so each stage only has to hand a good start to the
 * next: pose, then a face without expression (which may not yet explain the mouth), then everything.
 */
const PORTRAIT_STAGES: readonly Stage[] = [
  { identity: false, expression: false, iterations: 4 },
  { identity: false, expression: true, iterations: 4 },
  { identity: true, expression: true, iterations: 14 },
];

const TOLERANCE = 1e-3;

/** Fits pose, identity and expression of the model to one portrait's landmarks. */
export function solvePortrait(basis: LandmarkBasis, observation: FaceObservation): ParametricFit {
  const targets = prepareTargets(basis, observation);
  let state: FitState = {
    ...targets.placement,
    depthOffset: 0,
    identity: new Float64Array(basis.identityCount),
    weights: new Float64Array(52),
  };
  for (const { identity, expression, iterations } of PORTRAIT_STAGES) {
    const problem = createFitProblem(basis, targets, { identity, expression });
    state = minimiseLevenbergMarquardt(problem, state, {
      maximumIterations: iterations,
      tolerance: TOLERANCE,
    }).state;
  }
  return { state, targets };
}

export interface ExpressionStart {
  readonly weights: ArrayLike<number>;
  /** How far a weight moves between two frames, one standard deviation; undefined where there is no memory. */
  readonly spread?: number;
}

/** Fits pose and expression of a known neutral face. */
export function solveExpression(
  basis: LandmarkBasis,
  neutral: Float64Array,
  observation: FaceObservation,
  start?: ExpressionStart,
): ParametricFit {
  const targets = prepareTargets(basis, observation, neutral);
  const weights = start ? Float64Array.from(start.weights) : new Float64Array(52);
  const previous =
    start?.spread === undefined ? {} : { previous: { weights: start.weights, spread: start.spread } };
  const first: FitState = {
    ...targets.placement,
    depthOffset: 0,
    identity: new Float64Array(basis.identityCount),
    weights,
  };
  const posed = minimiseLevenbergMarquardt(
    createFitProblem(basis, targets, { identity: false, expression: false, neutral }),
    first,
    { maximumIterations: 3, tolerance: TOLERANCE },
  ).state;
  const { state } = minimiseLevenbergMarquardt(
    createFitProblem(basis, targets, { identity: false, expression: true, neutral, ...previous }),
    posed,
    { maximumIterations: 12, tolerance: TOLERANCE },
  );
  return { state, targets };
}
