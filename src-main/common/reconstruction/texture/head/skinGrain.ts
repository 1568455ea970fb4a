import { gaussianBlur } from '#common/image/boxBlur';
import type { ColorImage } from '#common/image/colorImage';
import { hashGaussian } from '#common/image/hashNoise';

/** Noise that looks like the detail of the seen skin. */
export interface SkinGrain {
  /** Deviation of the seen skin's luminance detail, encoded units. */
  readonly amplitude: number;
  /** GRAIN_TILE squared values of deviation 1, repeating. */
  readonly tile: Float32Array;
}

export const GRAIN_TILE = 256;

/** Mean absolute deviations of a normal variable are this share of its standard deviation. */
const MEAN_ABSOLUTE = 0.798;

/**
 * Measures the fine detail of well seen texels (luminance against its mean over a 9 x 9 neighbourhood along
 * rows and columns) and prepares noise of the same coarseness.
 * @param texelsPerPixel how many texels one source pixel spans; detail cannot be finer.
 */
export function measureGrain(color: ColorImage, weight: Float32Array, texelsPerPixel: number): SkinGrain {
  const reach = Math.max(2, Math.round(1.5 * texelsPerPixel));
  const { width, height, data } = color;
  const details: number[] = [];
  const luminance = (texel: number) =>
    0.3 * data[texel * 3] + 0.6 * data[texel * 3 + 1] + 0.1 * data[texel * 3 + 2];
  for (let y = reach; y < height - reach; y += 9) {
    for (let x = reach; x < width - reach; x += 7) {
      const texel = y * width + x;
      const around = [texel - reach, texel + reach, texel - reach * width, texel + reach * width];
      if (weight[texel] < 0.9 || around.some((other) => weight[other] < 0.9)) continue;
      details.push(Math.abs(luminance(texel) - around.reduce((sum, other) => sum + luminance(other), 0) / 4));
    }
  }
  details.sort((a, b) => a - b);
  // The smoothest part of the face: brows, nostrils and beards are no grain.
  const calm = details.slice(0, Math.floor(details.length * 0.4));
  // The calmest 40 % of a half-normal variable have 0.31 of its mean absolute value, pores and all twice that.
  const mean = calm.reduce((sum, value) => sum + value, 0) / Math.max(1, calm.length);
  return {
    amplitude: details.length < 50 ? 0 : Math.min(0.02, (1.6 * mean) / MEAN_ABSOLUTE),
    tile: grainTile(0.45 * texelsPerPixel),
  };
}

function grainTile(sigma: number): Float32Array {
  const pad = 32;
  const side = GRAIN_TILE + 2 * pad;
  const padded = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++)
      padded[y * side + x] = hashGaussian(x & (GRAIN_TILE - 1), y & (GRAIN_TILE - 1), 3);
  }
  // Lattice points repeat with the tile, so that the blurred tile repeats without a seam.
  if (sigma > 0.4) gaussianBlur(padded, { width: side, height: side, channels: 1 }, sigma);
  const tile = new Float32Array(GRAIN_TILE * GRAIN_TILE);
  let squares = 0;
  for (let y = 0; y < GRAIN_TILE; y++) {
    for (let x = 0; x < GRAIN_TILE; x++) {
      const value = padded[(y + pad) * side + x + pad];
      tile[y * GRAIN_TILE + x] = value;
      squares += value * value;
    }
  }
  const scale = 1 / Math.sqrt(squares / tile.length + 1e-12);
  for (let i = 0; i < tile.length; i++) tile[i] *= scale;
  return tile;
}
