import { createRgbaImage } from '#common/image/rasterImage';
import type { FaceObservation, ManualFacePoints } from '#common/tracking/faceObservation';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';
import { createFaceTracker } from '#engine/tracking/createFaceTracker';
import { drawFaces } from '#test/helpers/drawFaces';
import { afterAll, describe, expect, it } from 'vitest';

const tracker = createFaceTracker();
afterAll(() => tracker.dispose());

const SMALL = { width: 320, height: 320 };
const point = (face: FaceObservation, index: number): [number, number] => [
  face.landmarks[index * 3],
  face.landmarks[index * 3 + 1],
];

function expectNear(
  [x, y]: readonly [number, number],
  [ex, ey]: readonly [number, number],
  distance: number,
): void {
  expect(Math.hypot(x - ex, y - ey), `(${x}, ${y}) lies near (${ex}, ${ey})`).toBeLessThan(distance);
}

describe('createFaceTracker', () => {
  it('puts the landmarks of a drawn face where its parts were drawn', async () => {
    const [face, ...others] = await tracker.observe(drawFaces(SMALL, [{ x: 160, y: 150, radius: 60 }]));
    expect(others).toEqual([]);
    expect(face).toMatchObject({ imageWidth: 320, imageHeight: 320, origin: 'tracked' });
    expect(face.landmarks).toHaveLength(LANDMARK_COUNT * 3);
    expect(face.confidence).toBeGreaterThan(0.9);
    // Pupils: the subject's right eye is on the picture's left.
    expectNear(point(face, 468), [160 - 0.4 * 60, 150 - 0.08 * 60], 3);
    expectNear(point(face, 473), [160 + 0.4 * 60, 150 - 0.08 * 60], 3);
    expectNear(point(face, 61), [160 - 0.34 * 60, 150 + 0.7 * 60], 4);
    expectNear(point(face, 291), [160 + 0.34 * 60, 150 + 0.7 * 60], 4);
    // The tip of the nose is nearer than the cheeks' edge.
    expect(face.landmarks[1 * 3 + 2]).toBeLessThan(face.landmarks[234 * 3 + 2] - 20);
    // Frontal: model x is picture x, model y is up.
    expect(face.headRotation[0]).toBeGreaterThan(0.98);
    expect(face.headRotation[4]).toBeLessThan(-0.95);
  });

  it('follows the picture: the same face moved by a few pixels gives landmarks moved by as many', async () => {
    const [before] = await tracker.observe(drawFaces(SMALL, [{ x: 150, y: 150, radius: 60 }]));
    const [after] = await tracker.observe(drawFaces(SMALL, [{ x: 161, y: 146, radius: 60 }]));
    for (const index of [33, 263, 1, 61, 291]) {
      const [x, y] = point(before, index);
      expectNear(point(after, index), [x + 11, y - 4], 1.5);
    }
  });

  it('lists several faces, largest first', async () => {
    const image = drawFaces({ width: 640, height: 400 }, [
      { x: 160, y: 170, radius: 50 },
      { x: 450, y: 190, radius: 80 },
    ]);
    const faces = await tracker.observe(image);
    expect(faces.map(({ box }) => box.x > 300)).toEqual([true, false]);
  });

  it('finds small faces of a group through tiles', async () => {
    const image = drawFaces({ width: 1400, height: 900 }, [
      { x: 250, y: 300, radius: 34 },
      { x: 1100, y: 600, radius: 30 },
    ]);
    expect(await tracker.observe(image)).toHaveLength(2);
  });

  it('answers an empty list where there is no face', async () => {
    expect(await tracker.observe(drawFaces(SMALL, []))).toEqual([]);
    expect(await tracker.observe(createRgbaImage(3, 2))).toEqual([]);
  });

  it('gives equal results for equal pictures', async () => {
    const image = drawFaces(SMALL, [{ x: 160, y: 150, radius: 60 }]);
    expect(await tracker.observe(image)).toEqual(await tracker.observe(image));
  });

  it('separates a drawn person from the background', async () => {
    const matte = await tracker.matte(drawFaces(SMALL, [{ x: 160, y: 150, radius: 60 }]));
    const at = (x: number, y: number): number => matte.data[y * 320 + x];
    expect([matte.width, matte.height]).toEqual([320, 320]);
    expect(at(160, 150)).toBeGreaterThan(0.95);
    expect(at(160, 90)).toBeGreaterThan(0.9);
    expect(at(20, 20)).toBeLessThan(0.05);
    expect(at(300, 100)).toBeLessThan(0.05);
  });

  it('takes the alpha of a cut-out as its matte', async () => {
    const image = drawFaces(SMALL, []);
    for (let index = 0; index < 320 * 100; index++) image.data[index * 4 + 3] = 51;
    const matte = await tracker.matte(image);
    expect([matte.data[0], matte.data[320 * 320 - 1]]).toEqual([Math.fround(0.2), 1]);
  });
});

