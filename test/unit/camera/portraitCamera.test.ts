import { describe, expect, it } from 'vitest';
import { canonicalCamera } from '#common/camera/canonicalCamera';
import { portraitCamera } from '#common/camera/portraitCamera';
import { projectPoint } from '#common/camera/projectPoints';

const source = {
  ...canonicalCamera({ distance: 1.7 }),
  translation: Float64Array.from([0.03, -0.02, 1.7]),
};

describe('portraitCamera', () => {
  it('sees the head where the portrait has it, and as large', () => {
    const camera = portraitCamera(source);
    for (const point of [
      [0, 0, 0],
      [0.05, 0.08, 0.02],
    ] as const) {
      const wanted = projectPoint(source, point, 512);
      const seen = projectPoint(camera, point, 512);
      expect(Math.hypot(seen[0] - wanted[0], seen[1] - wanted[1])).toBeLessThan(1);
    }
  });

  it('keeps the head there while it orbits', () => {
    const front = projectPoint(portraitCamera(source), [0, 0, 0], 512);
    const side = projectPoint(portraitCamera(source, { yaw: 0.6, pitch: -0.3 }), [0, 0, 0], 512);
    expect(side[0]).toBeCloseTo(front[0], 6);
    expect(side[1]).toBeCloseTo(front[1], 6);
  });
});
