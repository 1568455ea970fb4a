import { smoothStep } from '#common/math/smoothStep';
import { MILLIMETRE } from '#common/synthetic/domains/domainValues';
import type { PointWarp, WarpPoint } from '#common/synthetic/domains/warp/canonicalWarp';
import type { WarpStep } from '#common/synthetic/domains/warp/warpSchema';
import { norm, portablePower } from '#common/math/portableMath';

/** Where the left ear joins the head, metres. */
const ROOT = [0.071, 0.004, 0.002] as const;

/** How much a point of the mean head belongs to an ear, by where it was before all steps. */
function earShare(point: WarpPoint): number {
  const x = Math.abs(point[3]);
  const y = point[4];
  const z = point[5];
  // The ear stands out behind the jaw: outside x = 71 mm between lobe and helix.
  const out = smoothStep(0.0715, 0.08, x + 0.12 * Math.max(0, -z));
  return out * smoothStep(-0.03, -0.022, y) * smoothStep(0.05, 0.04, y) * smoothStep(0.022, 0.014, z);
}

/** The stretched, pointed ears of recipes; see the schema. */
export function earStep(step: Extract<WarpStep, { kind: 'ears' }>): PointWarp {
  const length = norm(step.direction);
  const [ux, uy, uz] = step.direction.map((value) => value / length);
  const reach = step.length * MILLIMETRE;
  return (point) => {
    const share = earShare(point);
    if (share === 0) return;
    const side = point[3] < 0 ? -1 : 1;
    // In the frame of the left ear.
    let x = side * point[3] - ROOT[0];
    let y = point[4] - ROOT[1];
    let z = point[5] - ROOT[2];
    x *= step.size;
    y *= step.size;
    z *= step.size;
    const along = x * ux + y * uy + z * uz;
    // From the lobe's side (-22 mm) to the far rim (+32 mm).
    const t = Math.min(1.2, Math.max(0, (along / step.size + 0.012) / 0.044));
    const grow = portablePower(t, step.power);
    const across = 1 + (step.tip - 1) * smoothStep(0.15, 1, t);
    const nx = x - along * ux;
    const ny = y - along * uy;
    const nz = z - along * uz;
    const target = along + reach * grow;
    point[0] += share * (side * (ROOT[0] + nx * across + target * ux) - point[3]);
    point[1] += share * (ROOT[1] + ny * across + target * uy - point[4]);
    point[2] += share * (ROOT[2] + nz * across + target * uz - point[5]);
  };
}

/** Ears drawn into the head. */
export function noEarStep(): PointWarp {
  return (point) => {
    const share = earShare(point);
    if (share === 0) return;
    const side = point[3] < 0 ? -1 : 1;
    point[0] += share * (side * 0.066 - point[0]);
  };
}
