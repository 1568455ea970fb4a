import { portableCosine, portableSine } from '#common/math/portableMath';
import { SKULL_CENTER, type SkullMap } from '#common/synthetic/domains/hair/skullMap';

/** Polar angle from the crown below which hair no longer follows the skull. */
export const HANG = 1.75;

/**
 * The polar angle of the skull's point at a height, in the direction of an azimuth; HANG where it is lower still.
 *
 * @param azimuth radians about the vertical from the front, + to the subject's left
 * @param y metres
 */
export function polarAtHeight(skull: SkullMap, azimuth: number, y: number): number {
  const sin = portableSine(azimuth);
  const cos = portableCosine(azimuth);
  let low = 0;
  let high = HANG;
  const height = (polar: number): number => {
    const ring = portableSine(polar);
    const up = portableCosine(polar);
    return SKULL_CENTER[1] + up * skull.reach(ring * sin, up, ring * cos);
  };
  if (height(HANG) >= y) return HANG;
  for (let step = 0; step < 18; step++) {
    const middle = (low + high) / 2;
    if (height(middle) > y) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
