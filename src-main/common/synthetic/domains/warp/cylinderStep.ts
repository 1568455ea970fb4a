import { smoothStep } from '#common/math/smoothStep';
import { MILLIMETRE } from '#common/synthetic/domains/domainValues';
import type { PointWarp } from '#common/synthetic/domains/warp/canonicalWarp';
import type { WarpStep } from '#common/synthetic/domains/warp/warpSchema';
import { norm2 } from '#common/math/portableMath';

/** Half axes of the mean head's horizontal section, metres, at the height of the eyes. */
const HEAD_HALF_WIDTH = 0.072;
const HEAD_FRONT = 0.1;
const HEAD_BACK = 0.1;

/**
 * The head's sections become circles of one radius: each point is measured against the mean head's section at its
 * height (an ellipse), and the ratio is kept as `relief`. Rims are quarter circles; below the bottom is the neck.
 */
export function cylinderStep(step: Extract<WarpStep, { kind: 'cylinder' }>): PointWarp {
  const [radius, axis, top, bottom, rim, neck] = [
    step.radius,
    step.z,
    step.topY,
    step.bottomY,
    step.rim,
    step.neckRadius,
  ].map((value) => value * MILLIMETRE);
  return (point) => {
    const shoulders = smoothStep(bottom - 0.075, bottom - 0.045, point[1]);
    if (shoulders === 0) return;
    const dx = point[0];
    const dz = point[2] - axis;
    const own = norm2(dx, dz);
    const section = ownSection(dx, dz, point[1]);
    const ratio = section > 1e-6 ? own / section : 0;
    const limit = rimRadius(point[1], radius, { top, bottom, rim, neck });
    // The crown is a disc: what is above the section's own height is drawn outwards over it.
    const crown = smoothStep(top - 0.05, top + 0.01, point[1]);
    const flat = ratio >= 1 ? 1 + step.relief * (ratio - 1) : 1 - (1 - ratio) * (crown > 0 ? 1 : step.relief);
    const target = limit * Math.max(0, flat);
    const scale = own > 1e-6 ? target / own : 1;
    point[0] += shoulders * (dx * scale - dx);
    point[2] += shoulders * (dz * scale - dz);
    point[1] += shoulders * (heightOf(point[1], top) - point[1]);
  };
}

/** Distance from the axis to the mean head's surface in the direction (dx, dz), narrower towards crown and chin. */
function ownSection(dx: number, dz: number, y: number): number {
  const length = norm2(dx, dz);
  if (length < 1e-6) return HEAD_HALF_WIDTH;
  const up = Math.min(1, Math.max(0, (y - 0.06) / 0.085));
  const down = Math.min(1, Math.max(0, (-0.02 - y) / 0.08));
  const narrow = Math.sqrt(Math.max(0.002, 1 - up * up)) * (1 - 0.35 * down);
  const depth = (dz > 0 ? HEAD_FRONT : HEAD_BACK) * (dz > 0 ? 1 - 0.18 * down : 1 - 0.35 * down);
  return 1 / norm2(dx / length / (HEAD_HALF_WIDTH * narrow), dz / length / (depth * narrow));
}

function rimRadius(
  y: number,
  radius: number,
  { top, bottom, rim, neck }: { top: number; bottom: number; rim: number; neck: number },
): number {
  const above = Math.min(1, Math.max(0, (y - (top - rim)) / rim));
  const below = Math.min(1, Math.max(0, (bottom + rim - y) / rim));
  const rounded =
    radius - rim * (1 - Math.sqrt(1 - above * above)) - rim * (1 - Math.sqrt(1 - below * below));
  return y < bottom ? rounded + (neck - rounded) * smoothStep(bottom, bottom - 0.006, y) : rounded;
}

/** The dome above the rim is pressed flat. */
function heightOf(y: number, top: number): number {
  return y > top ? top + (y - top) * 0.05 : y;
}
