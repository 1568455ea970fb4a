import { linearToSrgbByte, SRGB_TO_LINEAR } from '#common/image/srgb';
import { portablePower } from '#common/math/portableMath';

/**
 * Linear light in 16 bits, the working format of textures and pictures in the rasteriser: half the memory of
 * floats, and fine enough that every sRGB byte survives the way there and back (the darkest step is 20 units).
 */
export const LINEAR16_ONE = 65535;

/** sRGB byte -> linear 16-bit value. */
export const SRGB_TO_LINEAR16: Uint16Array = Uint16Array.from(SRGB_TO_LINEAR, (value) =>
  Math.round(value * LINEAR16_ONE),
);

/** Linear 16-bit value -> sRGB byte. */
export const LINEAR16_TO_SRGB: Uint8Array = Uint8Array.from({ length: LINEAR16_ONE + 1 }, (_, value) =>
  linearToSrgbByte(value / LINEAR16_ONE),
);

/** Display value in [0, 1] (sRGB-encoded) -> linear 16-bit scale, not rounded; for pictures of data. */
export function displayToLinear16(value: number): number {
  const clamped = Math.min(1, Math.max(0, value));
  const linear = clamped <= 0.04045 ? clamped / 12.92 : portablePower((clamped + 0.055) / 1.055, 2.4);
  return linear * LINEAR16_ONE;
}
