import { describe, expect, it } from 'vitest';
import { minimiseBoxQuadratic } from '#common/math/boxQuadratic';
import { choleskyFactor, choleskySolve } from '#common/math/cholesky';
import { minimiseLevenbergMarquardt } from '#common/math/levenbergMarquardt';
import { createSeededRandom } from '#common/math/seededRandom';

function aDefiniteMatrix(n: number, seed: number): Float64Array {
  const random = createSeededRandom(seed);
  const b = Float64Array.from({ length: n * n }, () => random.normal());
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) a[i * n + j] += b[i * n + k] * b[j * n + k];
    }
    a[i * n + i] += 0.5;
  }
  return a;
}

describe('choleskySolve', () => {
  it('solves a random definite system', () => {
    const n = 20;
    const a = aDefiniteMatrix(n, 1);
    const x = Float64Array.from({ length: n }, (_, i) => Math.sin(i));
    const b = Float64Array.from({ length: n }, (_, i) => x.reduce((s, v, j) => s + a[i * n + j] * v, 0));
    const factor = a.slice();
    expect(choleskyFactor(factor, n)).toBe(true);
    choleskySolve(factor, n, b);
    b.forEach((value, i) => expect(value).toBeCloseTo(x[i], 8));
  });

  it('reports an indefinite matrix', () => {
    expect(choleskyFactor(Float64Array.of(1, 0, 0, -1), 2)).toBe(false);
  });
});

describe('minimiseBoxQuadratic', () => {
  it('meets the optimality conditions of the box', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const n = 15;
      const random = createSeededRandom(seed);
      const hessian = aDefiniteMatrix(n, seed + 100);
      const gradient = Float64Array.from({ length: n }, () => random.normal() * 5);
      const lower = new Float64Array(n).fill(-0.2);
      const upper = new Float64Array(n).fill(0.3);
      const d = minimiseBoxQuadratic({ size: n, hessian, gradient, lower, upper })!;
      for (let i = 0; i < n; i++) {
        const slope = d.reduce((s, v, j) => s + hessian[i * n + j] * v, gradient[i]);
        if (d[i] <= lower[i]) expect(slope).toBeGreaterThan(-1e-7);
        else if (d[i] >= upper[i]) expect(slope).toBeLessThan(1e-7);
        else expect(Math.abs(slope)).toBeLessThan(1e-7);
      }
    }
  });
});

describe('minimiseLevenbergMarquardt', () => {
  // Rosenbrock's valley as residuals (10 (y - x^2), 1 - x), with x held below 0.5.
  function rosenbrock(limit: number) {
    const residuals = ([x, y]: Float64Array) => [10 * (y - x * x), 1 - x];
    return {
      size: 2,
      cost: (s: Float64Array) => residuals(s).reduce((sum, r) => sum + 0.5 * r * r, 0),
      linearise(s: Float64Array, hessian: Float64Array, gradient: Float64Array): number {
        const [r0, r1] = residuals(s);
        const j0 = [-20 * s[0], 10];
        const j1 = [-1, 0];
        for (let a = 0; a < 2; a++) {
          gradient[a] = j0[a] * r0 + j1[a] * r1;
          for (let b = 0; b < 2; b++) hessian[a * 2 + b] = j0[a] * j0[b] + j1[a] * j1[b];
        }
        return 0.5 * (r0 * r0 + r1 * r1);
      },
      retract: (s: Float64Array, d: Float64Array) => Float64Array.of(s[0] + d[0], s[1] + d[1]),
      stepBounds(s: Float64Array, _lower: Float64Array, upper: Float64Array): void {
        upper[0] = limit - s[0];
      },
    };
  }

  it('walks the valley to its end', () => {
    const result = minimiseLevenbergMarquardt(rosenbrock(Infinity), Float64Array.of(-1.2, 1), {
      maximumIterations: 100,
      tolerance: 0,
    });
    expect(result.state[0]).toBeCloseTo(1, 5);
    expect(result.state[1]).toBeCloseTo(1, 5);
  });

  it('stops at a bound', () => {
    const result = minimiseLevenbergMarquardt(rosenbrock(0.5), Float64Array.of(-1.2, 1), {
      maximumIterations: 100,
      tolerance: 0,
    });
    expect(result.state[0]).toBeCloseTo(0.5, 6);
    expect(result.state[1]).toBeCloseTo(0.25, 5);
  });
});
