import { describe, expect, it } from 'vitest';
import { portraitCamera } from '#common/camera/portraitCamera';
import { PARAMS_SCHEMAS } from '#common/contract/hostApi';
import type { ExportAvatarParams } from '#common/contract/hostApi';
import { channelIndex } from '#common/head/arkitChannels';
import type { Avatar } from '#common/rig/avatar';
import { parseMotion } from '#common/timeline/motionClip';
import { planFrames } from '#host/export/framePlan';
import { tinyAvatar } from '#test/helpers/tinyAvatar';

const MOTION = parseMotion({
  format: 'avatarartist-motion',
  version: 1,
  name: 'nod',
  durationSeconds: 2,
  tracks: {
    jawOpen: { interpolation: 'linear', keys: [[0, 0], [2, 1]] },
    'head.yaw': { interpolation: 'linear', keys: [[0, 0], [2, 90]] },
  },
}); // prettier-ignore

const request = (changes: Partial<ExportAvatarParams>) =>
  PARAMS_SCHEMAS['avatars.export'].parse({ avatar: 'a', frames: 'f', ...changes });

const jaw = channelIndex('jawOpen');

describe('frame plan', () => {
  it('is one still frame without a motion, two seconds for a video', () => {
    expect(planFrames(tinyAvatar(), undefined, request({})).frameCount).toBe(1);
    const video = planFrames(tinyAvatar(), undefined, request({ video: 'v.webm', fps: 25 }));
    expect([video.frameCount, video.hasPose]).toEqual([50, false]);
  });

  it('samples the motion at the frame times', () => {
    const plan = planFrames(tinyAvatar(), MOTION, request({ fps: 10 }));
    expect(plan.frameCount).toBe(20);
    expect(plan.frameAt(5).pose.weights[jaw]).toBeCloseTo(0.25, 6);
    expect(plan.frameAt(5).pose.head.yaw).toBeCloseTo(Math.PI / 8, 6);
    expect(planFrames(tinyAvatar(), MOTION, request({ fps: 10, durationSeconds: 5 })).frameCount).toBe(50);
  });

  it('holds settings over the motion', () => {
    const set = [{ target: 'jawOpen', value: 0.7 }, { target: 'neck.yaw', value: 0.2 }]; // prettier-ignore
    const { pose } = planFrames(tinyAvatar(), MOTION, request({ set })).frameAt(3);
    expect([pose.weights[jaw], pose.neck.yaw]).toEqual([Math.fround(0.7), 0.2]);
  });

  it('plays on the pose of the portrait and stays in range', () => {
    const avatar = tinyAvatar();
    const weights = new Float32Array(52);
    weights[jaw] = 0.8;
    const pose = { ...avatar.source.pose, weights, head: { yaw: 0.1, pitch: 0.2, roll: 0 } };
    const posed: Avatar = { ...avatar, source: { ...avatar.source, pose } };
    const plan = planFrames(posed, MOTION, request({ pose: 'source', fps: 10 }));
    expect(plan.frameAt(0).pose.weights[jaw]).toBeCloseTo(0.8, 6);
    expect(plan.frameAt(15).pose.weights[jaw]).toBe(1);
    expect(plan.frameAt(10).pose.head.yaw).toBeCloseTo(0.1 + Math.PI / 4, 6);
    expect(plan.frameAt(0).camera).toBe(posed.source.camera);
  });

  it('adds the orbit asked for to the one of the motion', () => {
    const orbiting = parseMotion({
      format: 'avatarartist-motion', version: 1, name: 'orbit', durationSeconds: 1,
      tracks: { 'camera.yaw': [[0, 10]], 'camera.zoom': [[0, 2]] },
    }); // prettier-ignore
    const camera = { yaw: 0.3, pitch: -0.1, roll: 0, zoom: 1.5 };
    const avatar = tinyAvatar();
    const frame = planFrames(avatar, orbiting, request({ camera })).frameAt(0);
    const yaw = 0.3 + Math.fround((10 * Math.PI) / 180);
    expect(frame.camera).toEqual(portraitCamera(avatar.source.camera, { ...camera, yaw, zoom: 3 }));
    expect(frame.pose.head.yaw).toBe(0);
  });
});
