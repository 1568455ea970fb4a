import type { HeadPart } from '#common/head/headModel';
import { norm3, portableArcCosine, portableCubeRoot, squared } from '#common/math/portableMath';

const PROFILE_BINS = 24;

/**
 * An eyeball as lids feel it: a body of revolution about the gaze axis (the cornea bulges), stretched along the
 * world axes (stylised eyes are ellipsoids). All numbers in metres, rest space.
 */
export interface EyeballShape {
  /** Point the eye turns about. */
  readonly centre: readonly [number, number, number];
  /** Person size over template size along x, y, z. */
  readonly stretch: readonly [number, number, number];
  /** Radius on the template by angle from the gaze axis, PROFILE_BINS steps over 0..pi. */
  readonly profile: Float64Array;
}

/**
 * Measures the person's eyeball against the template's. The centre is the template's turning point carried over
 * with the eyeball's own vertices, so that the turn is exact even where the fitted joint is a little off.
 */
export function measureEyeball(
  part: HeadPart,
  template: Float32Array,
  person: Float32Array,
  templateCentre: readonly [number, number, number],
): EyeballShape {
  const templateMean = partMean(part, template);
  const personMean = partMean(part, person);
  const spread = [0, 0, 0].map((_, axis) => [
    partSpread(part, template, axis, templateMean[axis]),
    partSpread(part, person, axis, personMean[axis]),
  ]);
  const ratios = spread.map(([before, after]) => (before > 0 ? after / before : 1));
  const mean = portableCubeRoot(ratios[0] * ratios[1] * ratios[2]);
  // Within two percent it is the same shape, measured with a little noise.
  const isRound = ratios.every((ratio) => Math.abs(ratio / mean - 1) < 0.02);
  const stretch = (isRound ? [mean, mean, mean] : ratios) as [number, number, number];
  const centre = [0, 1, 2].map(
    (axis) => personMean[axis] + stretch[axis] * (templateCentre[axis] - templateMean[axis]),
  ) as [number, number, number];
  return { centre, stretch, profile: radiusProfile(part, template, templateCentre) };
}

/**
 * Height of a point over the eyeball's surface, metres, negative inside; `out` takes the unit direction in which
 * to push it out (from the centre through the point, in stretched space).
 */
export function heightOverEyeball(
  eye: EyeballShape,
  x: number,
  y: number,
  z: number,
  out: Float64Array,
): number {
  const qx = (x - eye.centre[0]) / eye.stretch[0];
  const qy = (y - eye.centre[1]) / eye.stretch[1];
  const qz = (z - eye.centre[2]) / eye.stretch[2];
  const length = norm3(qx, qy, qz);
  if (length < 1e-9) {
    out.set([0, 0, 1]);
    return -eye.profile[0] * eye.stretch[2];
  }
  const ux = (qx / length) * eye.stretch[0];
  const uy = (qy / length) * eye.stretch[1];
  const uz = (qz / length) * eye.stretch[2];
  const scale = norm3(ux, uy, uz);
  out[0] = ux / scale;
  out[1] = uy / scale;
  out[2] = uz / scale;
  return (length - profileAt(eye.profile, portableArcCosine(qz / length))) * scale;
}

function profileAt(profile: Float64Array, angle: number): number {
  const at = (angle / Math.PI) * (PROFILE_BINS - 1);
  const low = Math.min(PROFILE_BINS - 2, Math.floor(at));
  return profile[low] + (profile[low + 1] - profile[low]) * (at - low);
}

function radiusProfile(
  part: HeadPart,
  positions: Float32Array,
  centre: readonly [number, number, number],
): Float64Array {
  const profile = new Float64Array(PROFILE_BINS);
  for (let v = part.firstVertex; v < part.firstVertex + part.vertexCount; v++) {
    const [x, y, z] = [0, 1, 2].map((axis) => positions[v * 3 + axis] - centre[axis]);
    const length = norm3(x, y, z);
    const bin = Math.round((portableArcCosine(length > 0 ? z / length : 1) / Math.PI) * (PROFILE_BINS - 1));
    profile[bin] = Math.max(profile[bin], length);
  }
  fillGaps(profile);
  return profile;
}

/** Bins that no vertex fell into take the nearest measured radius. */
function fillGaps(profile: Float64Array): void {
  const measured = [...profile.keys()].filter((bin) => profile[bin] > 0);
  const copy = profile.slice();
  profile.forEach((radius, bin) => {
    if (radius > 0 || measured.length === 0) return;
    const nearest = measured.reduce((best, other) =>
      Math.abs(other - bin) < Math.abs(best - bin) ? other : best,
    );
    profile[bin] = copy[nearest];
  });
}

function partMean(part: HeadPart, positions: Float32Array): number[] {
  const mean = [0, 0, 0];
  for (let v = part.firstVertex; v < part.firstVertex + part.vertexCount; v++) {
    for (let axis = 0; axis < 3; axis++) mean[axis] += positions[v * 3 + axis] / part.vertexCount;
  }
  return mean;
}

function partSpread(part: HeadPart, positions: Float32Array, axis: number, mean: number): number {
  let sum = 0;
  for (let v = part.firstVertex; v < part.firstVertex + part.vertexCount; v++) {
    sum += squared(positions[v * 3 + axis] - mean);
  }
  return Math.sqrt(sum / Math.max(1, part.vertexCount));
}
