import { describe, expect, it } from 'vitest';
import { canonicalCamera } from '#common/camera/canonicalCamera';
import type { StudioDocument } from '#common/project/studioDocument';
import { newDocument } from '#common/project/studioDocument';
import { shownFrame } from '#common/project/shownFrame';
import { parseMotion } from '#common/timeline/motionClip';
import { frozenDocument } from '$services/export/frozenDocument';

const clip = parseMotion({
  format: 'avatarartist-motion',
  version: 1,
  name: 'Test',
  loop: true,
  durationSeconds: 2,
  tracks: {
    jawOpen: [[0, 0], [1, 0.7], [2, 0]],
    'head.roll': [[0, 0], [1.5, 12]],
    'camera.yaw': [[0, 0], [1, 25]],
    'camera.zoom': [[0, 1.5]],
  },
}); // prettier-ignore
const sourceCamera = canonicalCamera({});

describe('frozenDocument', () => {
  it('without its motion shows what the playhead shows with it', () => {
    const document: StudioDocument = {
      ...newDocument('Ada'),
      pose: { 'head.yaw': 10, jawOpen: 0.1 },
      camera: { yaw: 5, pitch: -3, roll: 2, zoom: 1.2 },
      motion: { preset: 'test', loop: true },
    };
    const timeSeconds = 41 / 30;
    const moving = shownFrame({ document, clip, timeSeconds, sourceCamera });
    const still = shownFrame({
      document: frozenDocument(document, clip, timeSeconds),
      clip: undefined,
      timeSeconds: 0,
      sourceCamera,
    });
    expect([...still.pose.weights]).toEqual([...moving.pose.weights]);
    expect(still.pose.head.roll).toBeCloseTo(moving.pose.head.roll, 12);
    expect(still.camera.focal).toBeCloseTo(moving.camera.focal, 9);
    still.camera.rotation.forEach((value, index) =>
      expect(value).toBeCloseTo(moving.camera.rotation[index], 9),
    );
  });

  it('is the document itself without a motion', () => {
    const document = newDocument('Ada');
    expect(frozenDocument(document, undefined, 0)).toBe(document);
  });
});
