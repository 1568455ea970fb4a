import { rotationDistance, rotationFromVector } from '#common/math/rotation';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';
import { headRotationOf } from '#engine/tracking/mesh/headPose';
import type { CanonicalFace } from '#engine/tracking/mesh/readCanonicalFace';
import { CANONICAL_POINT_COUNT, readCanonicalFace } from '#engine/tracking/mesh/readCanonicalFace';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** A bumpy shell with weights on every seventh point. */
const face: CanonicalFace = {
  positions: Float32Array.from(
    { length: CANONICAL_POINT_COUNT * 3 },
    (_, at) => Math.sin(at * 1.7) * 8 + (at % 3),
  ),
  weights: Float32Array.from({ length: CANONICAL_POINT_COUNT }, (_, index) => (index % 7 === 0 ? 0.1 : 0)),
};
const FRONTAL = Float64Array.of(1, 0, 0, 0, -1, 0, 0, 0, -1);

function place(rotation: ArrayLike<number>, scale: number, shift: readonly number[]): Float32Array {
  const landmarks = new Float32Array(LANDMARK_COUNT * 3);
  for (let index = 0; index < CANONICAL_POINT_COUNT; index++) {
    for (let row = 0; row < 3; row++) {
      let sum = shift[row];
      for (let column = 0; column < 3; column++) {
        sum += scale * rotation[row * 3 + column] * face.positions[index * 3 + column];
      }
      landmarks[index * 3 + row] = sum;
    }
  }
  return landmarks;
}

describe('headRotationOf', () => {
  it('gives diag(1, -1, -1) for a frontal face', () => {
    const rotation = headRotationOf(place(FRONTAL, 12, [300, 200, 0]), face);
    rotation.forEach((value, index) => expect(value).toBeCloseTo(FRONTAL[index], 4));
  });

  it('finds any rotation, scale and place again', () => {
    const angle = fc.double({ min: -1.5, max: 1.5, noNaN: true });
    fc.assert(
      fc.property(angle, angle, angle, fc.double({ min: 2, max: 40, noNaN: true }), (x, y, z, scale) => {
        const rotation = rotationFromVector([x, y, z]);
        const found = headRotationOf(place(rotation, scale, [310, 220, -5]), face);
        expect(rotationDistance(found, rotation)).toBeLessThan(1e-3);
      }),
    );
  });
});

describe('readCanonicalFace', () => {
  it('says what is wrong with a file of the wrong size or a damaged one', () => {
    expect(() => readCanonicalFace(new Uint8Array(0))).toThrow(/0 vertices; 468/);
    expect(() => readCanonicalFace(Uint8Array.of(0x0d, 1))).toThrow(/damaged/);
  });
});
