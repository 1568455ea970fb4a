import { LINEAR16_TO_SRGB } from '#common/image/linear16';
import type { RgbaImage } from '#common/image/rasterImage';
import type { FragmentShader } from '#common/raster/shading/fragmentShader';
import type { SampleBuffer } from '#common/raster/coverage/sampleBuffer';
import { SUBPIXELS } from '#common/raster/coverage/screenVertices';

const colour = new Float64Array(3);
/** The pixel `resolveMixed` works on: centre in 1/256 pixel and its first sample. */
const pixel = { x: 0, y: 0, base: 0 };

/**
 * Turns what the samples see into a picture: each primitive of a pixel is shaded once, at the middle of the
 * samples it covers (so never outside itself), the colours are averaged in linear light, and the share of
 * covered samples becomes alpha. Straight alpha, sRGB; empty pixels are 0, 0, 0, 0.
 */
export function resolveFrame(buffer: SampleBuffer, shader: FragmentShader, image: RgbaImage): void {
  const { width, height, samples, ids } = buffer;
  const { data } = image;
  data.fill(0);
  let at = 0;
  let base = 0;
  for (let y = 0; y < height; y++) {
    const pointY = y * SUBPIXELS + SUBPIXELS / 2;
    for (let x = 0; x < width; x++, at += 4, base += samples) {
      const first = ids[base];
      let last = base + samples - 1;
      while (last > base && ids[last] === first) last--;
      if (last > base) {
        pixel.x = x * SUBPIXELS + SUBPIXELS / 2;
        pixel.y = pointY;
        pixel.base = base;
        resolveMixed(buffer, shader, data, at);
      } else if (first >= 0) {
        shader.shade(first, x * SUBPIXELS + SUBPIXELS / 2, pointY, colour);
        data[at] = LINEAR16_TO_SRGB[(colour[0] + 0.5) | 0];
        data[at + 1] = LINEAR16_TO_SRGB[(colour[1] + 0.5) | 0];
        data[at + 2] = LINEAR16_TO_SRGB[(colour[2] + 0.5) | 0];
        data[at + 3] = 255;
      }
    }
  }
}

/** A pixel whose samples see different primitives. */
function resolveMixed(buffer: SampleBuffer, shader: FragmentShader, data: Uint8Array, at: number): void {
  const { samples, ids, offsetsX, offsetsY } = buffer;
  const { base } = pixel;
  let red = 0;
  let green = 0;
  let blue = 0;
  let covered = 0;
  let done = 0; // bit per sample
  for (let sample = 0; sample < samples; sample++) {
    const id = ids[base + sample];
    if (id < 0 || (done >> sample) & 1) continue;
    let count = 0;
    let offsetX = 0;
    let offsetY = 0;
    for (let other = sample; other < samples; other++) {
      if (ids[base + other] !== id) continue;
      done |= 1 << other;
      count++;
      offsetX += offsetsX[other];
      offsetY += offsetsY[other];
    }
    shader.shade(id, pixel.x + offsetX / count, pixel.y + offsetY / count, colour);
    red += count * colour[0];
    green += count * colour[1];
    blue += count * colour[2];
    covered += count;
  }
  data[at] = LINEAR16_TO_SRGB[(red / covered + 0.5) | 0];
  data[at + 1] = LINEAR16_TO_SRGB[(green / covered + 0.5) | 0];
  data[at + 2] = LINEAR16_TO_SRGB[(blue / covered + 0.5) | 0];
  data[at + 3] = Math.round((covered * 255) / samples);
}
