import type { SeededRandom } from '#common/math/seededRandom';
import type { Person } from '#common/synthetic/heads/identity/sampleIdentity';
import {
  SHAPE_BY_FACTOR,
  SHAPE_MEAN,
  SHAPE_MODES,
  SHAPE_ROOT,
  TYPICAL_FACTORS,
} from '#common/synthetic/heads/identity/shapeStatistics.data';
import { squared } from '#common/math/portableMath';

/** Faces less likely than this share of all are drawn again: the squared length's quantile for 64 normal numbers. */
const LARGEST_SQUARE = 80;
/** Nor may one direction alone stand out: normal numbers within this, their deviation brought back to one. */
const LARGEST_STEP = 2;
const STEP_DEVIATION = 0.88;
/** What the recipe's schema takes. */
const LARGEST = 4;
/** Children's faces differ less. */
const CHILD_SPREAD = 0.75;

/** Coefficient of the age mode at a number of years. */
const AGE_CURVE: readonly (readonly [number, number])[] = [
  [5, -2.3], [10, -1.7], [14, -1.2], [20, -0.6], [35, -0.1], [50, 0.6], [65, 1.4], [80, 2.2], [95, 2.6],
]; // prettier-ignore

/** Coefficient of an ancestry's mode: standard deviations a unit of its share, and at none. */
const ANCESTRY = { slope: 2.79, none: -0.93 };

/**
 * Coefficients of the head model's 68 modes in standard deviations: factors from age, sex and ancestry, then the
 * 64 shape modes from the mean and covariance that give the landmark statistics of photographs (`shapeStatistics.data`).
 * Faces too far from the mean for their covariance (Mahalanobis distance) are drawn again.
 */
export function sampleShape(random: SeededRandom, person: Person): number[] {
  const { african, asian } = person.ancestry;
  const factors = [
    interpolate(AGE_CURVE, person.ageYears) + random.normal() * 0.2,
    (person.masculinity - 0.5) * 3.9 + (person.isChild ? -0.3 : -0.2),
    african * ANCESTRY.slope + ANCESTRY.none + random.normal() * 0.15,
    asian * ANCESTRY.slope + ANCESTRY.none + random.normal() * 0.15,
  ];
  const steps = likelySteps(random);
  const spread = person.isChild ? CHILD_SPREAD : 1;
  const shape = [...factors];
  for (let mode = 0; mode < SHAPE_MODES; mode++) {
    let value = SHAPE_MEAN[mode];
    for (let f = 1; f < 4; f++)
      value += SHAPE_BY_FACTOR[mode * 3 + f - 1] * (factors[f] - TYPICAL_FACTORS[f]);
    const row = (mode * (mode + 1)) / 2;
    for (let k = 0; k <= mode; k++) value += spread * SHAPE_ROOT[row + k] * steps[k];
    shape.push(Math.min(LARGEST, Math.max(-LARGEST, value)));
  }
  // No negative zeros: JSON does not keep them.
  return shape.map((value) => Math.round(value * 1e4) / 1e4 + 0);
}

/** Normal numbers, one a mode, drawn again until they are a likely face. */
function likelySteps(random: SeededRandom): Float64Array {
  const steps = new Float64Array(SHAPE_MODES);
  for (;;) {
    let square = 0;
    for (let mode = 0; mode < SHAPE_MODES; mode++) {
      do steps[mode] = random.normal();
      while (Math.abs(steps[mode]) > LARGEST_STEP);
      steps[mode] /= STEP_DEVIATION;
      square += squared(steps[mode]);
    }
    if (square <= LARGEST_SQUARE) return steps;
  }
}

function interpolate(curve: readonly (readonly [number, number])[], at: number): number {
  for (let k = 1; k < curve.length; k++) {
    const [x0, y0] = curve[k - 1];
    const [x1, y1] = curve[k];
    if (at <= x1) return y0 + ((y1 - y0) * Math.max(0, at - x0)) / (x1 - x0);
  }
  return curve[curve.length - 1][1];
}
