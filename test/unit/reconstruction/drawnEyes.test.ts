import { describe, expect, it } from 'vitest';
import { createRgbaImage } from '#common/image/rasterImage';
import { seeDrawnEyes } from '#common/reconstruction/drawnEyes';
import { LEFT_EYE, LID_SHARES, RIGHT_EYE } from '#common/reconstruction/fit/landmarkSets';
import { LANDMARK_COUNT, type FaceObservation } from '#common/tracking/faceObservation';

const SIZE = 256;
const EYES = [
  { eye: RIGHT_EYE, x: 88, outwards: -1 },
  { eye: LEFT_EYE, x: 168, outwards: 1 },
] as const;
const EYE_Y = 120;
/** Half width and half height of the tracked lids. */
const TRACKED = [16, 5];

/** A yellow face with white half discs for eyes, flat below, of the given radius. */
function drawnFace(radius: number): ReturnType<typeof createRgbaImage> {
  const image = createRgbaImage(SIZE, SIZE);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const distance = Math.min(...EYES.map((eye) => Math.hypot(x + 0.5 - eye.x, y + 0.5 - (EYE_Y + 6))));
      const isWhite = distance < radius && y < EYE_Y + 6;
      const color = isWhite ? (distance < 6 ? [60, 40, 40] : [250, 250, 250]) : [250, 200, 50];
      image.data.set([...color, 255], (y * SIZE + x) * 4);
    }
  }
  return image;
}

function trackedFace(): FaceObservation {
  const landmarks = new Float32Array(LANDMARK_COUNT * 3);
  const place = (index: number, x: number, y: number): void => landmarks.set([x, y, 0], index * 3);
  for (let index = 0; index < LANDMARK_COUNT; index++) place(index, 128, 220);
  for (const { eye, x, outwards } of EYES) {
    const across = (share: number): number => x + outwards * (2 * share - 1) * TRACKED[0];
    place(eye.corners[0], across(1), EYE_Y);
    place(eye.corners[1], across(0), EYE_Y);
    eye.lidPairs.forEach(([upper, lower], k) => {
      for (const [index, share, sign] of [[upper, LID_SHARES[k][0], -1], [lower, LID_SHARES[k][1], 1]] as const) {
        place(index, across(share), EYE_Y + sign * TRACKED[1] * Math.sqrt(1 - (2 * share - 1) ** 2));
      }
    }); // prettier-ignore
    eye.iris.forEach((index, k) => {
      place(index, x + [0, 5, 0, -5, 0][k], EYE_Y + [0, 0, -5, 0, 5][k]);
    });
  }
  return {
    imageWidth: SIZE,
    imageHeight: SIZE,
    landmarks,
    confidence: 1,
    box: { x: 40, y: 40, width: 176, height: 190 },
    headRotation: Float32Array.from([1, 0, 0, 0, -1, 0, 0, 0, -1]),
    origin: 'tracked',
  };
}

describe('eyes drawn larger than the tracker believes', () => {
  it('get their lids on the outline of the white', () => {
    const seen = seeDrawnEyes(drawnFace(26), trackedFace()).landmarks;
    for (const { eye, x, outwards } of EYES) {
      expect(outwards * (seen[eye.corners[0] * 3] - x)).toBeCloseTo(26, -0.5);
      expect(outwards * (x - seen[eye.corners[1] * 3])).toBeCloseTo(26, -0.5);
      const [upper, lower] = eye.lidPairs[4];
      expect(Math.abs(seen[upper * 3 + 1] - (EYE_Y - 20))).toBeLessThan(2);
      expect(Math.abs(seen[lower * 3 + 1] - (EYE_Y + 6))).toBeLessThan(2);
    }
  });

  it('leaves eyes alone that the tracker saw whole', () => {
    const observation = trackedFace();
    expect(seeDrawnEyes(drawnFace(9), observation)).toBe(observation);
  });
});
