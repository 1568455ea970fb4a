import { smoothStep } from '#common/math/smoothStep';
import { portableAngle, portableExp, squared } from '#common/math/portableMath';

/**
 * The mean head's hairline by azimuth (0 the forehead, pi the nape; radians about the vertical axis through the
 * head's centre, either side): height in metres over which hair grows.
 */
const LINE: readonly (readonly [number, number])[] = [
  [0, 0.0805], [0.25, 0.0815], [0.42, 0.08], [0.6, 0.069], [0.74, 0.052], [0.86, 0.034], [0.98, 0.026], [1.1, 0.005],
  [1.24, -0.008], [1.36, -0.01], [1.5, 0.018], [1.75, 0.02], [1.95, -0.012], [2.15, -0.045], [2.4, -0.063],
  [2.75, -0.069], [3.15, -0.071],
]; // prettier-ignore

/** Height of the hairline at a place of the mean head, metres. */
export function hairlineHeight(x: number, z: number): number {
  const azimuth = portableAngle(Math.abs(x), z - 0.005);
  for (let k = 1; k < LINE.length; k++) {
    const [a0, y0] = LINE[k - 1];
    const [a1, y1] = LINE[k];
    if (azimuth <= a1) return y0 + ((y1 - y0) * (azimuth - a0)) / (a1 - a0);
  }
  return LINE[LINE.length - 1][1];
}

/**
 * How much a place belongs to hair, [0, 1], for a hairline gone back by `receding` in [0, 1] (temples first, then the
 * crown), with a soft border. Ears are the caller's to leave out.
 */
export function hairCover(x: number, y: number, z: number, receding: number, softness = 0.004): number {
  const azimuth = portableAngle(Math.abs(x), z - 0.005);
  const front = 1 - smoothStep(0.9, 1.35, azimuth);
  const temples = portableExp(-squared((azimuth - 0.55) / 0.25));
  const back = receding * front * (0.012 + 0.02 * temples) * (1 + receding);
  const over = y - hairlineHeight(x, z) - back;
  const cover = smoothStep(-softness, softness, over);
  if (receding < 0.55) return cover;
  // Male pattern: what is left is a wreath below the crown.
  const crown = smoothStep(0.055, 0.085, y + 0.12 * Math.max(0, -z - 0.06));
  return cover * (1 - crown * smoothStep(0.55, 0.9, receding));
}

/** How much a place of the mean head grows beard, [0, 1]: upper lip, chin, jaw, lower cheeks, under the chin. */
export function beardCover(x: number, y: number, z: number): number {
  const ax = Math.abs(x);
  const azimuth = portableAngle(ax, z - 0.005);
  // Upper border: from the sideburn along the cheek to the corner of the mouth and over the lip.
  const cheek = azimuth > 1 ? -0.002 : azimuth > 0.42 ? -0.03 + (azimuth - 0.42) * 0.048 : -0.03;
  const lip = smoothStep(-0.0185, -0.0255, y) * (1 - smoothStep(0.016, 0.032, ax));
  const lower = smoothStep(cheek + 0.007, cheek - 0.012, y);
  const bottom = smoothStep(-0.125, -0.1, y);
  const sides = 1 - smoothStep(1.28, 1.42, azimuth);
  const under = z < 0.06 ? smoothStep(0.015, 0.035, z) : 1;
  // The bare triangle beside the lower lip, and the lips themselves.
  const bare = portableExp(-squared((ax - 0.014) / 0.007) - squared((y + 0.064) / 0.006));
  return Math.max(0, Math.max(lip, lower * sides * under) * bottom * (1 - 0.6 * bare));
}
