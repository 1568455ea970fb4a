import { describe, expect, it } from 'vitest';
import { CANONICAL_FOCAL } from '#common/camera/pinholeCamera';
import { createSeededRandom } from '#common/math/seededRandom';
import { createFitProblem } from '#common/reconstruction/fit/fitProblem';
import type { FitFreedom, FitState } from '#common/reconstruction/fit/fitState';
import { prepareTargets } from '#common/reconstruction/fit/fitTargets';
import type { LandmarkBasis } from '#common/reconstruction/fit/landmarkBasis';
import { LANDMARK_COORDINATES } from '#common/reconstruction/fit/landmarkBasis';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';
import type { FaceObservation } from '#common/tracking/faceObservation';

const random = createSeededRandom(11);
const field = (rows: number, size: number) =>
  Float64Array.from({ length: rows * LANDMARK_COORDINATES }, () => random.normal() * size);

/** A cloud of landmarks with random modes: no face, but every term of the problem has something to say. */
function aRandomBasis(): LandmarkBasis {
  return {
    template: field(1, 0.05),
    identity: field(4, 0.003),
    identityCount: 4,
    expressions: field(52, 0.004),
    correctives: [
      {
        drivers: [
          { channel: 3, shape: 'linear' },
          { channel: 7, shape: 'hat' },
        ],
        delta: field(1, 0.004),
      },
    ],
    normals: Float64Array.from({ length: LANDMARK_COORDINATES }, (_, i) => (i % 3 === 2 ? 1 : 0)),
    eyeSpan: 0.09,
  };
}

function anObservation(basis: LandmarkBasis): FaceObservation {
  const landmarks = new Float32Array(LANDMARK_COORDINATES);
  const scale = (512 * CANONICAL_FOCAL) / 1.88;
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    landmarks[i * 3] = 256 + scale * basis.template[i * 3] + random.normal();
    landmarks[i * 3 + 1] = 256 - scale * basis.template[i * 3 + 1] + random.normal();
    landmarks[i * 3 + 2] = -scale * basis.template[i * 3 + 2];
  }
  return {
    imageWidth: 512,
    imageHeight: 512,
    landmarks,
    confidence: 1,
    box: { x: 0, y: 0, width: 512, height: 512 },
    headRotation: Float32Array.of(1, 0, 0, 0, -1, 0, 0, 0, -1),
    origin: 'tracked',
  };
}

describe('createFitProblem', () => {
  const basis = aRandomBasis();
  const targets = prepareTargets(basis, anObservation(basis));
  const state: FitState = {
    ...targets.placement,
    depthOffset: 0.001,
    identity: Float64Array.of(0.3, -0.2, 0.1, 0.4),
    weights: Float64Array.from({ length: 52 }, (_, i) => 0.2 + 0.01 * i),
  };
  const cases: [string, FitFreedom][] = [
    ['pose, identity and expression', { identity: true, expression: true }],
    ['pose and expression of a known face', {
      identity: false,
      expression: true,
      neutral: basis.template,
      previous: { weights: new Float32Array(52).fill(0.3), spread: 0.2 },
    }],
    ['pose alone', { identity: false, expression: false }],
  ]; // prettier-ignore

  it.each(cases)('has the gradient of its cost: %s', (_, freedom) => {
    const problem = createFitProblem(basis, targets, freedom);
    const hessian = new Float64Array(problem.size ** 2);
    const gradient = new Float64Array(problem.size);
    const cost = problem.linearise(state, hessian, gradient);
    expect(cost).toBeCloseTo(problem.cost(state), 6);
    for (let k = 0; k < problem.size; k++) {
      // Moving away changes relative depth a little; the solver leaves that out on purpose.
      if (k === 5) continue;
      const step = new Float64Array(problem.size);
      const h = 1e-6;
      step[k] = h;
      const plus = problem.cost(problem.retract(state, step));
      step[k] = -h;
      const minus = problem.cost(problem.retract(state, step));
      const slope = (plus - minus) / (2 * h);
      expect(Math.abs(slope - gradient[k])).toBeLessThan(1e-3 * Math.max(10, Math.abs(slope)));
    }
    for (let i = 0; i < problem.size; i++) {
      for (let j = 0; j < i; j++) {
        expect(hessian[i * problem.size + j]).toBe(hessian[j * problem.size + i]);
      }
    }
  });
});
