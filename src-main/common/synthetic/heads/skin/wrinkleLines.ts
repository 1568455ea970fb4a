import { smoothStep } from '#common/math/smoothStep';
import { norm2, portableAngle, portableExp, portableSine, squared } from '#common/math/portableMath';

/** Where skin folds; each has its own strength by age and expression. Index 0 is no zone. */
export const WRINKLE_ZONES = [
  'none', 'forehead', 'glabella', 'crowsFeetLeft', 'crowsFeetRight', 'nasolabialLeft', 'nasolabialRight', 'underEye',
  'bunny', 'chin', 'marionette', 'neck', 'lips',
] as const; // prettier-ignore
export type WrinkleZone = (typeof WRINKLE_ZONES)[number];

/** What one place of the mean head has of wrinkles. */
export interface WrinklePoint {
  zone: number;
  /** Metres, of a fully folded wrinkle; creases are negative. */
  height: number;
  /** Depth of the crease in [0, 1], for its colour. */
  crease: number;
}

type Xy = readonly [number, number];

/** Folds of the cheek from beside the nose past the mouth, and from its corner down; x outward, y up, millimetres. */
const NASOLABIAL: readonly Xy[] = [[17, -9], [21, -17], [27, -27], [32.5, -38], [35, -47]]; // prettier-ignore
const MARIONETTE: readonly Xy[] = [[30, -50], [31.5, -58], [31, -68], [28, -77]]; // prettier-ignore

/** Height and zone of the strongest wrinkle at a place of the mean head (metres). */
export function wrinkleAt(x: number, y: number, z: number, out: WrinklePoint): void {
  const mx = Math.abs(x) * 1000;
  const my = y * 1000;
  const mz = z * 1000;
  out.zone = 0;
  out.height = 0;
  out.crease = 0;
  if (mz < 20) {
    neck(mx, my, mz, out);
    return;
  }
  const isLeft = x > 0;
  forehead(x * 1000, my, mz, out);
  glabella(x * 1000, mx, my, out);
  crowsFeet(mx, my, mz, isLeft ? 3 : 4, out);
  fold(
    NASOLABIAL,
    [mx, my, mz],
    { zone: isLeft ? 5 : 6, width: 1.7, bulge: 4.5, depth: 0.0011, hollow: 0.0018 },
    out,
  );
  fold(MARIONETTE, [mx, my, mz], { zone: 10, width: 1.5, bulge: 3, depth: 0.0007, hollow: 0.0004 }, out);
  underEye(mx, my, mz, out);
  bunny(mx, my, mz, out);
  chin(x * 1000, my, mz, out);
  lipLines(x * 1000, my, mz, out);
  neck(mx, my, mz, out);
}

/** Keeps the wrinkle if it is deeper than what is there. */
function offer(out: WrinklePoint, zone: number, height: number, crease: number): void {
  if (Math.abs(height) <= Math.abs(out.height)) return;
  out.zone = zone;
  out.height = height;
  out.crease = crease;
}

/** A furrow's profile at a distance (mm) with its width: sharp valley, soft shoulders. */
function furrow(distance: number, width: number): number {
  return (
    portableExp(-squared(distance / width)) -
    0.35 * portableExp(-squared((Math.abs(distance) - 2 * width) / (1.3 * width)))
  );
}

function forehead(x: number, y: number, z: number, out: WrinklePoint): void {
  if (y < 44 || y > 80 || z < 55) return;
  const wobble = 1.6 * portableSine(x * 0.11 + 0.7) + 0.9 * portableSine(x * 0.27 + y * 0.1) - 0.0016 * x * x;
  const at = (y - 52 - wobble) / 6.2;
  const line = Math.round(at);
  const fade =
    1 - smoothStep(24 + 5 * portableSine(line * 2.3), 44, Math.abs(x + 4 * portableSine(line * 1.7)));
  const border = smoothStep(44, 50, y) * (1 - smoothStep(72, 79, y));
  const profile = furrow((at - line) * 6.2, 1.15) * fade * border;
  offer(out, 1, -0.00055 * profile, Math.max(0, profile));
}

function glabella(x: number, mx: number, y: number, out: WrinklePoint): void {
  if (mx > 16 || y < 24 || y > 52) return;
  const centre = 5.2 + 0.05 * (y - 36) + (x > 0 ? 0.6 : 0);
  const border = smoothStep(26, 32, y) * (1 - smoothStep(43, 51, y));
  const profile = (furrow(mx - centre, 1.2) + 0.4 * furrow(mx - centre - 5, 1)) * border;
  offer(out, 2, -0.0008 * profile, Math.max(0, profile));
}

/** Rays from the outer corner of the eye. */
function crowsFeet(x: number, y: number, z: number, zone: number, out: WrinklePoint): void {
  const across = norm2(x - 44, z - 88);
  const side = x > 44 ? across : -across;
  const distance = norm2(side, y - 27);
  if (side < 2 || distance < 4 || distance > 27) return;
  const angle = portableAngle(y - 27, side);
  const at = (angle - 0.05) / 0.3 + 0.15 * portableSine(distance * 0.35);
  const ray = Math.round(at);
  if (ray < -3 || ray > 2) return;
  const reach = 20 + 5 * portableSine(ray * 2.1);
  const border = smoothStep(4, 9, distance) * (1 - smoothStep(reach - 8, reach, distance));
  const profile = furrow((at - ray) * 0.3 * distance, 0.95) * border;
  offer(out, zone, -0.0005 * profile, Math.max(0, profile));
}

