import { describe, expect, it } from 'vitest';
import { readGolden } from '../../../../helpers/golden';
import type { RgbaImage } from '#common/image/rasterImage';
import { createRgbaImage } from '#common/image/rasterImage';
import {
  CLIP_PICTURE,
  DINO_PICTURE,
  plainPicture,
  preparePicture,
} from '#engine/networks/encoders/preparePicture';

function filled(width: number, height: number, rgba: readonly number[]): RgbaImage {
  const image = createRgbaImage(width, height);
  for (let k = 0; k < image.data.length; k++) image.data[k] = rgba[k % 4];
  return image;
}

/** -1 to 1 back to 0 to 255. */
const bytes = (values: Float32Array): readonly number[] =>
  Array.from(values, (value) => Math.round((value + 1) * 127.5));

describe('preparing a picture for an encoder', () => {
  it.each([['down', 7], ['up', 29]] as const)('resizes %s as antialiased bicubic filtering in PyTorch does', (name, size) => {
    const { inputs, outputs } = readGolden('encoders_resize');
    const pixels = inputs.get('pixels')?.values ?? new Float32Array();
    const expected = outputs.get(name)?.values ?? new Float32Array();
    const image = createRgbaImage(18, 18);
    for (let k = 0; k < 18 * 18; k++) {
      image.data.set([pixels[k], pixels[324 + k], pixels[648 + k], 255], k * 4);
    }
    const measured = bytes(preparePicture(image, plainPicture(size)));
    expect(measured).toHaveLength(expected.length);
    measured.forEach((value, k) => {
      // Pillow's two roundings against none.
      expect(Math.abs(value - expected[k])).toBeLessThan(1.2);
    });
  }); // prettier-ignore

  it('puts what is transparent on grey', () => {
    const half = preparePicture(filled(4, 4, [255, 0, 0, 128]), plainPicture(4));
    expect([bytes(half)[0], bytes(half)[16]]).toEqual([191, 63]);
    expect(new Set(bytes(preparePicture(filled(4, 4, [9, 9, 9, 0]), plainPicture(4))))).toEqual(
      new Set([127]),
    );
  });

  it.each([
    [CLIP_PICTURE, [(1 - 0.48145466) / 0.26862954, -0.4578275 / 0.26130258, (0.2 - 0.40821073) / 0.27577711]],
    [DINO_PICTURE, [(1 - 0.485) / 0.229, -0.456 / 0.224, (0.2 - 0.406) / 0.225]],
  ])('normalises by the numbers of its encoder, channels apart (%#)', (preparation, expected) => {
    const values = preparePicture(filled(30, 30, [255, 0, 51, 255]), preparation);
    expect(values).toHaveLength(3 * 224 * 224);
    expected.forEach((value, channel) => {
      expect(values[channel * 224 * 224 + 777]).toBeCloseTo(value, 5);
    });
  });

  it('cuts the middle out of a picture that is not square', () => {
    const image = filled(12, 4, [0, 0, 0, 255]);
    for (let y = 0; y < 4; y++) for (let x = 4; x < 8; x++) image.data[(y * 12 + x) * 4] = 255;
    expect(new Set(bytes(preparePicture(image, plainPicture(4))).slice(0, 16))).toEqual(new Set([255]));
  });

  it('resizes to a longer edge first where the encoder wants a part', () => {
    const image = filled(8, 8, [0, 0, 0, 255]);
    for (let y = 2; y < 6; y++) for (let x = 2; x < 6; x++) image.data[(y * 8 + x) * 4] = 255;
    const middle = preparePicture(image, { ...plainPicture(4), edge: 8 });
    expect(new Set(bytes(middle).slice(0, 16))).toEqual(new Set([255]));
  });
});
