import { describe, expect, it } from 'vitest';
import { channelIndex } from '#common/head/arkitChannels';
import { applyPoseSettings, parsePoseSettings, poseFromSettings } from '#common/timeline/poseFromSettings';

describe('pose settings', () => {
  it('set weights and angles in degrees', () => {
    const pose = poseFromSettings('jawOpen=0.6, head.yaw=10,gaze.pitch=-5');
    expect(pose.weights[channelIndex('jawOpen')]).toBeCloseTo(0.6, 6);
    expect(pose.head).toEqual({ yaw: expect.closeTo(Math.PI / 18, 9) as number, pitch: 0, roll: 0 });
    expect(pose.gaze.pitch).toBeCloseTo((-5 * Math.PI) / 180, 9);
  });

  it('go on top of a pose without changing it', () => {
    const pose = poseFromSettings('jawOpen=0.6,head.yaw=10');
    const changed = applyPoseSettings(pose, parsePoseSettings('jawOpen=0,head.roll=2'));
    expect(changed.head.yaw).toBe(pose.head.yaw);
    expect(changed.weights[channelIndex('jawOpen')]).toBe(0);
    expect(pose.weights[channelIndex('jawOpen')]).toBeCloseTo(0.6, 6);
  });

  it('are the rest pose where nothing is set', () => {
    expect([...poseFromSettings('').weights].every((weight) => weight === 0)).toBe(true);
  });

  it.each([
    ['jawOpen', 'name=value'],
    ['jawOpn=1', 'did you mean jawOpen?'],
    ['jawOpen=2', 'from 0 to 1'],
    ['jawOpen=', 'from 0 to 1'],
    ['jawOpen=wide', 'from 0 to 1'],
    ['head.yaw=200', 'from -90 to 90 degrees'],
    ['camera.yaw=5', 'no channel'],
  ])('refuse "%s" with advice', (text, advice) => {
    expect(() => poseFromSettings(text)).toThrow(
      expect.objectContaining({
        code: 'input.badOption',
        message: expect.stringContaining(advice) as string,
      }),
    );
  });
});
