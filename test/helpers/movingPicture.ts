import { createRgbaImage, type RgbaImage } from '#common/image/rasterImage';
import { createSeededRandom } from '#common/math/seededRandom';

/**
 * Pictures with the statistics of a talking head, for encoders: a still background and an oval that sways in
 * front of it, both with detail at every scale (amplitude falling with frequency as in photographs). With `alpha`
 * only the oval is opaque, with a soft edge three pixels wide. Deterministic; frame i of one size is always the same.
 */
export class MovingPicture {
  readonly #size: number;
  readonly #alpha: boolean;
  readonly #background: Uint8Array;
  readonly #head: Uint8Array;
  readonly #textureSize: number;

  constructor(size: number, alpha: boolean) {
    this.#size = size;
    this.#alpha = alpha;
    this.#textureSize = size + 64;
    this.#background = naturalTexture(this.#textureSize, 1, [90, 110, 130]);
    this.#head = naturalTexture(this.#textureSize, 2, [190, 140, 115]);
  }

  frame(index: number, out: RgbaImage = createRgbaImage(this.#size, this.#size)): RgbaImage {
    const size = this.#size;
    const shiftX = Math.round(size * 0.03 * Math.sin(index / 12));
    const shiftY = Math.round(size * 0.02 * Math.sin(index / 17));
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const dx = (x - shiftX - size / 2) / (size * 0.28);
        const dy = (y - shiftY - size / 2) / (size * 0.42);
        const edge = (1 - Math.hypot(dx, dy)) * size * 0.1;
        const cover = Math.min(1, Math.max(0, edge));
        const h = ((y - shiftY + 32) * this.#textureSize + x - shiftX + 32) * 3;
        const b = (y * this.#textureSize + x) * 3;
        const p = (y * size + x) * 4;
        const mix = this.#alpha ? Math.ceil(cover) : cover;
        for (let c = 0; c < 3; c++) {
          const behind = this.#alpha ? 0 : this.#background[b + c];
          out.data[p + c] = behind + mix * (this.#head[h + c] - behind) + 0.5;
        }
        out.data[p + 3] = this.#alpha ? Math.round(cover * 255) : 255;
      }
    }
    return out;
  }
}

/** Sum of smooth value noises whose amplitude falls by a third as their frequency doubles. */
function naturalTexture(size: number, seed: number, base: readonly number[]): Uint8Array {
  const random = createSeededRandom(seed);
  const sums = new Float32Array(size * size * 3);
  for (let cell = 64, amplitude = 40; cell >= 2; cell /= 2, amplitude *= 0.68) {
    const cells = Math.ceil(size / cell) + 2;
    const lattice = Float32Array.from({ length: cells * cells * 3 }, () => random.between(-1, 1));
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const column = Math.floor(x / cell);
        const row = Math.floor(y / cell);
        const s = smooth(x / cell - column);
        const t = smooth(y / cell - row);
        for (let c = 0; c < 3; c++) {
          const at = (i: number, j: number): number => lattice[((row + j) * cells + column + i) * 3 + c];
          const value =
            (at(0, 0) * (1 - s) + at(1, 0) * s) * (1 - t) + (at(0, 1) * (1 - s) + at(1, 1) * s) * t;
          sums[(y * size + x) * 3 + c] += value * amplitude * (c === 1 ? 1 : 0.85);
        }
      }
    }
  }
  return Uint8Array.from(sums, (value, index) => Math.min(255, Math.max(0, base[index % 3] + value)));
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}
