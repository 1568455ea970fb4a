import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channelIndex } from '#common/head/arkitChannels';
import { buildTrack, sampleTrack } from '#common/timeline/motionTrack';
import { parseMotion, type MotionClip } from '#common/timeline/motionClip';
import { sampleMotion } from '#common/timeline/sampleMotion';
import { presetMotions } from '#tools/motions/presetMotions';
import { reduceKeys } from '#tools/motions/reduceKeys';
import { motionText } from '#tools/motions/writeMotions';

const FOLDER = new URL('../../../../assets/motions/', import.meta.url);
const DEGREE = 180 / Math.PI;
const stored = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({ name: file.replace('.json', ''), text: readFileSync(new URL(file, FOLDER), 'utf8') }));
const clips = stored.map(({ name, text }): [string, MotionClip] => [name, parseMotion(JSON.parse(text))]);

/** Every number of a pose, angles in degrees, at 60 per second. */
function frames(clip: MotionClip): number[][] {
  return Array.from({ length: Math.round(clip.durationSeconds * 60) }, (_, frame) => {
    const { weights, head, neck, gaze } = sampleMotion(clip, frame / 60);
    const angles = [head.yaw, head.pitch, head.roll, neck.yaw, neck.pitch, neck.roll, gaze.yaw, gaze.pitch];
    return [...weights, ...angles.map((angle) => angle * DEGREE)];
  });
}

describe('the preset motions', () => {
  it('are what the generator writes', () => {
    const written = [...presetMotions()].map(([name, document]) => ({ name, text: motionText(document) }));
    const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
    expect(stored.toSorted(byName)).toEqual(written.toSorted(byName));
  });

  it.each(clips)('%s loops without a jump and lasts 4 to 12 seconds', (_, clip) => {
    expect(clip.loop).toBe(true);
    expect(clip.durationSeconds).toBeGreaterThanOrEqual(4);
    expect(clip.durationSeconds).toBeLessThanOrEqual(12);
    const all = frames(clip);
    // Nothing moves further over the seam than it ever does within the motion.
    const step = (from: number[], to: number[]): number[] => to.map((value, k) => Math.abs(value - from[k]));
    const largest = all
      .slice(1)
      .map((frame, k) => step(all[k], frame))
      .reduce((a, b) => a.map((v, k) => Math.max(v, b[k])));
    step(all.at(-1)!, all[0]).forEach((value, k) => expect(value).toBeLessThanOrEqual(largest[k] + 0.02));
  });

  it.each(clips)('%s stays within what a one-picture avatar can bear', (_, clip) => {
    for (const frame of frames(clip)) {
      const [headYaw, headPitch, headRoll, neckYaw, neckPitch, neckRoll, gazeYaw, gazePitch] =
        frame.slice(52);
      expect(Math.abs(headYaw + neckYaw)).toBeLessThan(20);
      expect(Math.abs(headPitch + neckPitch)).toBeLessThan(12.5);
      expect(Math.abs(headRoll + neckRoll)).toBeLessThan(12);
      expect(Math.abs(gazeYaw)).toBeLessThan(30);
      expect(Math.abs(gazePitch)).toBeLessThan(25);
    }
  });

  it.each(clips)(
    '%s blinks fully at least once and never closes the mouth further than the jaw opens',
    (_, clip) => {
      let deepest = 0;
      for (const frame of frames(clip)) {
        deepest = Math.max(deepest, frame[channelIndex('eyeBlinkLeft')]);
        expect(frame[channelIndex('mouthClose')]).toBeLessThanOrEqual(frame[channelIndex('jawOpen')] + 0.02);
      }
      expect(deepest).toBeGreaterThan(0.9);
    },
  );
});

describe('key reduction', () => {
  it('keeps every sample within the tolerance', () => {
    const wave = fc.record({
      size: fc.double({ min: 0, max: 0.5, noNaN: true }),
      cycles: fc.integer({ min: 1, max: 9 }),
      phase: fc.double({ min: 0, max: 6, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(wave, { minLength: 1, maxLength: 3 }), (waves) => {
        const samples = Float64Array.from({ length: 120 }, (_, k) =>
          waves.reduce(
            (sum, { size, cycles, phase }) => sum + size * Math.sin((2 * Math.PI * cycles * k) / 120 + phase),
            0,
          ),
        );
        const keys = reduceKeys(samples, 60, 0.01);
        const track = buildTrack(
          {
            target: 'head.yaw',
            interpolation: 'smooth',
            times: Float64Array.from(keys, ([time]) => time),
            values: Float32Array.from(keys, ([, value]) => value),
          },
          2,
        );
        samples.forEach((value, k) =>
          expect(Math.abs(sampleTrack(track, k / 60) - value)).toBeLessThan(0.0125),
        );
      }),
      { numRuns: 40 },
    );
  });
});
