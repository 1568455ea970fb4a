import { describe, expect, it } from 'vitest';
import { globePoint, SAFE_ANGLES, safePatch, unsafeAngles } from '$viewport/safeCone';

describe('unsafeAngles', () => {
  it('names what leaves the range, the borders being safe', () => {
    const { yaw, pitch, roll } = SAFE_ANGLES;
    expect(unsafeAngles({ yaw: yaw.high, pitch: pitch.low, roll: roll.high })).toEqual([]);
    expect(unsafeAngles({ yaw: yaw.high + 0.01, pitch: 0, roll: roll.low - 0.01 })).toEqual(['yaw', 'roll']);
  });

  it('takes more height from above than from below', () => {
    expect(unsafeAngles({ yaw: 0, pitch: 0.5, roll: 0 })).toEqual([]);
    expect(unsafeAngles({ yaw: 0, pitch: -0.5, roll: 0 })).toEqual(['pitch']);
  });
});

describe('globePoint', () => {
  it('moves to the right and up on the picture as the camera goes to the left of the subject and up', () => {
    const front = globePoint(0, 0);
    expect(globePoint(0.3, 0).x).toBeGreaterThan(front.x);
    expect(globePoint(0, 0.3).y).toBeLessThan(front.y);
  });

  it('puts the camera in front on the near side, the one behind on the far side, opposite', () => {
    const front = globePoint(0, 0);
    const behind = globePoint(Math.PI, 0);
    expect([front.isNear, behind.isNear]).toEqual([true, false]);
    expect(behind.x).toBeCloseTo(-front.x, 10);
    expect(behind.y).toBeCloseTo(-front.y, 10);
  });

  it('stays within the globe', () => {
    for (let yaw = -3; yaw <= 3; yaw += 0.5) {
      for (let pitch = -1.5; pitch <= 1.5; pitch += 0.5) {
        const { x, y } = globePoint(yaw, pitch);
        expect(Math.hypot(x, y)).toBeLessThanOrEqual(1 + 1e-12);
      }
    }
  });
});

describe('safePatch', () => {
  it('goes once round the safe directions', () => {
    const ring = safePatch(4);
    expect(ring).toHaveLength(16);
    const { yaw, pitch } = SAFE_ANGLES;
    expect(ring[0]).toEqual(globePoint(yaw.low, pitch.low));
    expect(ring[8]).toEqual(globePoint(yaw.high, pitch.high));
  });
});
