import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clampToPicture,
  firstGuess,
  nextMissing,
  nudgeOf,
  pointFromPointer,
  pointNear,
} from '$features/import/pointPlacing';
import { FACE_POINTS } from '$services/import/facePoints';

const SIZE = { width: 800, height: 400 };

describe('placing the five points', () => {
  test('keeps every point inside the picture', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (x, y) => {
        const [left, top] = clampToPicture([x, y], SIZE);
        expect(left >= 0 && left <= 799 && top >= 0 && top <= 399).toBe(true);
      }),
    );
  });

  test('reads a pointer in pixels of the picture, whatever its size on the screen', () => {
    const box = { left: 10, top: 20, width: 200, height: 100 };
    expect(pointFromPointer({ clientX: 110, clientY: 45 }, box, SIZE)).toEqual([400, 100]);
  });

  test('guesses the rest from the eyes: turned by a quarter, the mouth lies beside them', () => {
    const points = { rightEye: [400, 100], leftEye: [400, 200] } as const;
    const [x, y] = firstGuess('noseTip', points, SIZE);
    expect(y).toBeCloseTo(150, 0);
    // Down in the face is to the left of the picture here.
    expect(x).toBeLessThan(400);
  });

  test('goes through the points in their order and takes hold of the nearest', () => {
    const points = { rightEye: [100, 100], leftEye: [110, 100] } as const;
    expect(nextMissing({})).toBe(FACE_POINTS[0].name);
    expect(nextMissing(points)).toBe('noseTip');
    expect(pointNear(points, [107, 101], 10)).toBe('leftEye');
    expect(pointNear(points, [200, 100], 10)).toBeUndefined();
  });

  test('nudges by a pixel of the screen, ten with Shift', () => {
    expect(nudgeOf({ key: 'ArrowLeft', shiftKey: false }, 2)).toEqual([-2, 0]);
    expect(nudgeOf({ key: 'ArrowDown', shiftKey: true }, 2)).toEqual([0, 20]);
    expect(nudgeOf({ key: 'a', shiftKey: false }, 2)).toBeUndefined();
  });
});
