import { describe, expect, it } from 'vitest';
import { landmarkPositions } from '#common/head/evaluateHead';
import { RigEvaluator } from '#common/rig/evaluateRig';
import { neutralPose } from '#common/rig/rigPose';
import { transferRig } from '#common/rig/transferRig';
import { channelIndex } from '#common/head/arkitChannels';
import { addSmileFlesh } from '#common/synthetic/heads/mouth/smileFlesh';
import { thinLips } from '#common/synthetic/heads/mouth/thinLips';
import { readHeadModel } from '../../head/readHeadModel';

const model = readHeadModel();

const height = (landmarks: ArrayLike<number>, index: number): number => landmarks[index * 3 + 1];

describe('thinLips', () => {
  const before = landmarkPositions(model, model.template);
  const thinned = model.template.slice();
  thinLips(model, thinned);
  const after = landmarkPositions(model, thinned);
  const lip = (at: ArrayLike<number>, a: number, b: number): number => height(at, a) - height(at, b);

  it('takes a sixth of the upper and a seventh of the lower lip', () => {
    expect(lip(after, 0, 13) / lip(before, 0, 13)).toBeCloseTo(0.83, 1);
    expect(lip(after, 14, 17) / lip(before, 14, 17)).toBeCloseTo(0.86, 1);
  });

  it('leaves the gap, the corners, the nose and the chin', () => {
    for (const index of [13, 14, 61, 291, 2, 152])
      expect(height(after, index)).toBeCloseTo(height(before, index), 3);
  });

  it('leaves the borders in order: philtrum over lip over gap over lip over chin', () => {
    const order = [2, 164, 0, 13, 17, 18, 200].map((index) => height(after, index));
    expect([...order].sort((a, b) => b - a)).toEqual(order);
  });
});

describe('addSmileFlesh', () => {
  const geometry = transferRig(model, { neutral: model.template.slice(), joints: model.joints });
  const fleshed = addSmileFlesh(model, geometry);
  const smiling = neutralPose();
  smiling.weights[channelIndex('mouthSmileLeft')] = 1;
  const posed = (of: typeof geometry) =>
    landmarkPositions(model, new RigEvaluator(of).evaluate(smiling).slice());
  const plain = posed(geometry);
  const full = posed(fleshed);

  it('pushes the cheek of the smiling side up and forward', () => {
    // The middle of the subject's left cheek, then of the right.
    expect(height(full, 280) - height(plain, 280)).toBeGreaterThan(0.0005);
    expect(full[280 * 3 + 2] - plain[280 * 3 + 2]).toBeGreaterThan(0.0005);
    expect(height(full, 50)).toBeCloseTo(height(plain, 50), 6);
  });

  it('keeps what a label of the mouth is measured by', () => {
    for (const index of [13, 14]) expect(height(full, index)).toBeCloseTo(height(plain, index), 4);
  });
});
