import { choleskyFactor, choleskySolve } from '#common/math/cholesky';

/** Bounds of one variable are -Infinity / Infinity where it is free. */
export interface BoxQuadratic {
  readonly size: number;
  /** Symmetric positive definite, size * size; only read. */
  readonly hessian: Float64Array;
  readonly gradient: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

const MAXIMUM_ROUNDS = 12;

/**
 * Minimises 0.5 d^T H d + g^T d over lower <= d <= upper by projected Newton steps on the free variables:
 * clamp the violators, solve the rest, release variables whose gradient points inwards. A dozen rounds
 * settle the hundred-variable systems of the head fit; the result is feasible in any case.
 *
 * @returns undefined when the free part of H is not positive definite.
 */
export function minimiseBoxQuadratic(problem: BoxQuadratic): Float64Array | undefined {
  const { size: n, hessian, gradient, lower, upper } = problem;
  const solution = new Float64Array(n);
  // 0 free, -1 held at lower, 1 held at upper.
  const held = new Int8Array(n);
  const free = new Int32Array(n);
  const matrix = new Float64Array(n * n);
  const right = new Float64Array(n);
  for (let round = 0; round < MAXIMUM_ROUNDS; round++) {
    const count = gatherFree(held, free);
    for (let a = 0; a < count; a++) {
      const i = free[a];
      let value = -gradient[i];
      for (let j = 0; j < n; j++) if (held[j] !== 0) value -= hessian[i * n + j] * solution[j];
      right[a] = value;
      for (let b = 0; b <= a; b++) matrix[a * count + b] = hessian[i * n + free[b]];
    }
    if (!choleskyFactor(matrix, count)) return undefined;
    choleskySolve(matrix, count, right);
    let changed = false;
    for (let a = 0; a < count; a++) {
      const i = free[a];
      const value = right[a];
      solution[i] = Math.min(upper[i], Math.max(lower[i], value));
      if (value < lower[i]) held[i] = -1;
      else if (value > upper[i]) held[i] = 1;
      if (held[i] !== 0) changed = true;
    }
    if (!changed && !releaseInward(problem, solution, held)) break;
  }
  return solution;
}

function gatherFree(held: Int8Array, free: Int32Array): number {
  let count = 0;
  for (let i = 0; i < held.length; i++) if (held[i] === 0) free[count++] = i;
  return count;
}

function releaseInward(problem: BoxQuadratic, solution: Float64Array, held: Int8Array): boolean {
  const { size: n, hessian, gradient } = problem;
  let released = false;
  for (let i = 0; i < n; i++) {
    if (held[i] === 0) continue;
    let slope = gradient[i];
    for (let j = 0; j < n; j++) slope += hessian[i * n + j] * solution[j];
    if (held[i] * slope > 1e-12) {
      held[i] = 0;
      released = true;
    }
  }
  return released;
}
