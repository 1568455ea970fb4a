import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '#common/contract/errors';
import { ARKIT_CHANNELS, channelIndex } from '#common/head/arkitChannels';
import { neutralPose, type RigPose } from '#common/rig/rigPose';
import { denseMotionDocument } from '#common/timeline/denseMotion';
import { parseMotion } from '#common/timeline/motionClip';
import { sampleCameraOrbit, sampleMotion } from '#common/timeline/sampleMotion';

const DEGREE = Math.PI / 180;
const aMotion = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  format: 'avatarartist-motion',
  version: 1,
  name: 'test',
  durationSeconds: 2,
  tracks: { jawOpen: [[0, 0], [1, 0.8], [2, 0.2]] }, // prettier-ignore
  ...changes,
});
const withTracks = (tracks: Record<string, unknown>, rest = {}): Record<string, unknown> =>
  aMotion({ tracks, ...rest });
const jaw = (json: unknown, time: number): number =>
  sampleMotion(parseMotion(json), time).weights[channelIndex('jawOpen')];
const problemOf = (json: unknown): string => {
  try {
    parseMotion(json);
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).code).toBe('input.badMotion');
    return (error as AppError).message;
  }
  return 'accepted';
};

describe('a keyed motion', () => {
  it('meets its keys, holds outside and never overshoots between them', () => {
    expect(jaw(aMotion(), 1)).toBeCloseTo(0.8, 6);
    expect(jaw(aMotion(), 9)).toBeCloseTo(0.2, 6);
    expect(jaw(aMotion(), -1)).toBe(0);
    for (let time = 0; time <= 2; time += 0.01) expect(jaw(aMotion(), time)).toBeLessThanOrEqual(0.8 + 1e-6);
  });

  it('runs linearly or steps where asked', () => {
    const keys = [[0, 0], [1, 1]]; // prettier-ignore
    expect(jaw(withTracks({ jawOpen: { interpolation: 'linear', keys } }), 0.25)).toBeCloseTo(0.25, 6);
    expect(jaw(withTracks({ jawOpen: { interpolation: 'hold', keys } }), 0.99)).toBe(0);
  });

  it('reads angles as degrees and drives head, neck, gaze and camera apart', () => {
    const clip = parseMotion(
      withTracks({
        'head.yaw': [[0, 10]],
        'neck.pitch': [[0, -5]],
        'gaze.yaw': [[0, 20]],
        'camera.zoom': [[0, 2]],
      }),
    );
    const pose = sampleMotion(clip, 0);
    expect(pose.head.yaw).toBeCloseTo(10 * DEGREE, 6);
    expect(pose.neck.pitch).toBeCloseTo(-5 * DEGREE, 6);
    expect(pose.gaze.yaw).toBeCloseTo(20 * DEGREE, 6);
    expect(sampleCameraOrbit(clip, 0)).toEqual({ yaw: 0, pitch: 0, zoom: 2 });
    expect(sampleCameraOrbit(parseMotion(aMotion()), 0)).toBeUndefined();
  });

  it('loops through its seam with value and slope', () => {
    const json = withTracks({ jawOpen: [[0.5, 0.9], [1.4, 0.1], [1.8, 0.3]] }, { loop: true }); // prettier-ignore
    const step = 1e-4;
    expect(jaw(json, 2 - step)).toBeCloseTo(jaw(json, step), 3);
    const before = (jaw(json, 2 - step) - jaw(json, 2 - 2 * step)) / step;
    const after = (jaw(json, 2 * step) - jaw(json, step)) / step;
    expect(after).toBeCloseTo(before, 1);
    expect(jaw(json, 3.4)).toBeCloseTo(jaw(json, 1.4), 6);
  });

  it('treats a repeated key at the end of a loop as the first key', () => {
    const json = withTracks({ jawOpen: [[0, 0.5], [0.5, 1], [1.5, 0], [2, 0.5]] }, { loop: true }); // prettier-ignore
    expect(jaw(json, 0.001)).toBeGreaterThan(jaw(json, 1.999));
  });

  it('stays between neighbouring keys for any keys', () => {
    const value = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        value,
        (values, loop, at) => {
          const keys = values.map((v, k) => [k * 0.25, v]);
          const sampled = jaw(withTracks({ jawOpen: keys }, { loop }), at * 2);
          expect(sampled).toBeGreaterThanOrEqual(Math.min(...values) - 1e-6);
          expect(sampled).toBeLessThanOrEqual(Math.max(...values) + 1e-6);
        },
      ),
    );
  });
});

