import { minimiseBoxQuadratic } from '#common/math/boxQuadratic';

/**
 * A sum-of-squares-like cost over some state. Robust losses fit in by reporting the true loss as cost and
 * the reweighted Gauss-Newton system (IRLS) as hessian and gradient.
 */
export interface LeastSquaresProblem<State> {
  /** Number of step variables. */
  readonly size: number;
  /** The cost at a state. */
  cost(state: State): number;
  /** Overwrites `hessian` (size * size, both triangles) and `gradient`; returns the cost. */
  linearise(state: State, hessian: Float64Array, gradient: Float64Array): number;
  /** A new state, one step away. Rotations compose here. */
  retract(state: State, step: Float64Array): State;
  /** Overwrites the bounds of a step from this state; they come in as -Infinity and Infinity. */
  stepBounds(state: State, lower: Float64Array, upper: Float64Array): void;
}

export interface LevenbergMarquardtOptions {
  readonly maximumIterations: number;
  /** Stops when an accepted step lowers the cost by less than this fraction. */
  readonly tolerance: number;
  /** Initial damping relative to the hessian's diagonal; 1e-3 by default. */
  readonly damping?: number;
}

export interface LevenbergMarquardtResult<State> {
  readonly state: State;
  readonly cost: number;
  readonly iterations: number;
}

const MAXIMUM_DAMPING = 1e8;

/**
 * Levenberg-Marquardt with box bounds: each step minimises the damped quadratic model inside the box, so a
 * variable at its bound stays there without spoiling the others. The cost never rises.
 */
export function minimiseLevenbergMarquardt<State>(
  problem: LeastSquaresProblem<State>,
  start: State,
  options: LevenbergMarquardtOptions,
): LevenbergMarquardtResult<State> {
  const n = problem.size;
  const hessian = new Float64Array(n * n);
  const damped = new Float64Array(n * n);
  const gradient = new Float64Array(n);
  const lower = new Float64Array(n);
  const upper = new Float64Array(n);
  let state = start;
  let damping = options.damping ?? 1e-3;
  let cost = Infinity;
  let iterations = 0;
  for (; iterations < options.maximumIterations; iterations++) {
    cost = problem.linearise(state, hessian, gradient);
    lower.fill(-Infinity);
    upper.fill(Infinity);
    problem.stepBounds(state, lower, upper);
    let accepted = false;
    let gain = 0;
    while (!accepted && damping < MAXIMUM_DAMPING) {
      damped.set(hessian);
      for (let i = 0; i < n; i++) damped[i * n + i] += damping * hessian[i * n + i] + 1e-9;
      const step = minimiseBoxQuadratic({ size: n, hessian: damped, gradient, lower, upper });
      const next = step && problem.retract(state, step);
      const nextCost = next === undefined ? Infinity : problem.cost(next);
      if (next !== undefined && nextCost <= cost) {
        gain = cost - nextCost;
        state = next;
        accepted = true;
        cost = nextCost;
        damping = Math.max(1e-9, damping * 0.2);
      } else {
        damping *= 6;
      }
    }
    if (!accepted || gain <= options.tolerance * cost) break;
  }
  return { state, cost, iterations };
}
