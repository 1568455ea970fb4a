import { norm2 } from '#common/math/portableMath';

/** A picture of hairs drawn one over another: coverage and lightness, bytes. */
export interface StrokeImage {
  readonly width: number;
  readonly height: number;
  /** Four bytes a texel as a ByteTexture wants: coverage, lightness (128 = the hair's own), unused, unused. */
  readonly data: Uint8Array;
}

/** One hair, pixels: a quadratic curve from root over middle to tip, thick at the root. */
export interface Stroke {
  readonly root: readonly [number, number];
  readonly middle: readonly [number, number];
  readonly tip: readonly [number, number];
  readonly width: number;
  readonly coverage: number;
  readonly lightness: number;
}

export function createStrokeImage(width: number, height: number): StrokeImage {
  const data = new Uint8Array(width * height * 4);
  for (let k = 1; k < data.length; k += 4) data[k] = 128;
  return { width, height, data };
}

/** Draws one hair, thinning and fading to its tip. */
export function drawStroke(
  image: StrokeImage,
  { root, middle, tip, width, coverage, lightness }: Stroke,
): void {
  const length =
    norm2(middle[0] - root[0], middle[1] - root[1]) + norm2(tip[0] - middle[0], tip[1] - middle[1]);
  const steps = Math.max(2, Math.ceil(length * 1.2));
  for (let k = 0; k <= steps; k++) {
    const t = k / steps;
    const s = 1 - t;
    const x = s * s * root[0] + 2 * s * t * middle[0] + t * t * tip[0];
    const y = s * s * root[1] + 2 * s * t * middle[1] + t * t * tip[1];
    const fade = coverage * (1 - 0.6 * t * t);
    stamp(image, [x, y], width * (1 - 0.75 * t * t), fade, lightness);
  }
}

function stamp(
  image: StrokeImage,
  [x, y]: readonly [number, number],
  radius: number,
  coverage: number,
  lightness: number,
): void {
  const { data, width } = image;
  const reach = radius + 0.5;
  const firstRow = Math.max(0, Math.ceil(y - reach - 0.5));
  const lastRow = Math.min(image.height - 1, Math.floor(y + reach - 0.5));
  const firstColumn = Math.max(0, Math.ceil(x - reach - 0.5));
  const lastColumn = Math.min(width - 1, Math.floor(x + reach - 0.5));
  for (let row = firstRow; row <= lastRow; row++)
    for (let column = firstColumn; column <= lastColumn; column++) {
      const dx = column + 0.5 - x;
      const dy = row + 0.5 - y;
      const square = dx * dx + dy * dy;
      if (square >= reach * reach) continue;
      const share = coverage * Math.min(1, reach - Math.sqrt(square));
      if (share <= 0) continue;
      const at = (row * width + column) * 4;
      const before = data[at];
      // Stamps of one hair overlap: the larger wins within a hair's width, different hairs add up slowly.
      data[at] = Math.min(255, Math.max(before, 255 * share) + 6 * share);
      data[at + 1] += (lightness - data[at + 1]) * share;
    }
}