describe('a dense motion', () => {
  const angle = fc.double({ min: -0.8, max: 0.8, noNaN: true });
  const rotation = fc.record({ yaw: angle, pitch: angle, roll: angle });
  const pose: fc.Arbitrary<RigPose> = fc.record({
    weights: fc
      .array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 52, maxLength: 52 })
      .map((w) => Float32Array.from(w)),
    head: rotation,
    neck: rotation,
    gaze: fc.record({ yaw: angle, pitch: angle }),
  });

  it('comes back from its document at every frame', () => {
    fc.assert(
      fc.property(fc.array(pose, { minLength: 1, maxLength: 4 }), (poses) => {
        const text = JSON.stringify(denseMotionDocument('take', 30, poses));
        const clip = parseMotion(JSON.parse(text));
        poses.forEach((given, frame) => {
          const back = sampleMotion(clip, frame / 30);
          for (let k = 0; k < 52; k++) expect(back.weights[k]).toBeCloseTo(given.weights[k], 4);
          expect(back.head.yaw).toBeCloseTo(given.head.yaw, 4);
          expect(back.neck.roll).toBeCloseTo(given.neck.roll, 4);
          expect(back.gaze.pitch).toBeCloseTo(given.gaze.pitch, 4);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('names the frame and place of a bad number', () => {
    const document = denseMotionDocument('take', 30, [neutralPose(), neutralPose()]);
    const frames = document.frames.map((frame) => ({ ...frame, weights: [...frame.weights] }));
    frames[1].weights[3] = NaN;
    expect(problemOf({ ...document, frames })).toContain('frames[1].weights[3] is NaN');
    expect(problemOf({ ...document, frames: [{ weights: [0, 1] }] })).toContain('must have 52');
    expect(problemOf({ ...document, frames: [{ weights: frames[0].weights, head: [1] }] })).toContain(
      'must have 3',
    );
    expect(problemOf({ ...document, fps: 0.5 })).toContain('fps');
    expect(problemOf({ ...document, fps: 1, frames: Array(700).fill(frames[0]) })).toContain('at most 600 s');
  });
});

describe('a malformed motion', () => {
  it.each([
    ['null', null, 'must be an object'],
    ['a list', [], 'must be an object'],
    ['another format', aMotion({ format: 'bvh' }), 'format'],
    ['a newer version', aMotion({ version: 2 }), 'version is 2'],
    ['an unknown field', aMotion({ fp: 30 }), 'fp'],
    ['a duration beyond the limit', aMotion({ durationSeconds: 601 }), 'durationSeconds'],
    ['no duration', aMotion({ durationSeconds: undefined }), 'durationSeconds'],
    ['a misspelt channel', withTracks({ jawOpn: [[0, 0]] }), 'did you mean jawOpen?'],
    ["another program's name", withTracks({ eyeBlink_L: [[0, 0]] }), 'did you mean eyeBlinkLeft?'],
    ['a wrong case', withTracks({ MouthSmileRight: [[0, 0]] }), 'did you mean mouthSmileRight?'],
    ['no keys', withTracks({ jawOpen: [] }), 'tracks.jawOpen.keys'],
    ['a NaN', withTracks({ jawOpen: [[0, NaN]] }), 'tracks.jawOpen.keys[0][1] is NaN; it must be a number from 0 to 1'],
    ['a text value', withTracks({ jawOpen: [[0, '1']] }), 'is a string'],
    ['a weight over one', withTracks({ jawOpen: [[0, 1.5]] }), 'is 1.5; it must be a number from 0 to 1'],
    ['a head turned round', withTracks({ 'head.yaw': [[0, 170]] }), 'from -90 to 90 degrees'],
    ['a negative time', withTracks({ jawOpen: [[-1, 0]] }), 'tracks.jawOpen.keys[0][0] is -1'],
    ['a key after the end', withTracks({ jawOpen: [[2.5, 0]] }), 'from 0 to 2 s'],
    ['unsorted keys', withTracks({ jawOpen: [[1, 0], [0.5, 1]] }), 'keys[1][0] is 0.5; keys must be in rising time'],
    ['a key that is no pair', withTracks({ jawOpen: [[1, 0, 2]] }), 'tracks.jawOpen.keys[0] must be a pair'],
    ['an unknown interpolation', withTracks({ jawOpen: { interpolation: 'bounce', keys: [[0, 0]] } }), 'interpolation'],
    ['too many keys', withTracks({ jawOpen: Array(72_001).fill([0, 0]) }), 'keys'],
  ])('is refused for %s, saying where and what is right', (_, json, expected) => {
    expect(problemOf(json)).toContain(expected);
  }); // prettier-ignore

  it('never gives anything but a clip or input.badMotion', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('tracks', 'frames', 'durationSeconds', 'fps', 'loop'),
        (value, field) => {
          const problem = problemOf(aMotion({ [field]: value }));
          expect(typeof problem).toBe('string');
        },
      ),
    );
  });

  it('knows every channel by its own name', () => {
    const tracks = Object.fromEntries(ARKIT_CHANNELS.map((name) => [name, [[0, 1]]]));
    expect([...sampleMotion(parseMotion(withTracks(tracks)), 0).weights]).toEqual(
      ARKIT_CHANNELS.map(() => 1),
    );
  });
});
