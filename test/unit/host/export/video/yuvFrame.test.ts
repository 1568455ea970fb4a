import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TransparentFill } from '#host/export/video/fillTransparent';
import { alphaToYuv, createYuvFrame, rgbaToYuv } from '#host/export/video/yuvFrame';

/** The decoder's side, BT.709 limited range, in floating point (ITU-R BT.709-6 item 3.3 and 3.5). */
function toRgb(y: number, cb: number, cr: number): number[] {
  const luma = (y - 16) / 219;
  const blue = (cb - 128) / 224;
  const red = (cr - 128) / 224;
  const r = luma + 1.5748 * red;
  const b = luma + 1.8556 * blue;
  const g = (luma - 0.2126 * r - 0.0722 * b) / 0.7152;
  return [r, g, b].map((value) => value * 255);
}

describe('rgbaToYuv', () => {
  it('keeps flat colours within three bytes and greys neutral', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(byte, byte, byte, (r, g, b) => {
        const frame = createYuvFrame(2, 2);
        rgbaToYuv(Uint8Array.from([0, 1, 2, 3].flatMap(() => [r, g, b, 255])), frame);
        const [y, , , , cb, cr] = frame.data;
        const back = toRgb(y, cb, cr);
        [r, g, b].forEach((value, index) => expect(Math.abs(back[index] - value)).toBeLessThanOrEqual(3));
        if (r === g && g === b) expect([cb, cr]).toEqual([128, 128]);
      }),
    );
  });

  it('takes black to 16 and white to 235', () => {
    const frame = createYuvFrame(2, 2);
    rgbaToYuv(Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 0, 0, 0, 0, 9, 255, 255, 255, 9), frame);
    expect([...frame.data]).toEqual([16, 235, 16, 235, 128, 128]);
  });
});

describe('alphaToYuv', () => {
  it('keeps every byte of alpha', () => {
    const rgba = new Uint8Array(16 * 16 * 4).map((_, index) => (index % 4 === 3 ? index >> 2 : 77));
    const frame = createYuvFrame(16, 16);
    alphaToYuv(rgba, frame);
    expect([...frame.data.subarray(0, 256)]).toEqual([...Array(256).keys()]);
    expect(frame.data.subarray(256).every((value) => value === 128)).toBe(true);
  });
});

describe('TransparentFill', () => {
  it('gives hidden pixels the colour of the nearest visible ones and leaves visible ones alone', () => {
    const size = 40;
    const rgba = new Uint8Array(size * size * 4);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        if (x < 10) rgba.set([200, 20, 30, 255], (y * size + x) * 4);
        else if (x >= 35) rgba.set([10, 220, 30, 1], (y * size + x) * 4);
      }
    }
    new TransparentFill(size, size).apply(rgba);
    const at = (x: number, y: number) => [...rgba.subarray((y * size + x) * 4, (y * size + x) * 4 + 4)];
    expect(at(9, 20)).toEqual([200, 20, 30, 255]);
    expect(at(35, 20)).toEqual([10, 220, 30, 1]);
    expect(at(12, 20)).toEqual([200, 20, 30, 0]);
    expect(at(34, 20)).toEqual([10, 220, 30, 0]);
    expect(at(20, 39)[3]).toBe(0);
    expect(
      at(20, 39)
        .slice(0, 3)
        .some((value) => value > 0),
    ).toBe(true);
  });

  it('copes with a picture without anything to see', () => {
    const rgba = new Uint8Array(20 * 18 * 4).fill(0);
    new TransparentFill(20, 18).apply(rgba);
    expect(rgba.every((value) => value === 0)).toBe(true);
  });
});
