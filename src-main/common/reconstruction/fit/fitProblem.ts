import { multiplyMat3 } from '#common/math/mat3';
import type { LeastSquaresProblem } from '#common/math/levenbergMarquardt';
import { rotationFromVector } from '#common/math/rotation';
import { addExpressionPrior, expressionCost } from '#common/reconstruction/fit/expressionPrior';
import { CHANNELS, POSE_SIZE } from '#common/reconstruction/fit/fitState';
import type { FitFreedom, FitState } from '#common/reconstruction/fit/fitState';
import type { FitTargets } from '#common/reconstruction/fit/fitTargets';
import type { LandmarkBasis } from '#common/reconstruction/fit/landmarkBasis';
import { LandmarkSystem } from '#common/reconstruction/fit/landmarkSystem';
import { neutralPrior } from '#common/reconstruction/fit/neutralPrior';
import { squared } from '#common/math/portableMath';

/** Beyond this many standard deviations a mode shows its seams; the non-rigid step does the rest. */
const IDENTITY_LIMIT = 3;

/**
 * The maximum a posteriori fit of the head model to one observation as a least-squares problem. Step layout:
 * rotation vector (applied on the left, camera axes), translation, depth offset, identity, weights.
 */
export function createFitProblem(
  basis: LandmarkBasis,
  targets: FitTargets,
  freedom: FitFreedom,
): LeastSquaresProblem<FitState> {
  const identityCount = freedom.identity && !freedom.neutral ? basis.identityCount : 0;
  const weightCount = freedom.expression ? CHANNELS : 0;
  const size = POSE_SIZE + identityCount + weightCount;
  const system = new LandmarkSystem(basis, targets, freedom, size, identityCount);
  return {
    size,
    cost: (state) => system.dataCost(state) + priorCost(basis, state, freedom),
    linearise(state, hessian, gradient) {
      hessian.fill(0);
      gradient.fill(0);
      const data = system.linearise(state, { hessian, gradient });
      mirrorLower(hessian, size);
      if (identityCount > 0) addIdentityPrior(basis, state, hessian, gradient, size);
      if (weightCount > 0) {
        addExpressionPrior(state.weights, hessian, gradient, size);
        addMemory(state, freedom, hessian, gradient, size);
      }
      return data + priorCost(basis, state, freedom);
    },
    retract(state, step) {
      const identity = state.identity.slice();
      const weights = state.weights.slice();
      for (let k = 0; k < identityCount; k++) identity[k] += step[POSE_SIZE + k];
      for (let c = 0; c < weightCount; c++) {
        weights[c] = Math.min(1, Math.max(0, weights[c] + step[POSE_SIZE + identityCount + c]));
      }
      return {
        rotation: multiplyMat3(rotationFromVector([step[0], step[1], step[2]]), state.rotation),
        translation: [
          state.translation[0] + step[3],
          state.translation[1] + step[4],
          Math.max(0.2, state.translation[2] + step[5]),
        ],
        depthOffset: state.depthOffset + step[6],
        identity,
        weights,
      };
    },
    stepBounds(state, lower, upper) {
      for (let k = 0; k < identityCount; k++) {
        lower[POSE_SIZE + k] = Math.min(0, -IDENTITY_LIMIT - state.identity[k]);
        upper[POSE_SIZE + k] = Math.max(0, IDENTITY_LIMIT - state.identity[k]);
      }
      for (let c = 0; c < weightCount; c++) {
        lower[POSE_SIZE + identityCount + c] = -state.weights[c];
        upper[POSE_SIZE + identityCount + c] = 1 - state.weights[c];
      }
    },
  };
}

function mirrorLower(matrix: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) matrix[j * n + i] = matrix[i * n + j];
}

function priorCost(basis: LandmarkBasis, state: FitState, freedom: FitFreedom): number {
  let cost = 0;
  if (!freedom.neutral) {
    const prior = neutralPrior(basis);
    for (const value of state.identity) cost += 0.5 * value * value;
    for (let row = 0; row < prior.count; row++) {
      let change = 0;
      for (let k = 0; k < basis.identityCount; k++) {
        change += prior.rows[row * basis.identityCount + k] * state.identity[k];
      }
      cost += 0.5 * change * change;
    }
  }
  const { weights } = state;
  cost += expressionCost(weights);
  if (freedom.previous) {
    const { weights: before, spread } = freedom.previous;
    for (let c = 0; c < CHANNELS; c++) cost += 0.5 * squared((weights[c] - before[c]) / spread);
  }
  return cost;
}

function addIdentityPrior(
  basis: LandmarkBasis,
  state: FitState,
  hessian: Float64Array,
  gradient: Float64Array,
  size: number,
): void {
  const count = basis.identityCount;
  const prior = neutralPrior(basis);
  for (let k = 0; k < count; k++) {
    hessian[(POSE_SIZE + k) * (size + 1)] += 1;
    gradient[POSE_SIZE + k] += state.identity[k];
  }
  for (let row = 0; row < prior.count; row++) {
    let change = 0;
    const offset = row * count;
    for (let k = 0; k < count; k++) change += prior.rows[offset + k] * state.identity[k];
    for (let k = 0; k < count; k++) {
      const value = prior.rows[offset + k];
      gradient[POSE_SIZE + k] += value * change;
      const line = (POSE_SIZE + k) * size + POSE_SIZE;
      for (let m = 0; m < count; m++) hessian[line + m] += value * prior.rows[offset + m];
    }
  }
}

/** Weights of the frame before pull on those of this one. */
function addMemory(
  state: FitState,
  freedom: FitFreedom,
  hessian: Float64Array,
  gradient: Float64Array,
  size: number,
): void {
  const first = size - CHANNELS;
  if (freedom.previous) {
    const pull = 1 / squared(freedom.previous.spread);
    for (let c = 0; c < CHANNELS; c++) {
      hessian[(first + c) * (size + 1)] += pull;
      gradient[first + c] += pull * (state.weights[c] - freedom.previous.weights[c]);
    }
  }
}