/** Millimetres across, metres deep; the hollow is what the flesh on both sides leaves between. */
interface Fold {
  readonly zone: number;
  readonly width: number;
  readonly bulge: number;
  readonly depth: number;
  readonly hollow: number;
}

function fold(
  line: readonly Xy[],
  [x, y, z]: readonly number[],
  { zone, width, bulge, depth, hollow }: Fold,
  out: WrinklePoint,
): void {
  if (z < 60 || y > line[0][1] + 8 || y < line[line.length - 1][1] - 8) return;
  let best = Infinity;
  let side = 1;
  let along = 0;
  for (let k = 1; k < line.length; k++) {
    const [x0, y0] = line[k - 1];
    const [x1, y1] = line[k];
    const dx = x1 - x0;
    const dy = y1 - y0;
    const t = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
    const distance = norm2(x - x0 - t * dx, y - y0 - t * dy);
    if (distance < best) {
      best = distance;
      along = (k - 1 + t) / (line.length - 1);
      side = dx * (y - y0) - dy * (x - x0) > 0 ? 1 : -1;
    }
  }
  const fade = smoothStep(-0.02, 0.2, along) * (1 - smoothStep(0.7, 1.01, along));
  const valley = portableExp(-squared(best / width));
  // The cheek hangs over the fold on its outer side.
  const cushion = side > 0 ? 0.5 * portableExp(-squared((best - bulge) / bulge)) : 0;
  const wide = portableExp(-squared(best / (3 * width)));
  const height = -depth * (valley - cushion) - hollow * wide;
  offer(out, zone, height * fade, Math.min(1, 0.6 * valley + 0.75 * wide) * fade);
}

function underEye(x: number, y: number, z: number, out: WrinklePoint): void {
  if (z < 70 || x < 15 || x > 50 || y > 20 || y < 0) return;
  const arc = 20.5 - 0.011 * squared(x - 33);
  const across = smoothStep(17, 23, x) * (1 - smoothStep(42, 49, x));
  const profile = Math.max(furrow(y - arc + 5.5, 1) * 0.6, furrow(y - arc + 10, 1.5)) * across;
  offer(out, 7, -0.0005 * profile, Math.max(0, profile));
}

function bunny(x: number, y: number, z: number, out: WrinklePoint): void {
  if (z < 85 || x > 17 || x < 3 || y < 2 || y > 26) return;
  const at = (y - 8 - 0.5 * (x - 9)) / 4.2;
  const profile = furrow((at - Math.round(at)) * 4.2, 0.9) * smoothStep(3, 7, x) * (1 - smoothStep(12, 16, x)) * smoothStep(2, 7, y) * (1 - smoothStep(17, 24, y)); // prettier-ignore
  offer(out, 8, -0.0004 * profile, Math.max(0, profile));
}

/** Dimples of a tensed chin and the crease over it. */
function chin(x: number, y: number, z: number, out: WrinklePoint): void {
  if (z < 70 || y > -58 || y < -90 || Math.abs(x) > 24) return;
  const crease = furrow(y + 65 - 0.006 * x * x, 1.8) * (1 - smoothStep(10, 19, Math.abs(x)));
  const pits = Math.max(0, portableSine(x * 1.15 + portableSine(y * 0.9)) * portableSine(y * 1.25 + portableSine(x * 0.8))) * portableExp(-(squared(x / 12)) - squared((y + 76) / 7)); // prettier-ignore
  const profile = Math.max(crease, pits);
  offer(out, 9, -0.0004 * profile, 0.7 * Math.max(0, profile));
}

function lipLines(x: number, y: number, z: number, out: WrinklePoint): void {
  if (z < 88 || Math.abs(x) > 22) return;
  const border = smoothStep(-23, -27, y) * (1 - smoothStep(-33, -36, y)) + 0.7 * smoothStep(-56, -58, y) * (1 - smoothStep(-62, -65, y)); // prettier-ignore
  if (border <= 0) return;
  const at = x / 3.1 + 0.12 * portableSine(y * 0.8);
  const profile = furrow((at - Math.round(at)) * 3.1, 0.6) * border * (1 - smoothStep(14, 21, Math.abs(x)));
  offer(out, 12, -0.00025 * profile, 0.6 * Math.max(0, profile));
}

function neck(x: number, y: number, z: number, out: WrinklePoint): void {
  if (y > -92 || y < -150 || z < -10) return;
  const at = (y + 108 - 0.004 * x * x) / 15;
  const profile =
    furrow((at - Math.round(at)) * 15, 1.4) * (1 - smoothStep(25, 50, x)) * smoothStep(-150, -140, y);
  offer(out, 11, -0.0006 * profile, 0.8 * Math.max(0, profile));
}
