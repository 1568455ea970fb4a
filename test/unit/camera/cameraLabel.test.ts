import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cameraFromLabel, cameraLabel, mirrorCameraLabel } from '#common/camera/cameraLabel';
import { canonicalCamera } from '#common/camera/canonicalCamera';
import { CANONICAL_FOCAL } from '#common/camera/pinholeCamera';
import { projectPoint } from '#common/camera/projectPoints';

const angle = fc.double({ min: -1.2, max: 1.2, noNaN: true });

describe('cameraLabel', () => {
  it('puts the canonical camera at (0, 0, 2.7) looking to -z with y down (spec T1)', () => {
    const label = cameraLabel(canonicalCamera());
    const column = (index: number) => [label[index] + 0, label[4 + index] + 0, label[8 + index] + 0];
    expect(column(3)).toEqual([0, 0, expect.closeTo(2.7, 6)]);
    expect(column(2)).toEqual([0, 0, -1]);
    expect(column(1)).toEqual([0, -1, 0]);
    expect(column(0)).toEqual([1, 0, 0]);
    expect([...label.slice(12, 16)]).toEqual([0, 0, 0, 1]);
  });

  it('has a horizontal field of view of 13.37 degrees (spec T2)', () => {
    const focal = cameraLabel(canonicalCamera())[16];
    expect((2 * Math.atan(0.5 / focal) * 180) / Math.PI).toBeCloseTo(13.37, 2);
    expect(focal).toBeCloseTo(CANONICAL_FOCAL, 6);
  });

  it('comes back as the same camera', () => {
    fc.assert(
      fc.property(
        angle,
        angle,
        angle,
        fc.double({ min: 0.5, max: 3, noNaN: true }),
        (yaw, pitch, roll, distance) => {
          const camera = canonicalCamera({ yaw, pitch, roll, distance, target: [0.02, -0.05, 0.01] });
          const back = cameraFromLabel(cameraLabel(camera));
          const point = [0.04, 0.03, 0.07] as const;
          const expected = projectPoint(camera, point, 512);
          const seen = projectPoint(back, point, 512);
          for (let axis = 0; axis < 3; axis++)
            expect(Math.abs(seen[axis] - expected[axis])).toBeLessThan(2e-3);
        },
      ),
    );
  });

  it('normalises the scaled rotation of FaceVerse labels', () => {
    const label = cameraLabel(canonicalCamera({ yaw: 0.3 }));
    const scaled = label.slice();
    for (const index of [0, 1, 2, 4, 5, 6, 8, 9, 10]) scaled[index] *= 0.21667;
    const expected = cameraFromLabel(label).rotation;
    cameraFromLabel(scaled).rotation.forEach((value, index) => expect(value).toBeCloseTo(expected[index], 6));
  });

  it('mirrors as the mirrored scene is seen', () => {
    const camera = canonicalCamera({ yaw: 0.4, pitch: 0.2, roll: 0.1 });
    const mirrored = cameraFromLabel(mirrorCameraLabel(cameraLabel(camera)));
    const [x, y, depth] = projectPoint(camera, [0.05, 0.02, 0.06], 512);
    const [mirroredX, mirroredY, mirroredDepth] = projectPoint(mirrored, [-0.05, 0.02, 0.06], 512);
    expect(mirroredX).toBeCloseTo(512 - x, 3);
    expect(mirroredY).toBeCloseTo(y, 3);
    expect(mirroredDepth).toBeCloseTo(depth, 6);
  });
});
