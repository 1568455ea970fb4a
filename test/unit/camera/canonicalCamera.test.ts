import { describe, expect, it } from 'vitest';
import { canonicalCamera } from '#common/camera/canonicalCamera';
import { CANONICAL_DISTANCE } from '#common/camera/pinholeCamera';
import { cameraPosition, projectPoint, projectPoints } from '#common/camera/projectPoints';

describe('canonicalCamera', () => {
  it('shows the subject from the front: left is right in the picture, up is up', () => {
    const camera = canonicalCamera();
    expect(projectPoint(camera, [0, 0, 0], 512)).toEqual([256, 256, CANONICAL_DISTANCE]);
    const [leftEyeX] = projectPoint(camera, [0.03, 0, 0], 512);
    const [, browY] = projectPoint(camera, [0, 0.03, 0], 512);
    expect(leftEyeX).toBeGreaterThan(256);
    expect(browY).toBeLessThan(256);
  });

  it('moves to the subject left with yaw and up with pitch', () => {
    const [yawX] = cameraPosition(canonicalCamera({ yaw: 0.2 }));
    const [, pitchY] = cameraPosition(canonicalCamera({ pitch: 0.2 }));
    expect(yawX).toBeCloseTo(CANONICAL_DISTANCE * Math.sin(0.2), 9);
    expect(pitchY).toBeCloseTo(CANONICAL_DISTANCE * Math.sin(0.2), 9);
  });

  it('keeps the target in the middle at every angle, also at the pole', () => {
    const target = [0.02, -0.1, 0.03] as const;
    for (const pitch of [-Math.PI / 2, -0.4, 0, 1, Math.PI / 2]) {
      const camera = canonicalCamera({ yaw: 0.7, pitch, roll: 0.3, distance: 0.9, target });
      const [x, y, depth] = projectPoint(camera, target, 300);
      expect([x, y, depth]).toEqual([expect.closeTo(150, 9), expect.closeTo(150, 9), expect.closeTo(0.9, 9)]);
    }
  });

  it('turns the picture counter-clockwise with roll', () => {
    const [x, y] = projectPoint(canonicalCamera({ roll: Math.PI / 2 }), [0.05, 0, 0], 512);
    expect(x).toBeCloseTo(256, 6);
    expect(y).toBeLessThan(256);
  });

  it('fits the shorter side of the picture', () => {
    const wide = canonicalCamera({ aspect: 0.5 });
    const [x, y] = projectPoint(wide, [0, 0.1, 0], 1024);
    const [, squareY] = projectPoint(canonicalCamera(), [0, 0.1, 0], 512);
    expect(x).toBeCloseTo(512, 9);
    expect(y).toBeCloseTo(squareY, 9);
  });
});

describe('projectPoints', () => {
  it('marks points behind the camera', () => {
    const [x, y, depth] = projectPoints(canonicalCamera(), [0, 0, 2], 100);
    expect([x, y]).toEqual([NaN, NaN]);
    expect(depth).toBeCloseTo(CANONICAL_DISTANCE - 2, 9);
  });
});
