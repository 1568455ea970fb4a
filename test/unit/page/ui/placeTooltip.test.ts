import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeTooltip } from '$ui/placeTooltip';

const WINDOW = { width: 1280, height: 720 };
const TIP = { width: 200, height: 40 };

describe('placeTooltip', () => {
  it('goes under the middle of its anchor', () => {
    const anchor = { left: 600, top: 100, width: 80, height: 28 };
    expect(placeTooltip(anchor, TIP, WINDOW)).toEqual({ left: 540, top: 134 });
  });

  it('goes above where there is no room under it', () => {
    const anchor = { left: 600, top: 690, width: 80, height: 28 };
    expect(placeTooltip(anchor, TIP, WINDOW).top).toBe(690 - 40 - 6);
  });

  it('stays between the left and right border of any window that is wide enough', () => {
    const anchors = fc.record({
      left: fc.integer({ min: 0, max: 1280 }),
      top: fc.integer({ min: 0, max: 700 }),
      width: fc.integer({ min: 0, max: 300 }),
      height: fc.integer({ min: 0, max: 60 }),
    });
    fc.assert(
      fc.property(anchors, fc.integer({ min: 10, max: 600 }), (anchor, width) => {
        const { left } = placeTooltip(anchor, { width, height: 40 }, WINDOW);
        expect(left).toBeGreaterThanOrEqual(6);
        expect(left + width).toBeLessThanOrEqual(1280 - 6);
      }),
    );
  });
});
