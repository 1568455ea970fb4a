import { describe, expect, it } from 'vitest';
import { augment } from '#engine/graph/functions/augment';
import { evaluate } from '#engine/graph/reference/evaluate';
import { input } from '#engine/graph/ops/sources';

const SAME_PLACE = [1, 0, 0, 0, 1, 0];
const SAME_COLOUR = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
const picture = Float64Array.from({ length: 3 * 4 * 4 }, (_, k) => Math.sin(k));

function augmented(placement: readonly number[], colour: readonly number[]): Float64Array {
  const result = augment(input('x', [1, 3, 4, 4]), {
    placement: input('placement', [1, 2, 3]),
    colour: input('colour', [1, 3, 4]),
  });
  const feeds = new Map([
    ['x', picture],
    ['placement', Float64Array.from(placement)],
    ['colour', Float64Array.from(colour)],
  ]);
  return evaluate([result], feeds)[0];
}

describe('augment', () => {
  it('leaves a picture as it is for maps that change nothing', () => {
    const same = augmented(SAME_PLACE, SAME_COLOUR);
    expect(Math.max(...same.map((value, k) => Math.abs(value - picture[k])))).toBeLessThan(1e-6);
  });

  it('mirrors, and repeats the border beyond it', () => {
    const mirrored = augmented([-1, 0, 0, 0, 1, 0], SAME_COLOUR);
    expect(mirrored[0]).toBeCloseTo(picture[3]);
    // One pixel to the right is 2 / width of the normalised position.
    const moved = augmented([1, 0, 0.5, 0, 1, 0], SAME_COLOUR);
    expect([moved[0], moved[3]].map((value) => value.toFixed(6))).toEqual([picture[1], picture[3]].map((value) => value.toFixed(6))); // prettier-ignore
  });

  it('mixes and lifts colours', () => {
    const swapped = augmented(SAME_PLACE, [0, 1, 0, 0.25, 1, 0, 0, 0, 0, 0, 2, 0]);
    expect(swapped[0]).toBeCloseTo(picture[16] + 0.25, 5);
    expect(swapped[16]).toBeCloseTo(picture[0], 5);
    expect(swapped[32]).toBeCloseTo(2 * picture[32], 5);
  });
});
