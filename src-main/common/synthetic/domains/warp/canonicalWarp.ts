import { assertNever } from '#common/contract/errors';
import { smoothStep } from '#common/math/smoothStep';
import { MILLIMETRE } from '#common/synthetic/domains/domainValues';
import { cylinderStep } from '#common/synthetic/domains/warp/cylinderStep';
import { earStep, noEarStep } from '#common/synthetic/domains/warp/earStep';
import type { WarpStep } from '#common/synthetic/domains/warp/warpSchema';

/** A point that steps move in place, canonical metres; [0..2] the point, [3..5] where it was before all steps. */
export type WarpPoint = Float64Array;

/** Moves a canonical point in place. */
export type PointWarp = (point: WarpPoint) => void;

/** Where a recipe's steps take points of the mean head. Continuous; the identity far from every step. */
export function createCanonicalWarp(steps: readonly WarpStep[]): PointWarp {
  const warps = steps.map(createStep);
  return (point) => {
    point[3] = point[0];
    point[4] = point[1];
    point[5] = point[2];
    for (const warp of warps) warp(point);
  };
}

function createStep(step: WarpStep): PointWarp {
  switch (step.kind) {
    case 'scale':
      return scaleStep(step);
    case 'move':
      return moveStep(step);
    case 'taper':
      return taperStep(step);
    case 'head':
      return headStep(step);
    case 'cylinder':
      return cylinderStep(step);
    case 'ears':
      return earStep(step);
    case 'noEars':
      return noEarStep();
    case 'flatten':
      return flattenStep(step);
    default:
      return assertNever(step, 'warp step');
  }
}

type Step<Kind extends WarpStep['kind']> = Extract<WarpStep, { kind: Kind }>;

/** Distance from the centre in radii; the left side's ellipsoid serves the right with x turned. */
function ellipsoid(
  center: readonly number[],
  radius: readonly number[],
  isMirrored: boolean,
): (point: WarpPoint) => number {
  const [cx, cy, cz] = center.map((value) => value * MILLIMETRE);
  const [rx, ry, rz] = radius.map((value) => value * MILLIMETRE);
  return (point) => {
    const x = isMirrored ? Math.abs(point[0]) : point[0];
    return Math.hypot((x - cx) / rx, (point[1] - cy) / ry, (point[2] - cz) / rz);
  };
}

/** Share of the enlargement at `distance` radii so that the radial map rises everywhere: g(r)/r - 1 over factor - 1. */
export function swellShare(distance: number, plateau: number, factor: number): number {
  if (distance <= plateau) return 1;
  if (distance >= 1 || factor === 1) return 0;
  const start = plateau * factor;
  const span = 1 - plateau;
  const t = (distance - plateau) / span;
  // Hermite from (plateau, start), slope factor, to (1, 1), slope 1, kept rising by limiting the slopes.
  const mean = (1 - start) / span;
  const slope0 = Math.min(factor, 2.5 * mean);
  const slope1 = Math.min(1, 2.5 * mean);
  const h00 = (1 + 2 * t) * (1 - t) * (1 - t);
  const h10 = t * (1 - t) * (1 - t);
  const h01 = t * t * (3 - 2 * t);
  const h11 = t * t * (t - 1);
  const value = h00 * start + h10 * span * slope0 + h01 + h11 * span * slope1;
  return (value / distance - 1) / (factor - 1);
}

function scaleStep({ center, radius, factor, plateau, isMirrored }: Step<'scale'>): PointWarp {
  const distanceOf = ellipsoid(center, radius, isMirrored);
  const [cx, cy, cz] = center.map((value) => value * MILLIMETRE);
  const strongest = factor.reduce((a, b) => (Math.abs(b - 1) > Math.abs(a - 1) ? b : a), 1);
  return (point) => {
    const distance = distanceOf(point);
    if (distance >= 1) return;
    const share = swellShare(distance, plateau, strongest);
    const side = isMirrored && point[0] < 0 ? -1 : 1;
    point[0] += share * (factor[0] - 1) * (point[0] - side * cx);
    point[1] += share * (factor[1] - 1) * (point[1] - cy);
    point[2] += share * (factor[2] - 1) * (point[2] - cz);
  };
}

function moveStep({ center, radius, offset, plateau, isMirrored }: Step<'move'>): PointWarp {
  const distanceOf = ellipsoid(center, radius, isMirrored);
  const [dx, dy, dz] = offset.map((value) => value * MILLIMETRE);
  return (point) => {
    const distance = distanceOf(point);
    if (distance >= 1) return;
    const share = smoothStep(1, plateau, distance);
    const side = isMirrored && point[0] < 0 ? -1 : 1;
    point[0] += side * share * dx;
    point[1] += share * dy;
    point[2] += share * dz;
  };
}

function taperStep({ fromY, toY, fromFactor, toFactor, z, behindZ }: Step<'taper'>): PointWarp {
  const depth = z * MILLIMETRE;
  return (point) => {
    const t = smoothStep(fromY * MILLIMETRE, toY * MILLIMETRE, point[1]);
    const front =
      behindZ === undefined
        ? 1
        : smoothStep((behindZ - 20) * MILLIMETRE, (behindZ + 20) * MILLIMETRE, point[2]);
    point[0] *= 1 + front * (fromFactor[0] + (toFactor[0] - fromFactor[0]) * t - 1);
    point[2] += front * (fromFactor[1] + (toFactor[1] - fromFactor[1]) * t - 1) * (point[2] - depth);
  };
}

function headStep({ factor, center, neckY }: Step<'head'>): PointWarp {
  return (point) => {
    const share = smoothStep((neckY - 60) * MILLIMETRE, neckY * MILLIMETRE, point[1]);
    for (let axis = 0; axis < 3; axis++)
      point[axis] += share * (factor[axis] - 1) * (point[axis] - center[axis] * MILLIMETRE);
  };
}

function flattenStep({ z, factor, radius, center }: Step<'flatten'>): PointWarp {
  const distanceOf = ellipsoid(center, radius, false);
  return (point) => {
    const distance = distanceOf(point);
    if (distance >= 1) return;
    const before = point[2] - z * MILLIMETRE;
    if (before > 0) point[2] += smoothStep(1, 0.6, distance) * (factor - 1) * before;
  };
}
