import { createSeededRandom } from '#common/math/seededRandom';
import { distanceTransform } from '#common/image/distanceTransform';
import { dilate, erode, invertMask } from '#common/image/morphology';
import { describe, expect, it } from 'vitest';

function randomMask(width: number, height: number, share: number, seed: number): Uint8Array {
  const random = createSeededRandom(seed);
  return Uint8Array.from({ length: width * height }, () => (random.uniform() < share ? 1 : 0));
}

describe('distanceTransform', () => {
  it.each([1, 2, 3])('agrees with the distance to every set pixel (seed %i)', (seed) => {
    const [width, height] = [23, 17];
    const mask = randomMask(width, height, 0.03, seed);
    const { distance, nearest } = distanceTransform(mask, width, height);
    for (let pixel = 0; pixel < mask.length; pixel++) {
      const to = (other: number) =>
        Math.hypot((pixel % width) - (other % width), Math.floor(pixel / width) - Math.floor(other / width));
      let best = Infinity;
      mask.forEach((set, other) => {
        if (set === 1) best = Math.min(best, to(other));
      });
      expect(distance[pixel]).toBeCloseTo(best, 5);
      expect(mask[nearest[pixel]]).toBe(1);
      expect(to(nearest[pixel])).toBeCloseTo(best, 5);
    }
  });

  it('says that nothing is near where nothing is set', () => {
    const { distance, nearest } = distanceTransform(new Uint8Array(12), 4, 3);
    expect([...distance]).toEqual(new Array(12).fill(Infinity));
    expect([...nearest]).toEqual(new Array(12).fill(-1));
  });
});

describe('dilate and erode', () => {
  it('are each other on the inverted mask', () => {
    const mask = randomMask(31, 19, 0.4, 5);
    const eroded = erode(mask, 31, 19, 1.5);
    const dilated = dilate(invertMask(mask), 31, 19, 1.5);
    expect(eroded).toEqual(invertMask(dilated));
  });

  it('grow a point to a disc', () => {
    const mask = new Uint8Array(81);
    mask[40] = 1;
    expect(dilate(mask, 9, 9, 2).reduce((sum, value) => sum + value, 0)).toBe(13);
  });
});
