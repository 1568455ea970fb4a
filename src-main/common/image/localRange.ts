import type { ColorImage } from '#common/image/colorImage';

/** Side of the cells a local range is kept for, pixels. */
const CELL = 4;

/** The range of some pixels' colours around each place, per channel. */
export interface LocalRange {
  /** Cells along a row. */
  readonly columns: number;
  /** Three floats per cell; low > high where no pixel was near. */
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/**
 * Smallest and largest value per channel of the pixels set in `mask` within about `reach` pixels (a square of whole cells).
 */
export function localRange(image: ColorImage, mask: Uint8Array, reach: number): LocalRange {
  const { width, height, data } = image;
  const columns = Math.ceil(width / CELL);
  const rows = Math.ceil(height / CELL);
  const low = new Float32Array(columns * rows * 3).fill(Infinity);
  const high = new Float32Array(columns * rows * 3).fill(-Infinity);
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      if (mask[pixel] === 0) continue;
      const cell = (Math.floor(y / CELL) * columns + Math.floor(x / CELL)) * 3;
      for (let c = 0; c < 3; c++) {
        const value = data[pixel * 3 + c];
        if (value < low[cell + c]) low[cell + c] = value;
        if (value > high[cell + c]) high[cell + c] = value;
      }
    }
  }
  const cells = Math.max(1, Math.round(reach / CELL));
  for (const [values, sign] of [[low, -1] as const, [high, 1] as const]) {
    spreadLargest(values, { count: columns, stride: 3, lines: rows, lineStride: columns * 3 }, cells, sign);
    spreadLargest(values, { count: rows, stride: columns * 3, lines: columns, lineStride: 3 }, cells, sign);
  }
  return { columns, low, high };
}

interface Lines {
  readonly count: number;
  readonly stride: number;
  readonly lines: number;
  readonly lineStride: number;
}

/** Each value becomes the largest (times `sign`) of those up to `reach` before and after it in its line. */
function spreadLargest(values: Float32Array, shape: Lines, reach: number, sign: number): void {
  const line = new Float32Array(shape.count);
  for (let start = 0; start < shape.lines; start++) {
    for (let c = 0; c < 3; c++) {
      const origin = start * shape.lineStride + c;
      for (let i = 0; i < shape.count; i++) line[i] = sign * values[origin + i * shape.stride];
      for (let i = 0; i < shape.count; i++) {
        let best = -Infinity;
        const last = Math.min(shape.count - 1, i + reach);
        for (let j = Math.max(0, i - reach); j <= last; j++) if (line[j] > best) best = line[j];
        values[origin + i * shape.stride] = sign * best;
      }
    }
  }
}

/** First index of the pixel's cell in `low` and `high`. */
export function cellOfPixel(range: LocalRange, x: number, y: number): number {
  return (Math.floor(y / CELL) * range.columns + Math.floor(x / CELL)) * 3;
}
