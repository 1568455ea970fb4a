import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { determinantMat3, multiplyMat3, transposeMat3 } from '#common/math/mat3';
import { rotationDistance, rotationFromVector, vectorFromRotation } from '#common/math/rotation';

const unit = fc.double({ min: -1, max: 1, noNaN: true });

describe('rotations', () => {
  it('keeps vector -> matrix -> vector for turns under pi', () => {
    fc.assert(
      fc.property(unit, unit, unit, (x, y, z) => {
        const vector = [x * 1.8, y * 1.8, z * 1.8] as const;
        const matrix = rotationFromVector(vector);
        expect(determinantMat3(matrix)).toBeCloseTo(1, 9);
        const back = vectorFromRotation(matrix);
        if (Math.hypot(...vector) < Math.PI - 1e-3) {
          back.forEach((value, axis) => expect(value).toBeCloseTo(vector[axis], 7));
        }
      }),
    );
  });

  it('recovers half a turn', () => {
    const half = rotationFromVector([0, Math.PI, 0]);
    expect(Math.abs(vectorFromRotation(half)[1])).toBeCloseTo(Math.PI, 6);
    const identity = multiplyMat3(half, transposeMat3(half));
    expect(rotationDistance(identity, rotationFromVector([0, 0, 0]))).toBeLessThan(1e-7);
  });
});
