import { createColorImage } from '#common/image/colorImage';
import { cellOfPixel, localRange } from '#common/image/localRange';
import { describe, expect, it } from 'vitest';

describe('localRange', () => {
  it('spans the masked pixels in reach and no others', () => {
    const image = createColorImage(64, 32);
    const mask = new Uint8Array(64 * 32);
    const set = (x: number, y: number, value: number, isMasked: boolean) => {
      for (let c = 0; c < 3; c++) image.data[(y * 64 + x) * 3 + c] = value + c / 8;
      if (isMasked) mask[y * 64 + x] = 1;
    };
    set(20, 10, 0.25, true);
    set(24, 14, 0.5, true);
    set(22, 12, 0, false);
    set(60, 10, 0.625, true);
    const range = localRange(image, mask, 8);
    const near = cellOfPixel(range, 28, 10);
    expect([...range.low.subarray(near, near + 3)]).toEqual([0.25, 0.375, 0.5]);
    expect([...range.high.subarray(near, near + 3)]).toEqual([0.5, 0.625, 0.75]);
    const far = cellOfPixel(range, 44, 10);
    expect(range.low[far]).toBeGreaterThan(range.high[far]);
  });
});
