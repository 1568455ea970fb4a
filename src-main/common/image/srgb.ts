import { portablePower, squared } from '#common/math/portableMath';

/** sRGB byte -> linear [0, 1], IEC 61966-2-1. */
export const SRGB_TO_LINEAR: Float32Array = Float32Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : portablePower((value + 0.055) / 1.055, 2.4);
});

const TABLE_SIZE = 4096;
const LINEAR_TO_SRGB: Uint8Array = Uint8Array.from({ length: TABLE_SIZE + 1 }, (_, index) => {
  const value = index / TABLE_SIZE;
  const srgb = value <= 0.0031308 ? value * 12.92 : 1.055 * portablePower(value, 1 / 2.4) - 0.055;
  return Math.round(srgb * 255);
});

// The curve is steep near black: a table that is even in the square root resolves every byte there.
const SQRT_TABLE: Uint8Array = Uint8Array.from({ length: TABLE_SIZE + 1 }, (_, index) => {
  const value = squared(index / TABLE_SIZE);
  const srgb = value <= 0.0031308 ? value * 12.92 : 1.055 * portablePower(value, 1 / 2.4) - 0.055;
  return Math.round(srgb * 255);
});

/** Linear light -> sRGB byte; values outside [0, 1] are clamped. Exact to the byte. */
export function linearToSrgbByte(linear: number): number {
  if (!(linear > 0)) return 0;
  if (linear >= 1) return 255;
  return linear > 0.25
    ? LINEAR_TO_SRGB[Math.round(linear * TABLE_SIZE)]
    : SQRT_TABLE[Math.round(Math.sqrt(linear) * TABLE_SIZE)];
}
