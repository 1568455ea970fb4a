/** Four bytes a texel with halved copies, coarser and coarser; what the bytes mean is the user's. */
export interface ByteTexture {
  readonly levels: readonly ByteLevel[];
}

interface ByteLevel {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Halves down to 16 texels. Takes over `data` (width * height * 4); sides must be powers of two. */
export function createByteTexture(width: number, height: number, data: Uint8Array): ByteTexture {
  const levels: ByteLevel[] = [{ width, height, data }];
  let level = levels[0];
  while (Math.min(level.width, level.height) > 16) {
    level = halve(level);
    levels.push(level);
  }
  return { levels };
}

function halve({ width, height, data }: ByteLevel): ByteLevel {
  const half = { width: width >> 1, height: height >> 1 };
  const out = new Uint8Array(half.width * half.height * 4);
  for (let y = 0; y < half.height; y++)
    for (let x = 0; x < half.width; x++) {
      const from = (y * 2 * width + x * 2) * 4;
      const below = from + width * 4;
      const to = (y * half.width + x) * 4;
      for (let c = 0; c < 4; c++)
        out[to + c] = (data[from + c] + data[from + 4 + c] + data[below + c] + data[below + 4 + c] + 2) >> 2;
    }
  return { ...half, data: out };
}

/** The level whose texels are about as large as a sample; `texelSide` and `footprint` in the same unit. */
export function levelFor(texture: ByteTexture, texelSide: number, footprint: number): number {
  let level = 0;
  let side = texelSide * 1.4;
  while (side < footprint && level < texture.levels.length - 1) {
    side *= 2;
    level++;
  }
  return level;
}

/** Bilinear, clamped at the edges; four values in [0, 255]. */
export function sampleBytes(
  texture: ByteTexture,
  u: number,
  v: number,
  level: number,
  out: Float64Array,
): void {
  const { width, height, data } = texture.levels[level];
  const x = Math.min(width - 1.001, Math.max(0, u * width - 0.5));
  const y = Math.min(height - 1.001, Math.max(0, v * height - 0.5));
  const column = x | 0;
  const row = y | 0;
  const fx = x - column;
  const fy = y - row;
  const a = (row * width + column) * 4;
  const b = a + width * 4;
  const w00 = (1 - fx) * (1 - fy);
  const w10 = fx * (1 - fy);
  const w01 = (1 - fx) * fy;
  const w11 = fx * fy;
  out[0] = w00 * data[a] + w10 * data[a + 4] + w01 * data[b] + w11 * data[b + 4];
  out[1] = w00 * data[a + 1] + w10 * data[a + 5] + w01 * data[b + 1] + w11 * data[b + 5];
  out[2] = w00 * data[a + 2] + w10 * data[a + 6] + w01 * data[b + 2] + w11 * data[b + 6];
  out[3] = w00 * data[a + 3] + w10 * data[a + 7] + w01 * data[b + 3] + w11 * data[b + 7];
}

/** The nearest texel's channel, for numbers that must not be mixed. */
export function nearestByte(texture: ByteTexture, u: number, v: number, channel: number): number {
  const { width, height, data } = texture.levels[0];
  const x = Math.min(width - 1, Math.max(0, Math.floor(u * width)));
  const y = Math.min(height - 1, Math.max(0, Math.floor(v * height)));
  return data[(y * width + x) * 4 + channel];
}

/** Reflectance in [0, 1] as a byte whose square is linear: dark tones keep their steps. */
export function encodeReflectance(linear: number): number {
  return Math.round(255 * Math.sqrt(Math.min(1, Math.max(0, linear))));
}

/** Back to linear. */
export function decodeReflectance(byte: number): number {
  return (byte * byte) / 65025;
}
