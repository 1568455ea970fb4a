import { describe, expect, it } from 'vitest';
import { PARAMS_SCHEMAS } from '#common/contract/hostApi';
import { channelIndex } from '#common/head/arkitChannels';
import { setCamera, setMotion, setPoseValues } from '#common/project/documentEdits';
import type { ExportOutputs } from '#common/project/exportRequest';
import { exportRequest } from '#common/project/exportRequest';
import { shownFrame } from '#common/project/shownFrame';
import type { StudioDocument } from '#common/project/studioDocument';
import { newDocument } from '#common/project/studioDocument';
import { neutralPose } from '#common/rig/rigPose';
import { parseMotion } from '#common/timeline/motionClip';
import { loadMotion } from '#host/export/exportAvatar';
import { planFrames } from '#host/export/framePlan';
import { tinyAvatar } from '#test/helpers/tinyAvatar';

const CLIP = parseMotion({
  format: 'avatarartist-motion',
  version: 1,
  name: 'Talk',
  durationSeconds: 2,
  loop: true,
  tracks: {
    jawOpen: [[0, 0], [1, 1]],
    cheekPuff: [[0, 0.3]],
    'head.yaw': [[0, -20], [1, 25]],
    'gaze.yaw': [[0, 5]],
    'camera.yaw': [[0, 0], [1, 40]],
    'camera.zoom': [[0, 1.5]],
  },
}); // prettier-ignore

const avatar = tinyAvatar();
const sourceCamera = avatar.source.camera;
const REST = newDocument('Ada');
const HELD = setPoseValues(REST, { jawOpen: 0.7, 'head.yaw': -90, 'neck.roll': 12.5, 'gaze.pitch': 60 });
const ORBITED = setCamera(HELD, { yaw: 180, pitch: -89, roll: 33.3, zoom: 5 });

const params = (document: StudioDocument, outputs: Partial<ExportOutputs> = {}) =>
  PARAMS_SCHEMAS['avatars.export'].parse(exportRequest('ada.avatar', document, { frames: 'f', ...outputs }));

describe('the shown frame', () => {
  it.each([
    ['at rest', REST, undefined],
    ['with values held', HELD, undefined],
    ['with the camera as far as it goes', ORBITED, undefined],
    ['with a motion', setMotion(REST, { preset: 'talk', loop: true }), CLIP],
    ['with values held over a motion', setMotion(ORBITED, { preset: 'talk', loop: true }), CLIP],
  ])('is what the host exports, %s', (_, document, clip) => {
    const plan = planFrames(avatar, clip, params(document, { fps: 8, durationSeconds: 3 }));
    expect(plan.frameCount).toBe(24);
    for (let frameIndex = 0; frameIndex < plan.frameCount; frameIndex++) {
      const shown = shownFrame({ document, clip, timeSeconds: frameIndex / 8, sourceCamera });
      expect(shown).toEqual(plan.frameAt(frameIndex));
    }
  });

  const ONCE = { ...CLIP, loop: false };
  it.each([
    ['a loop that loops', CLIP, true],
    ['a loop played once', CLIP, false],
    ['a motion made to loop', ONCE, true],
    ['a motion played once', ONCE, false],
  ])('is what the host exports beyond one pass, %s', async (_, clip, loop) => {
    const document = setMotion(REST, { preset: 'talk', loop });
    const request = params(document, { fps: 8, durationSeconds: 5 });
    const motion = await loadMotion(request, {
      load: () => Promise.resolve(clip),
      list: () => Promise.resolve([]),
    });
    const plan = planFrames(avatar, motion, request);
    for (const seconds of [2, 2.5, 3.125, 4.5]) {
      const shown = shownFrame({ document, clip, timeSeconds: seconds, sourceCamera });
      expect(shown).toEqual(plan.frameAt(seconds * 8));
      // Repeats the pass, or stands where the window's playhead stops.
      const timeSeconds = loop ? seconds % 2 : 2;
      expect(shown).toEqual(shownFrame({ document, clip, timeSeconds, sourceCamera }));
    }
  });

  it('holds values against the motion and follows it elsewhere', () => {
    const { pose } = shownFrame({ document: HELD, clip: CLIP, timeSeconds: 0.5, sourceCamera });
    expect(pose.weights[channelIndex('jawOpen')]).toBeCloseTo(0.7, 6);
    expect(pose.weights[channelIndex('cheekPuff')]).toBeCloseTo(0.3, 6);
    expect(pose.head.yaw).toBe(-Math.PI / 2);
  });

  it('rests everything but the solo targets, and leaves the camera', () => {
    const scene = { document: ORBITED, clip: CLIP, timeSeconds: 1, sourceCamera };
    const whole = shownFrame({ ...scene, soloTargets: new Set() });
    expect(whole).toEqual(shownFrame(scene));
    const solo = shownFrame({ ...scene, soloTargets: new Set(['cheekPuff', 'gaze.pitch']) });
    const weights = neutralPose().weights;
    weights[channelIndex('cheekPuff')] = whole.pose.weights[channelIndex('cheekPuff')];
    expect(solo).toEqual({
      pose: { ...neutralPose(), weights, gaze: { yaw: 0, pitch: whole.pose.gaze.pitch } },
      camera: whole.camera,
    });
  });
});

describe('the export request', () => {
  it('carries the document over in the units of the contract', () => {
    const document = setMotion(ORBITED, { preset: 'talk', loop: false });
    expect(params(document, { video: 'v.webm', size: 256 })).toMatchObject({
      avatar: 'ada.avatar',
      motion: { preset: 'talk', loop: false },
      background: 'photo',
      pose: 'rest',
      size: 256,
      camera: { yaw: Math.PI, zoom: 5 },
    });
    expect(params(document).set).toContainEqual({ target: 'gaze.pitch', value: Math.PI / 3 });
  });

  it('lets the artist choose another background, and leaves out what is undefined', () => {
    const request = exportRequest('a', REST, {
      glb: 'a.glb',
      background: 'transparent',
      fps: undefined,
    });
    expect(request.background).toBe('transparent');
    expect('fps' in request || 'motion' in request).toBe(false);
  });
});
