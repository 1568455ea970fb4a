import type { HeadModel } from '#common/head/headModel';
import { smoothStep } from '#common/math/smoothStep';
import { beardCover } from '#common/synthetic/heads/hair/hairline';
import type { BeardStyle } from '#common/synthetic/heads/identityRecipe';
import { norm2 } from '#common/math/portableMath';

/** How much a place of the mean head is over the upper lip, [0, 1]. */
export function isLip(x: number, y: number): number {
  return smoothStep(-0.037, -0.034, y) * (1 - smoothStep(0.026, 0.034, Math.abs(x)));
}

function isChin(x: number, y: number): number {
  const ax = Math.abs(x);
  const chin = smoothStep(-0.056, -0.062, y) * (1 - smoothStep(0.019, 0.027, ax));
  const corners =
    smoothStep(-0.034, -0.038, y) * smoothStep(0.02, 0.026, ax) * (1 - smoothStep(0.032, 0.038, ax)) * smoothStep(-0.08, -0.06, y);
  return chin + corners;
} // prettier-ignore

/** Share of a style's beard at a place of the mean head, [0, 1]; none on the lips. */
export function beardZone(style: Exclude<BeardStyle, 'none'>, x: number, y: number, z: number): number {
  const fromMouth = norm2(x / 0.0275, (y + 0.0462) / 0.0135);
  const all = beardCover(x, y, z) * smoothStep(0.88, 1.2, fromMouth) * (1 - smoothStep(0.005, 0.03, y));
  switch (style) {
    case 'moustache':
      return all * isLip(x, y);
    case 'goatee':
      return all * Math.min(1, Math.max(isLip(x, y), isChin(x, y)));
    case 'stubble':
    case 'short':
    case 'full':
      return all;
  }
}

/** `beardZone` by vertex of the model, ears left out. */
export function beardZoneOf(
  style: Exclude<BeardStyle, 'none'>,
  { template, regions }: HeadModel,
): (vertex: number) => number {
  return (vertex) =>
    beardZone(style, template[vertex * 3], template[vertex * 3 + 1], template[vertex * 3 + 2]) *
    (1 - regions.ears[vertex]);
}
