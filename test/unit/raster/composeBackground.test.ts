import { describe, expect, it } from 'vitest';
import { createRgbaImage } from '#common/image/rasterImage';
import { linearToSrgbByte, SRGB_TO_LINEAR } from '#common/image/srgb';
import { composeBackground, prepareBackground } from '#common/raster/composeBackground';

function picture(width: number, height: number, pixels: readonly (readonly number[])[]) {
  const image = createRgbaImage(width, height);
  image.data.set(pixels.flat());
  return image;
}

const frame = () => picture(3, 1, [[255, 0, 0, 255], [200, 100, 50, 128], [0, 0, 0, 0]]); // prettier-ignore

describe('composeBackground', () => {
  it('mixes in linear light and leaves no transparency', () => {
    const image = frame();
    composeBackground(image, prepareBackground({ kind: 'color', rgb: [0, 0, 255] }, 3, 1));
    const share = 128 / 255;
    const expected = [200, 100, 50].map((front, channel) =>
      linearToSrgbByte(SRGB_TO_LINEAR[front] * share + (channel === 2 ? 1 - share : 0)),
    );
    expect([...image.data]).toEqual([255, 0, 0, 255, ...expected, 255, 0, 0, 255, 255]);
  });

  it('keeps a frame over a transparent background as it is', () => {
    const image = frame();
    composeBackground(image, prepareBackground({ kind: 'transparent' }, 3, 1));
    expect(image).toEqual(frame());
  });

  it('covers the frame with the middle of a wider picture', () => {
    const red = [255, 0, 0, 255];
    const green = [0, 255, 0, 255];
    const wide = picture(4, 2, [red, green, green, red, red, green, green, red]);
    const fitted = prepareBackground({ kind: 'image', image: wide }, 2, 2)!;
    expect([...fitted.data]).toEqual([...green, ...green, ...green, ...green]);
  });

  it('shrinks a picture in linear light', () => {
    const black = [0, 0, 0, 255];
    const white = [255, 255, 255, 255];
    const image = picture(2, 2, [black, white, white, black]);
    expect(prepareBackground({ kind: 'image', image }, 1, 1)!.data[0]).toBe(linearToSrgbByte(0.5));
  });
});
