import { z } from 'zod';
import { decodeSrgb } from '#common/image/colorImage';

/** Three numbers; what they are is said where it is used. */
export const tripleSchema = z.tuple([z.number(), z.number(), z.number()]);

/** `#rrggbb`, sRGB. */
export const colorSchema = z.string().regex(/^#[0-9a-f]{6}$/, 'is no colour like #a1b2c3 (small letters)');

/** Linear RGB of a recipe's colour. */
export function linearColor(color: string): [number, number, number] {
  const channel = (from: number): number => decodeSrgb(parseInt(color.slice(from, from + 2), 16) / 255);
  return [channel(1), channel(3), channel(5)];
}

/**
 * Lengths in recipes are millimetres of canonical space (the mean head: x to the subject's left, y up, z out of the
 * face, origin at the head's centre), because that is how a face is measured by hand.
 */
export const MILLIMETRE = 0.001;
