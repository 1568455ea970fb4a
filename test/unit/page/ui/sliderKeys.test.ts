import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeTooltip } from '$ui/placeTooltip';
import { snapToStep, valueAfterKey } from '$ui/sliderKeys';

describe('values of a slider', () => {
  test('lie on a step of the range and stay there', () => {
    const range = fc.record({
      min: fc.integer({ min: -90, max: 0 }),
      max: fc.integer({ min: 1, max: 90 }),
      step: fc.constantFrom(0.01, 0.1, 0.5, 1),
    });
    fc.assert(
      fc.property(range, fc.double({ min: -200, max: 200, noNaN: true }), (limits, value) => {
        const snapped = snapToStep(value, limits);
        expect(snapped).toBeGreaterThanOrEqual(limits.min);
        expect(snapped).toBeLessThanOrEqual(limits.max);
        expect(snapToStep(snapped, limits)).toBe(snapped);
      }),
    );
  });

  test('have no digits of binary arithmetic', () => {
    expect(snapToStep(0.1 + 0.2, { min: 0, max: 1, step: 0.01 })).toBe(0.3);
  });

  test('answer only their own keys', () => {
    const range = { min: 0, max: 1, step: 0.01 };
    const after = (key: string, shiftKey = false): number | undefined =>
      valueAfterKey(0.5, { key, shiftKey }, range);
    expect([after('ArrowUp'), after('ArrowLeft', true), after('PageDown'), after('End')]).toEqual([
      0.51, 0.4, 0.4, 1,
    ]);
    expect(after('Tab')).toBeUndefined();
  });
});

test('a tooltip stays in the window: above an anchor at the bottom, inside at the edges', () => {
  const window = { width: 1000, height: 500 };
  const tip = { width: 200, height: 30 };
  expect(placeTooltip({ left: 400, top: 100, width: 40, height: 20 }, tip, window)).toEqual({
    left: 320,
    top: 126,
  });
  expect(placeTooltip({ left: 0, top: 480, width: 20, height: 20 }, tip, window)).toEqual({
    left: 6,
    top: 444,
  });
});
