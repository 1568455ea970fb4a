import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { determinantMat3, multiplyMat3, transformVec3, transposeMat3 } from '#common/math/mat3';
import {
  eulerFromRotation,
  rotationDistance,
  rotationFromEuler,
  rotationFromVector,
  vectorFromRotation,
} from '#common/math/rotation';

const unit = fc.double({ min: -1, max: 1, noNaN: true });

describe('rotations', () => {
  it('keeps vector -> matrix -> vector for turns under pi', () => {
    fc.assert(
      fc.property(unit, unit, unit, (x, y, z) => {
        const vector = [x * 1.8, y * 1.8, z * 1.8] as const;
        const back = vectorFromRotation(rotationFromVector(vector));
        if (Math.hypot(...vector) < Math.PI - 1e-3) {
          back.forEach((value, axis) => expect(value).toBeCloseTo(vector[axis], 7));
        }
      }),
    );
  });

  it('keeps euler -> matrix -> euler away from the poles', () => {
    fc.assert(
      fc.property(unit, unit, unit, (a, b, c) => {
        const euler = { yaw: a * 3, pitch: b * 1.5, roll: c * 3 };
        const matrix = rotationFromEuler(euler);
        expect(determinantMat3(matrix)).toBeCloseTo(1, 9);
        expect(rotationDistance(rotationFromEuler(eulerFromRotation(matrix)), matrix)).toBeLessThan(1e-6);
      }),
    );
  });

  it('turns to the left for positive yaw and down for positive pitch', () => {
    expect(transformVec3(rotationFromEuler({ yaw: 0.3, pitch: 0, roll: 0 }), [0, 0, 1])[0]).toBeGreaterThan(
      0,
    );
    expect(transformVec3(rotationFromEuler({ yaw: 0, pitch: 0.3, roll: 0 }), [0, 0, 1])[1]).toBeLessThan(0);
  });

  it('recovers half a turn', () => {
    const half = rotationFromVector([0, Math.PI, 0]);
    expect(Math.abs(vectorFromRotation(half)[1])).toBeCloseTo(Math.PI, 6);
    const identity = multiplyMat3(half, transposeMat3(half));
    expect(rotationDistance(identity, rotationFromVector([0, 0, 0]))).toBeLessThan(1e-7);
  });
});
