import { createByteTexture } from '#common/synthetic/heads/texture/byteTexture';
import type { ByteTexture } from '#common/synthetic/heads/texture/byteTexture';
import type { LibraryHair } from '#common/synthetic/library/syntheticLibrary';

const cache = new WeakMap<LibraryHair, ByteTexture>();

/** A library's picture of hair as a sheet of strands: its colour is left out, its light and dark stay. 15 ms, once. */
export function modelledSheet(hair: LibraryHair): ByteTexture {
  let sheet = cache.get(hair);
  if (sheet === undefined) {
    sheet = drawSheet(hair.texture);
    cache.set(hair, sheet);
  }
  return sheet;
}

function drawSheet({ width, height, data }: LibraryHair['texture']): ByteTexture {
  const light = new Float32Array(width * height);
  let [sum, weight] = [0, 1e-6];
  for (let k = 0; k < light.length; k++) {
    light[k] = (0.3 * data[k * 4] + 0.59 * data[k * 4 + 1] + 0.11 * data[k * 4 + 2]) / 255;
    sum += light[k] * data[k * 4 + 3];
    weight += data[k * 4 + 3];
  }
  const mean = Math.max(0.02, sum / weight);
  const out = new Uint8Array(width * height * 4);
  for (let k = 0; k < light.length; k++) {
    const relative = Math.min(2, Math.max(0.2, light[k] / mean));
    out.set([data[k * 4 + 3], 128 * (1 + (relative - 1) * 0.75), 128, 128], k * 4);
  }
  return createByteTexture(width, height, out);
}
