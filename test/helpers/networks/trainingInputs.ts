import { createSeededRandom } from '#common/math/seededRandom';

/** A driving mesh that fills an ellipse with its own coordinates, and an open mouth in it. */
export function aDrivenFace(
  batch: number,
  size: number,
): { readonly mesh: Float32Array; readonly mouth: Float32Array } {
  const mesh = new Float32Array(batch * size * size * 3);
  const mouth = new Float32Array(batch * size * size);
  for (let at = 0; at < batch * size * size; at++) {
    const pixel = at % (size * size);
    const x = (2 * (pixel % size) + 1) / size - 1;
    const y = (2 * Math.floor(pixel / size) + 1) / size - 1;
    const isMouth = (x / 0.3) ** 2 + ((y + 0.4) / 0.1) ** 2 < 1;
    mouth[at] = Number(isMouth);
    if (!isMouth && x * x + y * y < 0.7) mesh.set([x, y, 1], at * 3);
  }
  return { mesh, mouth };
}

/** Smooth pictures of two tones, [batch, 3, size, size], -1 to 1. */
export function somePictures(batch: number, size: number, seed = 1): Float32Array {
  const random = createSeededRandom(seed);
  const pictures = new Float32Array(batch * 3 * size * size);
  for (let plane = 0; plane < batch * 3; plane++) {
    const [tone, tilt, centre] = [
      random.between(-0.5, 0.5),
      random.between(-0.5, 0.5),
      random.between(0.3, 0.7),
    ];
    for (let pixel = 0; pixel < size * size; pixel++) {
      const [x, y] = [(pixel % size) / size, Math.floor(pixel / size) / size];
      pictures[plane * size * size + pixel] = Math.tanh(tone + tilt * y + 3 * Math.exp(-20 * ((x - centre) ** 2 + (y - 0.5) ** 2)) - 0.5); // prettier-ignore
    }
  }
  return pictures;
}
