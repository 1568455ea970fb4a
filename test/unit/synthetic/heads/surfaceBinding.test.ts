import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindToSurface, followSurface } from '#common/synthetic/heads/bind/surfaceBinding';
import { rotationFromVector } from '#common/math/rotation';
import { transformVec3 } from '#common/math/mat3';

const surface = Float32Array.of(0, 0, 0, 1, 0, 0.1, 0.2, 1, 0, 1, 1, 0.3);
const anchors = {
  corners: Uint32Array.of(0, 1, 2, 1, 3, 2),
  weights: Float32Array.of(0.2, 0.3, 0.5, 0.5, 0.5, 0),
};
const points = Float32Array.of(0.4, 0.5, 0.2, 1.2, 0.4, -0.3);

function moved(values: Float32Array, turn: readonly [number, number, number], shift: number): Float32Array {
  const rotation = rotationFromVector(turn);
  const out = new Float32Array(values.length);
  for (let k = 0; k < values.length; k += 3) {
    const p = transformVec3(rotation, [values[k], values[k + 1], values[k + 2]]);
    out.set(
      p.map((value) => value + shift),
      k,
    );
  }
  return out;
}

describe('surface binding', () => {
  it('gives the points back on the surface they were bound to', () => {
    const binding = bindToSurface(points, anchors, surface);
    followSurface(binding, surface).forEach((value, k) => expect(value).toBeCloseTo(points[k], 6));
  });

  it('goes with any rigid motion of the surface', () => {
    const binding = bindToSurface(points, anchors, surface);
    const angle = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(
        fc.tuple(angle, angle, angle),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (turn, shift) => {
          const expected = moved(points, turn, shift);
          const followed = followSurface(binding, moved(surface, turn, shift));
          followed.forEach((value, k) => expect(value).toBeCloseTo(expected[k], 5));
        },
      ),
      { numRuns: 50 },
    );
  });
});
