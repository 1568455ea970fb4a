import type { FloatImage, RgbaImage } from '#common/image/rasterImage';
import { createFloatImage } from '#common/image/rasterImage';

/** Share of pixels that have to be see-through before alpha counts as a cut-out and not as a soft corner. */
const SMALLEST_CUT_OUT = 0.01;

/** The matte a picture brings along as alpha; undefined when it is (nearly) opaque everywhere. */
export function alphaMatte(image: RgbaImage): FloatImage | undefined {
  const matte = createFloatImage(image.width, image.height);
  let seeThrough = 0;
  for (let index = 0; index < matte.data.length; index++) {
    const alpha = image.data[index * 4 + 3];
    if (alpha < 128) seeThrough++;
    matte.data[index] = alpha / 255;
  }
  return seeThrough >= SMALLEST_CUT_OUT * matte.data.length ? matte : undefined;
}
