import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#common/math/seededRandom';
import { drawCamera, drawRendererCamera, VAE_CAMERAS } from '#engine/networks/training/cameraSampling';

/** Degrees about the vertical axis and above the horizon of where the camera of a label stands, and its distance. */
function standOf(label: Float32Array): readonly [number, number, number] {
  const [x, y, z] = [label[3], label[7], label[11]];
  const distance = Math.hypot(x, y, z);
  return [Math.atan2(x, z), Math.asin(y / distance), distance];
}

describe('cameras of training', () => {
  it('look from the ranges of the supplement, D.3, at the published distance', () => {
    const random = createSeededRandom(1);
    const stands = Array.from({ length: 500 }, () => standOf(drawCamera(random, VAE_CAMERAS)));
    const [yaws, pitches] = [stands.map(([yaw]) => yaw), stands.map(([, pitch]) => pitch)];
    expect(Math.min(...yaws)).toBeGreaterThan(-0.781);
    expect(Math.max(...yaws)).toBeGreaterThan(0.7);
    expect(Math.min(...pitches)).toBeGreaterThan(-0.251);
    expect(Math.max(...pitches)).toBeLessThan(0.651);
    for (const [, , distance] of stands) expect(distance).toBeCloseTo(2.7, 4);
  });

  it('of the renderer orbit from a little above, looking near the head', () => {
    const random = createSeededRandom(2);
    for (let k = 0; k < 200; k++) {
      const label = drawRendererCamera(random);
      const [yaw, pitch, distance] = standOf(label);
      expect(Math.abs(yaw)).toBeLessThan(0.601);
      expect(pitch).toBeGreaterThan(-0.151);
      expect(pitch).toBeLessThan(0.551);
      expect(distance).toBeCloseTo(2.7, 4);
      // The forward axis passes the origin within the pivot's jitter.
      const forward = [label[2], label[6], label[10]];
      const along = -(forward[0] * label[3] + forward[1] * label[7] + forward[2] * label[11]);
      const miss = [3, 7, 11].map((at, axis) => label[at] + along * forward[axis]);
      expect(Math.hypot(...miss)).toBeLessThan(0.13);
    }
  });
});
