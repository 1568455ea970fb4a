import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newDocument } from '#common/project/studioDocument';
import { parseMotion } from '#common/timeline/motionClip';
import { targetRange } from '#common/timeline/motionTarget';
import { shownFrame } from '#common/project/shownFrame';
import { canonicalCamera } from '#common/camera/canonicalCamera';
import {
  mirrorPose,
  POSE_TARGETS,
  poseFromText,
  poseToText,
  shownPose,
  valuesOfPose,
} from '$services/pose/poseValues';

const clip = parseMotion({
  format: 'avatarartist-motion',
  version: 1,
  name: 'Test',
  durationSeconds: 2,
  tracks: {
    jawOpen: [[0, 0], [1, 0.5], [2, 0]],
    'head.yaw': [[0, 20]],
    'camera.yaw': [[0, 45]],
  },
}); // prettier-ignore

const poses = fc
  .subarray([...POSE_TARGETS], { maxLength: 20 })
  .chain((targets) =>
    fc
      .tuple(...targets.map(() => fc.integer({ min: 0, max: 100 })))
      .map((parts) =>
        Object.fromEntries(targets.map((target, index) => [target, valueAt(target, parts[index])])),
      ),
  );

function valueAt(target: string, percent: number): number {
  const range = targetRange(target);
  if (range === undefined) throw new Error(target);
  return Math.round((range.low + ((range.high - range.low) * percent) / 100) * 1e4) / 1e4;
}

describe('valuesOfPose', () => {
  it('gives back the pose a document shows', () => {
    fc.assert(
      fc.property(poses, (pose) => {
        const document = { ...newDocument('Ada'), pose };
        const shown = shownFrame({
          document,
          clip: undefined,
          timeSeconds: 0,
          sourceCamera: canonicalCamera(),
        });
        const values = valuesOfPose(shown.pose);
        for (const target of POSE_TARGETS) {
          expect(values[target] ?? 0).toBeCloseTo(pose[target] ?? 0, 3);
        }
      }),
    );
  });

  it('leaves out what rests', () => {
    const { pose } = shownFrame({
      document: { ...newDocument('Ada'), pose: { jawOpen: 0.25, 'head.pitch': -8 } },
      clip: undefined,
      timeSeconds: 0,
      sourceCamera: canonicalCamera(),
    });
    expect(valuesOfPose(pose)).toEqual({ jawOpen: 0.25, 'head.pitch': -8 });
  });
});

describe('mirrorPose', () => {
  it('swaps sides and reverses turns to the side', () => {
    const mirrored = mirrorPose({
      eyeBlinkLeft: 1,
      jawRight: 0.3,
      jawOpen: 0.5,
      'head.yaw': 10,
      'head.pitch': 4,
    });
    expect(mirrored).toEqual({
      eyeBlinkRight: 1,
      jawLeft: 0.3,
      jawOpen: 0.5,
      'head.yaw': -10,
      'head.pitch': 4,
    });
  });

  it('is its own inverse', () => {
    fc.assert(
      fc.property(poses, (pose) => {
        expect(mirrorPose(mirrorPose(pose))).toEqual(pose);
      }),
    );
  });

  it('never makes a negative zero, which JSON would lose', () => {
    expect(Object.is(mirrorPose({ 'head.yaw': 0 })['head.yaw'], 0)).toBe(true);
  });
});

describe('pose as text', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(poses, (pose) => {
        expect(poseFromText(poseToText(pose))).toEqual(pose);
      }),
    );
  });

  it('names the piece that is wrong', () => {
    expect(() => poseFromText('jawOpen=0.5,smile=1')).toThrow(/smile/);
  });
});

describe('shownPose', () => {
  it('keeps what is seen: held values before the motion, without the camera', () => {
    const document = { ...newDocument('Ada'), pose: { 'head.yaw': -5, mouthPucker: 0 } };
    expect(shownPose(document, clip, 1)).toEqual({ jawOpen: 0.5, 'head.yaw': -5 });
  });
});
