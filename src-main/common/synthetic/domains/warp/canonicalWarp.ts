import { assertNever } from '#common/contract/errors';
import { smoothStep } from '#common/math/smoothStep';
import { MILLIMETRE } from '#common/synthetic/domains/domainValues';
import { cylinderStep } from '#common/synthetic/domains/warp/cylinderStep';
import { earStep, noEarStep } from '#common/synthetic/domains/warp/earStep';
import type { WarpStep } from '#common/synthetic/domains/warp/warpSchema';
import { norm3, portableLog, portablePower } from '#common/math/portableMath';

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
    return norm3((x - cx) / rx, (point[1] - cy) / ry, (point[2] - cz) / rz);
  };
}

/** 1 up to `plateau`, 0 from 1 on, smooth to the second derivative: creases of the map would show as creases of skin. */
export function plateauShare(distance: number, plateau: number): number {
  if (distance <= plateau) return 1;
  if (distance >= 1) return 0;
  const t = (1 - distance) / (1 - plateau);
  return t * t * t * (t * (t * 6 - 15) + 10);
}

/** Most that one pass enlarges without coming near a fold for plateaus up to a half. */
const LARGEST_PASS = 1.4;

/** Half width of the strip about the mid plane in which mirrored steps give way to each other, metres. */
const MIDDLE = 0.014;

/** Large factors are reached in passes, each with its inner ellipsoid where the one before has put it. */
function scaleStep({ center, radius, factor, inner, isMirrored }: Step<'scale'>): PointWarp {
  const outerDistance = ellipsoid(center, radius, isMirrored);
  const [cx, cy, cz] = center.map((value) => value * MILLIMETRE);
  const passes = Math.max(1, Math.ceil(portableLog(Math.max(...factor, 1)) / portableLog(LARGEST_PASS)));
  const each = factor.map((value) => portablePower(value, 1 / passes) - 1);
  const innerDistances = Array.from({ length: passes }, (_, pass) => {
    const grown = inner.map((value, axis) =>
      Math.min(radius[axis] * 0.75, value * portablePower(factor[axis], pass / passes)),
    );
    return ellipsoid(center, grown, isMirrored);
  });
  return (point) => {
    for (const innerDistance of innerDistances) {
      const outer = outerDistance(point);
      if (outer >= 1) return;
      const share = betweenShare(innerDistance(point), outer);
      const side = isMirrored && point[0] < 0 ? -1 : 1;
      // Both sides' ellipsoids meet in the middle: there nothing may cross over.
      const apart = isMirrored ? smoothStep(0, MIDDLE, Math.abs(point[0])) : 1;
      point[0] += apart * share * each[0] * (point[0] - side * cx);
      point[1] += share * each[1] * (point[1] - cy);
      point[2] += share * each[2] * (point[2] - cz);
    }
  };
}

/** 1 on the inner ellipsoid, 0 on the outer one, by the place on the ray between them; distances in radii. */
function betweenShare(inner: number, outer: number): number {
  if (inner <= 1) return 1;
  const t = (1 / outer - 1) / (1 / outer - 1 / inner);
  return t * t * t * (t * (t * 6 - 15) + 10);
}

function moveStep({ center, radius, offset, plateau, isMirrored }: Step<'move'>): PointWarp {
  const distanceOf = ellipsoid(center, radius, isMirrored);
  const [dx, dy, dz] = offset.map((value) => value * MILLIMETRE);
  return (point) => {
    const distance = distanceOf(point);
    if (distance >= 1) return;
    const share = plateauShare(distance, plateau);
    const side = isMirrored && point[0] < 0 ? -1 : 1;
    point[0] += side * share * dx * (isMirrored ? smoothStep(0, MIDDLE, Math.abs(point[0])) : 1);
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
