import { linearToSrgbByte } from '#common/image/srgb';
import { squared } from '#common/math/portableMath';

/** Up to here the curve is straight. */
const SHOULDER = 0.5;
/** How strongly the darkest tones are pulled down: film's toe. */
const TOE = 0.008;

/**
 * Scene radiance -> display, linear: a short toe, a straight middle and a long shoulder, so that white skin in full light
 * keeps its shape and highlights never clip hard. 1 becomes 0.75. Each channel alone, which takes colour out of
 * highlights as film does.
 */
export function toneCurve(radiance: number): number {
  if (!(radiance > 0)) return 0;
  const x = (radiance * radiance) / (radiance + TOE);
  if (x <= SHOULDER) return x;
  const over = (x - SHOULDER) / (1 - SHOULDER);
  return SHOULDER + (1 - SHOULDER) * (over / (1 + over));
}

/** Brightest display value that a finite radiance reaches with sense. */
const BRIGHTEST_SHOWN = 0.975;

/**
 * The radiance that `toneCurve` shows as `wanted`: drawn looks want paper white and ink as they are, not as film takes
 * them. Values above 0.975 are held there.
 */
export function radianceShownAs(wanted: number): number {
  if (!(wanted > 0)) return 0;
  const shown = wanted < BRIGHTEST_SHOWN ? wanted : BRIGHTEST_SHOWN;
  const over = (shown - SHOULDER) / (1 - SHOULDER);
  const x = shown <= SHOULDER ? shown : SHOULDER + (1 - SHOULDER) * (over / (1 - over));
  return (x + Math.sqrt(x * x + 4 * x * TOE)) / 2;
}

const STEPS = 4096;
/** Radiance at the table's end; more is shown the same. */
const BRIGHTEST = 16;
const SCALE = STEPS / Math.sqrt(BRIGHTEST);

// Even in the square root: as fine in the shadows as in the light.
const TABLE = Uint8Array.from({ length: STEPS + 1 }, (_, index) =>
  linearToSrgbByte(toneCurve(squared(index / SCALE))),
);

/** Scene radiance -> sRGB byte through the tone curve. */
export function displayByte(radiance: number): number {
  if (!(radiance > 0)) return 0;
  return TABLE[radiance >= BRIGHTEST ? STEPS : (Math.sqrt(radiance) * SCALE + 0.5) | 0];
}
