import { describe, expect, it } from 'vitest';
import { cameraLabel, mirrorCameraLabel } from '#common/camera/cameraLabel';
import { canonicalCamera } from '#common/camera/canonicalCamera';
import { CANONICAL_FOCAL } from '#common/camera/pinholeCamera';
import { constant } from '#engine/graph/ops/sources';
import { evaluate } from '#engine/graph/reference/evaluate';
import { lookAtLabel } from '#engine/networks/camera/lookAt';
import type { RayAnchor } from '#engine/networks/camera/rays';
import { castRays } from '#engine/networks/camera/rays';

function cast(label: Float32Array, size: number, anchor: RayAnchor) {
  const { origins, directions } = castRays(constant(label, [1, 25]), size, anchor);
  const [origin, all] = evaluate([origins, directions], new Map());
  return { origin: [...origin], ray: (pixel: number) => [...all.subarray(3 * pixel, 3 * pixel + 3)] };
}

const rounded = (values: Iterable<number>): readonly number[] =>
  [...values].map((value) => Math.round(value * 1e5) / 1e5 + 0);

describe('lookAtLabel', () => {
  it('stands in front, looks back and has its picture upright (T1)', () => {
    const label = lookAtLabel();
    const columns = [0, 1, 2, 3].map((column) => rounded([0, 4, 8].map((row) => label[row + column])));
    expect(columns).toEqual([[1, 0, 0], [0, -1, 0], [0, 0, -1], [0, 0, 2.7]]); // prettier-ignore
    const [a, b, c, d, e, f, g, h, i] = [0, 1, 2, 4, 5, 6, 8, 9, 10].map((at) => label[at]);
    expect(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)).toBeCloseTo(1);
  });

  it('orbits as the studio does', () => {
    const [yaw, pitch] = [0.3, 0.2];
    const ours = cameraLabel(canonicalCamera({ yaw, pitch }));
    const theirs = lookAtLabel({ yaw: Math.PI / 2 + yaw, pitch: Math.PI / 2 - pitch });
    expect(rounded(theirs)).toEqual(rounded(ours));
  });
});

describe('castRays', () => {
  it('sees 13.37 degrees (T2)', () => {
    const { ray } = cast(lookAtLabel(), 101, 'centre');
    const [left, right] = [ray(50 * 101), ray(50 * 101 + 100)];
    const angle = Math.acos(left.reduce((sum, value, axis) => sum + value * right[axis], 0));
    // From the middle of the first pixel to that of the last.
    expect(angle).toBeCloseTo(2 * Math.atan((0.5 * 100) / 101 / CANONICAL_FOCAL), 5);
    expect((2 * Math.atan(0.5 / CANONICAL_FOCAL) * 180) / Math.PI).toBeCloseTo(13.37, 2);
  });

  it('goes through the middles of pixels, or through their corners as released', () => {
    const expected = (share: number) => rounded([(share - 0.5) / CANONICAL_FOCAL]);
    const slope = ([x, , z]: readonly number[]) => rounded([x / -z]);
    expect(slope(cast(lookAtLabel(), 4, 'centre').ray(1))).toEqual(expected(1.5 / 4));
    expect(slope(cast(lookAtLabel(), 4, 'corner').ray(1))).toEqual(expected(1 / 4));
    // The first row is the upper one.
    expect(cast(lookAtLabel(), 4, 'centre').ray(0)[1]).toBeGreaterThan(0);
  });

  it('takes rotations of any scale', () => {
    const label = lookAtLabel({ yaw: 1.9, pitch: 1.4 });
    const scaled = label.map((value, at) => (at < 12 && at % 4 < 3 ? value * 0.21667 : value));
    expect(rounded(cast(scaled, 3, 'centre').ray(2))).toEqual(rounded(cast(label, 3, 'centre').ray(2)));
  });

  it('mirrors with a mirrored label, which mirrored again is the same (T3)', () => {
    const label = lookAtLabel({ yaw: 1.9, pitch: 1.4, pivot: [0.1, 0, 0.2] });
    const mirrored = mirrorCameraLabel(label);
    expect(mirrorCameraLabel(mirrored)).toEqual(label);
    const [one, other] = [cast(label, 3, 'centre'), cast(mirrored, 3, 'centre')];
    const flipped = ([x, y, z]: readonly number[]) => rounded([-x, y, z]);
    expect(rounded(other.origin)).toEqual(flipped(one.origin));
    for (const [pixel, opposite] of [[0, 2], [4, 4], [8, 6]]) expect(rounded(other.ray(pixel))).toEqual(flipped(one.ray(opposite))); // prettier-ignore
  });
});