describe('observeManual', () => {
  const drawn: ManualFacePoints = {
    leftEye: [160 + 24, 145],
    rightEye: [160 - 24, 145],
    noseTip: [160, 168],
    mouthLeft: [160 + 20, 192],
    mouthRight: [160 - 20, 192],
  };

  it('runs the mesh where the points say and keeps its result when both agree', async () => {
    const image = drawFaces(SMALL, [{ x: 160, y: 150, radius: 60 }]);
    const [tracked] = await tracker.observe(image);
    const manual = await tracker.observeManual(image, drawn);
    expect(manual.origin).toBe('manual');
    for (const index of [468, 473, 61, 291, 152]) expectNear(point(manual, index), point(tracked, index), 4);
  });

  it('bends the canonical face through the points where nothing looks like a face', async () => {
    const odd: ManualFacePoints = { ...drawn, mouthLeft: [200, 215], noseTip: [150, 175] };
    const face = await tracker.observeManual(drawFaces(SMALL, []), odd);
    expectNear(point(face, 1), odd.noseTip, 0.1);
    expectNear(point(face, 61), odd.mouthRight, 0.1);
    expectNear(point(face, 291), odd.mouthLeft, 0.1);
    expect(face.landmarks[1 * 3 + 2]).toBeLessThan(face.landmarks[234 * 3 + 2]);
    expect(face.landmarks.every(Number.isFinite)).toBe(true);
  });

  it('refuses points that no face can have, saying which', async () => {
    const image = drawFaces(SMALL, []);
    const mirrored = { ...drawn, leftEye: drawn.rightEye, rightEye: drawn.leftEye };
    const refuse = (points: ManualFacePoints): Promise<unknown> => tracker.observeManual(image, points);
    await expect(refuse(mirrored)).rejects.toMatchObject({
      code: 'input.badLandmarks',
      message: expect.stringMatching(/mirrored/) as string,
    });
    await expect(refuse({ ...drawn, leftEye: drawn.rightEye })).rejects.toThrow(/0\.0 pixels apart/);
    await expect(refuse({ ...drawn, noseTip: [NaN, 0] })).rejects.toThrow(/noseTip/);
  });
});

describe('startVideo', () => {
  it('holds a moving face, loses it with the picture and finds it again', async () => {
    const video = tracker.startVideo();
    for (let frame = 0; frame < 4; frame++) {
      const x = 120 + frame * 12;
      const face = await video.next(drawFaces(SMALL, [{ x, y: 150, radius: 60 }]), frame / 25);
      expectNear(face === undefined ? [0, 0] : point(face, 468), [x - 24, 145], 4);
    }
    expect(await video.next(drawFaces(SMALL, []), 0.2)).toBeUndefined();
    expect(await video.next(drawFaces(SMALL, [{ x: 200, y: 170, radius: 50 }]), 0.24)).toBeDefined();
  });

  it('stays on the face it follows when a larger one appears', async () => {
    const video = tracker.startVideo();
    const size = { width: 640, height: 400 };
    const followed = { x: 160, y: 170, radius: 50 };
    await video.next(drawFaces(size, [followed]), 0);
    const face = await video.next(drawFaces(size, [followed, { x: 450, y: 190, radius: 80 }]), 0.04);
    expectNear(face === undefined ? [0, 0] : point(face, 1), [160, 170 + 0.35 * 50], 8);
  });
});
