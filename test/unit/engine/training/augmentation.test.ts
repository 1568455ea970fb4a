import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#common/math/seededRandom';
import type { AugmentationControl } from '#engine/training/augmentation';
import { controlAugmentation, drawAugmentation, NO_AUGMENTATION } from '#engine/training/augmentation';

const draw = (probability: number) =>
  drawAugmentation(createSeededRandom(3), { batch: 50, size: 16, probability });

describe('draws of augmentations', () => {
  it('change nothing at probability 0 (T20)', () => {
    const { placement, colour } = draw(0);
    for (let n = 0; n < 50; n++) {
      expect([...placement.subarray(n * 6, n * 6 + 6)].map(Math.abs)).toEqual([1, 0, 0, 0, 1, 0]);
      expect([...colour.subarray(n * 12, n * 12 + 12)]).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
    }
  });

  it('mirror about half of the pictures at probability 1 and keep grey grey', () => {
    const { placement, colour } = draw(1);
    let mirrored = 0;
    for (let n = 0; n < 50; n++) {
      const [a, b, , c, d] = placement.subarray(n * 6, n * 6 + 6);
      if (a * d - b * c < 0) mirrored++;
      const rows = [0, 4, 8].map((row) => colour.subarray(n * 12 + row, n * 12 + row + 3));
      const greys = rows.map((row) => row[0] + row[1] + row[2]);
      expect(Math.max(...greys) - Math.min(...greys)).toBeLessThan(1e-5);
    }
    expect(mirrored).toBeGreaterThan(15);
    expect(mirrored).toBeLessThan(35);
  });

  it('use up the stream alike whatever the probability', () => {
    const after = [0, 0.5, 1].map((probability) => {
      const random = createSeededRandom(1);
      drawAugmentation(random, { batch: 3, size: 8, probability });
      return random.uniform();
    });
    expect(new Set(after).size).toBe(1);
  });
});

describe('the control of augmentation', () => {
  const target = { pictures: 100, every: 8 };
  const after = (
    start: AugmentationControl,
    scores: readonly number[],
    rounds: number,
  ): AugmentationControl => {
    let control = start;
    for (let k = 0; k < rounds; k++) control = controlAugmentation(control, scores, target);
    return control;
  };

  it('augments more while the discriminator knows the real pictures, up to always', () => {
    expect(after(NO_AUGMENTATION, [1, 2, 0.1, 3], 4).probability).toBeCloseTo(0.16);
    expect(after(NO_AUGMENTATION, [1, 2, 0.1, 3], 100).probability).toBe(1);
  });

  it('augments less while it guesses, down to never', () => {
    const half = { ...NO_AUGMENTATION, probability: 0.5 };
    expect(after(half, [1, -1, 1, -1], 2).probability).toBeCloseTo(0.42);
    expect(after(half, [1, -1, 1, -1], 100).probability).toBe(0);
  });

  it('waits for enough scores', () => {
    const half = { ...NO_AUGMENTATION, probability: 0.5 };
    expect(after(half, [1, 1, -1, 1], 1)).toEqual({ probability: 0.5, signSum: 2, count: 4 });
  });
});
