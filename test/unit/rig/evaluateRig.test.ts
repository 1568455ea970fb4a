import { describe, expect, it } from 'vitest';
import { ARKIT_CHANNELS, channelIndex, type ArkitChannel } from '#common/head/arkitChannels';
import { RigEvaluator } from '#common/rig/evaluateRig';
import { blendTransforms, jointTransforms, posePoint } from '#common/rig/jointTransforms';
import { effectiveWeights, EYE_LOOK_PITCH, EYE_LOOK_YAW } from '#common/rig/poseWeights';
import { neutralPose, type RigPose } from '#common/rig/rigPose';
import { aRig } from '#test/helpers/aRig';

function aPose(weights: Partial<Record<ArkitChannel, number>>, rest: Partial<RigPose> = {}): RigPose {
  const pose = { ...neutralPose(), ...rest };
  for (const [name, value] of Object.entries(weights))
    pose.weights[channelIndex(name as ArkitChannel)] = value;
  return pose;
}

const rig = aRig({
  positions: [0, -0.3, 0, 0, -0.15, 0, 0, 0, 0.1, 0.03, 0.03, 0.09],
  skin: [[[0, 1]], [[0, 0.5], [1, 0.3], [2, 0.2]], [[2, 0.6], [3, 0.4]], [[4, 1]]], // prettier-ignore
  morphs: {
    jawOpen: { vertices: [2], deltas: [0, -0.03, 0] },
    mouthClose: { vertices: [2], deltas: [0, 0.01, 0] },
    mouthSmileLeft: { vertices: [2, 3], deltas: [0.01, 0, 0, 0, 0.002, 0] },
  },
  correctives: [
    {
      name: 'jawOpen*mouthClose',
      drivers: [{ channel: 'jawOpen', shape: 'linear' }, { channel: 'mouthClose', shape: 'linear' }],
      vertices: Uint32Array.of(2),
      deltas: Float32Array.of(0, 0.02, 0),
    },
    {
      name: 'jawOpen~half',
      drivers: [{ channel: 'jawOpen', shape: 'hat' }],
      vertices: Uint32Array.of(2),
      deltas: Float32Array.of(0, 0, 0.004),
    },
  ], // prettier-ignore
});

describe('the rig evaluator', () => {
  it('gives the rest positions for the neutral pose', () => {
    expect([...new RigEvaluator(rig).evaluate(neutralPose())]).toEqual([...rig.positions]);
  });

  it('adds morphs and correctives: products of linear drivers, hats at one half', () => {
    const out = new RigEvaluator(rig).evaluate(aPose({ jawOpen: 0.5, mouthClose: 0.4, mouthSmileLeft: 1 }));
    expect(out[6]).toBeCloseTo(0.01, 6);
    expect(out[7]).toBeCloseTo(0.5 * -0.03 + 0.4 * 0.01 + 0.5 * 0.4 * 0.02, 6);
    expect(out[8]).toBeCloseTo(0.1 + 0.004, 6);
    expect(new RigEvaluator(rig).evaluate(aPose({ jawOpen: 1 }))[8]).toBeCloseTo(0.1, 6);
  });

  it('skins every vertex as linear blend skinning of the joint transforms says', () => {
    const pose = aPose(
      { jawOpen: 0.7 },
      { neck: { yaw: 0.2, pitch: 0.1, roll: -0.1 }, head: { yaw: -0.4, pitch: 0.3, roll: 0.2 } },
    );
    const evaluator = new RigEvaluator(rig);
    const rest = evaluator.evaluateMorphs(pose);
    const posed = evaluator.evaluate(pose);
    const transforms = jointTransforms(rig.joints, pose);
    for (let vertex = 0; vertex < 4; vertex++) {
      const blended = blendTransforms(transforms, rig.skinJoints, rig.skinWeights, vertex * 4);
      const expected = posePoint(blended, 0, rest.subarray(vertex * 3, vertex * 3 + 3));
      expected.forEach((value, k) => expect(posed[vertex * 3 + k]).toBeCloseTo(value, 6));
    }
    expect([...posed.subarray(0, 3)]).toEqual([...rest.subarray(0, 3)]);
  });

  it('writes into the given array and leaves nothing of the pose before', () => {
    const evaluator = new RigEvaluator(rig);
    const out = new Float32Array(12);
    evaluator.evaluate(aPose({ jawOpen: 1 }, { head: { yaw: 1, pitch: 0, roll: 0 } }), out);
    expect(evaluator.evaluate(neutralPose(), out)).toBe(out);
    expect([...out]).toEqual([...rig.positions]);
  });
});

describe('effective weights', () => {
  const weight = (pose: RigPose, name: ArkitChannel): number => effectiveWeights(pose)[channelIndex(name)];

  it('turn a gaze to the subject left into out for the left eye and in for the right', () => {
    const pose = aPose({}, { gaze: { yaw: EYE_LOOK_YAW / 2, pitch: -EYE_LOOK_PITCH / 4 } });
    expect(weight(pose, 'eyeLookOutLeft')).toBeCloseTo(0.5, 6);
    expect(weight(pose, 'eyeLookInRight')).toBeCloseTo(0.5, 6);
    expect(weight(pose, 'eyeLookUpLeft')).toBeCloseTo(0.25, 6);
    expect(weight(pose, 'eyeLookUpRight')).toBeCloseTo(0.25, 6);
    expect(weight(pose, 'eyeLookInLeft')).toBe(0);
  });

  it('add gaze and channels as angles', () => {
    const pose = aPose(
      { eyeLookInLeft: 0.3, eyeLookOutRight: 0.8 },
      { gaze: { yaw: EYE_LOOK_YAW / 2, pitch: 0 } },
    );
    expect(weight(pose, 'eyeLookInLeft')).toBe(0);
    expect(weight(pose, 'eyeLookOutLeft')).toBeCloseTo(0.2, 6);
    expect(weight(pose, 'eyeLookOutRight')).toBeCloseTo(0.3, 6);
    expect(weight(pose, 'eyeLookInRight')).toBe(0);
  });

  it('stay in [0, 1] whatever comes in', () => {
    const pose = aPose({ jawOpen: 3, mouthClose: -1, tongueOut: NaN }, { gaze: { yaw: 9, pitch: NaN } });
    for (const name of ARKIT_CHANNELS) {
      const value = weight(pose, name);
      expect(value >= 0 && value <= 1, `${name} is ${value}`).toBe(true);
    }
    expect(weight(pose, 'jawOpen')).toBe(1);
  });
});
