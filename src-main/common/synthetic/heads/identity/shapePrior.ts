import type { SeededRandom } from '#common/math/seededRandom';
import type { Person } from '#common/synthetic/heads/identity/sampleIdentity';

/** Modes of the head model after age, sex and the two ancestries. */
const SHAPE_MODES = 64;

/**
 * Mean of the shape modes: the smallest step in the model's prior that takes the mean head to what real portraits show
 * in units of the eye distance (mouth 0.06 wider and 0.05 higher, lips 0.03 thinner each, nose tip 0.05 and chin 0.03
 * lower, brows where they are); least
 * squares on the landmarks' derivatives by mode.
 */
const MEANS = [
  -0.3, 0.1, -0.06, 0.15, 0.13, 0, -0.28, -0.24, -0.27, 0.08, -0.55, 0.63, -0.73, -0.37, -0.21, 0, -0.49, 0.22, 0,
  0.14, 0.02, 0.59, 0.47, 0.78, 0, -0.31, -0.01, 0.08, -0.18, 0, 0.1, 0, -0.09, 0.1, 0.01, 0, 0.04, 0, -0.04, -0.11,
  -0.1, 0.12, -0.25, 0, 0.13, 0.56, 0.34, -1.1, -0.29, 0.02, -0.45, 0, 0.18, 0.03, 0, 0, -0.44, -0.01, -0.34, 0,
  0.49, 0.49, -0.19, 1.19,
]; // prettier-ignore

/** Standard deviation of shape modes against the model's prior; wider, or a recogniser takes people for each other. */
const SPREAD = 1.45;
const LARGEST = 3.4;
/** Of modes beyond the ninth, in addition. */
const FINE_GAIN = 1.45;

/** Coefficient of the age mode at a number of years. */
const AGE_CURVE: readonly (readonly [number, number])[] = [
  [5, -2.3], [10, -1.7], [14, -1.2], [20, -0.6], [35, -0.1], [50, 0.6], [65, 1.4], [80, 2.2], [95, 2.6],
]; // prettier-ignore

/**
 * Coefficients of the head model's 68 modes in standard deviations. Female faces vary less: large steps along the
 * modes read as a heavy jaw or brow whatever the sex mode says.
 */
export function sampleShape(random: SeededRandom, person: Person): number[] {
  const { african, asian } = person.ancestry;
  const spread = SPREAD * (person.isChild ? 0.7 : 1 - 0.16 * (1 - person.masculinity));
  const shape = [
    interpolate(AGE_CURVE, person.ageYears) + random.normal() * 0.2,
    (person.masculinity - 0.5) * 3.6 + (person.isMale ? 0 : person.isChild ? -0.3 : -0.5),
    african * 3.5 - 1.15 + random.normal() * 0.15,
    asian * 3.5 - 1.15 + random.normal() * 0.15,
  ];
  for (let mode = 0; mode < SHAPE_MODES; mode++) {
    // Fine modes carry noses, eyes and lips: they may vary more before a head looks odd.
    const drawn = random.normal() * spread * (mode < 9 ? 1 : FINE_GAIN);
    // The first mode is mostly girth of neck and head.
    shape.push(clampTo(MEANS[mode] + (mode === 0 ? drawn * 0.7 : drawn), LARGEST));
  }
  // No negative zeros: JSON does not keep them.
  return shape.map((value) => Math.round(value * 1e4) / 1e4 + 0);
}

function interpolate(curve: readonly (readonly [number, number])[], at: number): number {
  for (let k = 1; k < curve.length; k++) {
    const [x0, y0] = curve[k - 1];
    const [x1, y1] = curve[k];
    if (at <= x1) return y0 + ((y1 - y0) * Math.max(0, at - x0)) / (x1 - x0);
  }
  return curve[curve.length - 1][1];
}

function clampTo(value: number, largest: number): number {
  return Math.min(largest, Math.max(-largest, value));
}
