import {
  INNER_LIP_CORNERS,
  INNER_LIP_PAIRS,
  LEFT_EYE,
  LIPS_OUTER,
  RIGHT_EYE,
} from '#common/reconstruction/fit/landmarkSets';
import type { EyeLandmarks } from '#common/reconstruction/fit/landmarkSets';

/** A neutral eye is open at least this part of the template's opening, relative to its width. */
const LEAST_OPENING = 0.68;

/** Edge of the outer lips as [upper, lower] pairs; they take half of what the inner edge takes. */
const OUTER_LIP_PAIRS: readonly (readonly [number, number])[] = [
  [185, 146], [40, 91], [39, 181], [37, 84], [0, 17], [267, 314], [269, 405], [270, 321], [409, 375],
]; // prettier-ignore

/** The lid above the edge that moves along with it: [edge, row above] of the right eye, then of the left. */
const UPPER_LID_ROWS: readonly (readonly [number, number])[] = [
  [246, 247], [161, 30], [160, 29], [159, 27], [158, 28], [157, 56], [173, 190],
  [466, 467], [388, 260], [387, 259], [386, 257], [385, 258], [384, 286], [398, 414],
]; // prettier-ignore

/**
 * Changes the displacements of a neutral face so that its lips meet and its eyes are open: what an expression
 * left unexplained there (teeth showing, a squint) must not stay for ever. In place.
 *
 * @param template landmarks of the model's mean neutral face.
 * @param neutral landmarks of the fitted parametric neutral face.
 * @param displacements of the surface landmarks, to be added to `neutral`.
 */
export function makeNeutralNatural(
  template: Float64Array,
  neutral: Float64Array,
  displacements: Float64Array,
): void {
  closeLips(template, neutral, displacements);
  openEye(RIGHT_EYE, template, neutral, displacements);
  openEye(LEFT_EYE, template, neutral, displacements);
}

function closeLips(template: Float64Array, neutral: Float64Array, displacements: Float64Array): void {
  INNER_LIP_PAIRS.forEach(([upper, lower], row) => {
    const [outerUpper, outerLower] = OUTER_LIP_PAIRS[row];
    for (const axis of [1, 2]) {
      const u = upper * 3 + axis;
      const l = lower * 3 + axis;
      const gap = neutral[u] + displacements[u] - neutral[l] - displacements[l];
      const excess = (gap - (template[u] - template[l])) / 2;
      displacements[u] -= excess;
      displacements[l] += excess;
      displacements[outerUpper * 3 + axis] -= excess / 2;
      displacements[outerLower * 3 + axis] += excess / 2;
    }
  });
}

function openEye(
  eye: EyeLandmarks,
  template: Float64Array,
  neutral: Float64Array,
  displacements: Float64Array,
): void {
  const person = Float64Array.from(displacements, (value, k) => value + neutral[k]);
  const wanted = LEAST_OPENING * openness(eye, template);
  const measured = openness(eye, person);
  if (measured >= wanted) return;
  const width = eyeWidth(eye, person);
  const lift = (wanted - measured) * width;
  eye.lidPairs.forEach(([upper], row) => {
    // The lid lifts most in its middle, in the shape of the opening.
    const share = Math.sin((Math.PI * (row + 1)) / (eye.lidPairs.length + 1)) * 1.15;
    displacements[upper * 3 + 1] += lift * share;
    const above = UPPER_LID_ROWS.find(([edge]) => edge === upper);
    if (above) displacements[above[1] * 3 + 1] += 0.6 * lift * share;
  });
}

/** Height of the opening (mean of the middle three pairs) over the width of the eye. */
export function openness(eye: EyeLandmarks, landmarks: ArrayLike<number>): number {
  let height = 0;
  for (const [upper, lower] of eye.lidPairs.slice(2, 5)) {
    height += (landmarks[upper * 3 + 1] - landmarks[lower * 3 + 1]) / 3;
  }
  return height / eyeWidth(eye, landmarks);
}

function eyeWidth(eye: EyeLandmarks, landmarks: ArrayLike<number>): number {
  const [outer, inner] = eye.corners;
  return Math.hypot(
    landmarks[outer * 3] - landmarks[inner * 3],
    landmarks[outer * 3 + 1] - landmarks[inner * 3 + 1],
  );
}

/** Every landmark on the lips. */
export const LIP_LANDMARKS: readonly number[] = [
  ...LIPS_OUTER,
  ...INNER_LIP_PAIRS.flat(),
  ...INNER_LIP_CORNERS,
];
