import { describe, expect, it } from 'vitest';
import { channelIndex } from '#common/head/arkitChannels';
import { evaluateHead, jointPositions } from '#common/head/evaluateHead';
import { createSeededRandom } from '#common/math/seededRandom';
import { RigEvaluator } from '#common/rig/evaluateRig';
import { neutralPose } from '#common/rig/rigPose';
import { transferRig } from '#common/rig/transferRig';

import { readHeadModel } from '../head/readHeadModel';

const model = readHeadModel();
const eye = model.joints.find(({ name }) => name === 'eyeLeft')!.position;

/** Largest rise in a full blink of the skin beside and above the left eye's middle, millimetres. */
function largestRise(seed: number): number {
  const random = createSeededRandom(seed);
  const identity = Array.from({ length: model.identity.length }, () => 1.3 * random.normal());
  const joints = jointPositions(model, identity);
  const rig = transferRig(model, {
    neutral: evaluateHead(model, identity),
    joints: model.joints.map((joint, j) => ({
      ...joint,
      position: [joints[j * 3], joints[j * 3 + 1], joints[j * 3 + 2]],
    })),
  });
  const pose = neutralPose();
  pose.weights[channelIndex('eyeBlinkLeft')] = 1;
  const posed = new RigEvaluator(rig).evaluate(pose);
  let largest = 0;
  for (let v = 0; v < model.parts[0].vertexCount; v++) {
    const [x, y, z] = model.template.subarray(v * 3, v * 3 + 3);
    if (Math.abs(x - eye[0]) > 0.025 || y < eye[1] + 0.002 || y > eye[1] + 0.02 || z < eye[2]) continue;
    largest = Math.max(largest, 1000 * (posed[v * 3 + 1] - rig.positions[v * 3 + 1]));
  }
  return largest;
}

describe('a blink on other people', () => {
  it('lifts no skin of the upper lid, at the corners neither', () => {
    for (const seed of [3, 4, 5]) expect(largestRise(seed)).toBeLessThan(0.6);
  });
});
