import { LANDMARK_COUNT } from '#common/tracking/faceObservation';
import { LandmarkSmoother } from '#engine/tracking/LandmarkSmoother';
import { describe, expect, it } from 'vitest';

function landmarksAt(offset: number): Float32Array {
  const landmarks = new Float32Array(LANDMARK_COUNT * 3).fill(offset);
  landmarks[263 * 3] = offset + 100;
  return landmarks;
}

describe('LandmarkSmoother', () => {
  it('calms jitter of a face that rests', () => {
    const smoother = new LandmarkSmoother({ minimumCutoff: 1, speedCoefficient: 2 });
    let spread = 0;
    for (let frame = 0; frame < 60; frame++) {
      const value = smoother.smooth(landmarksAt(frame % 2), frame / 30)[0];
      if (frame > 30) spread = Math.max(spread, Math.abs(value - 0.5));
    }
    expect(spread).toBeLessThan(0.25);
  });

  it('follows a quick move closely and starts anew after a reset', () => {
    const smoother = new LandmarkSmoother({ minimumCutoff: 1, speedCoefficient: 20 });
    let last = 0;
    for (let frame = 0; frame <= 30; frame++) last = smoother.smooth(landmarksAt(frame * 10), frame / 30)[0];
    expect(last).toBeGreaterThan(270);
    smoother.reset();
    expect(smoother.smooth(landmarksAt(5), 2)[0]).toBe(5);
  });
});
