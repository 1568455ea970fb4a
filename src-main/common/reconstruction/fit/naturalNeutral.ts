import { LANDMARK_MIRROR } from '#common/reconstruction/fit/landmarkMirror.data';
import { INNER_LIP_PAIRS, LEFT_EYE, RIGHT_EYE } from '#common/reconstruction/fit/landmarkSets';
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

/** The model's own landmarks that a person's neutral is measured against, LANDMARK_COORDINATES each. */
export interface NeutralLandmarks {
  /** The mean neutral face. */
  readonly template: Float64Array;
  /** The fitted parametric neutral face. */
  readonly neutral: Float64Array;
  /** The same face in the source's expression. */
  readonly source: Float64Array;
  /** Trust in each landmark, [0, 1]. */
  readonly confidences: ArrayLike<number>;
}

/**
 * Turns the displacements found in the source's expression into those of a natural neutral face, in place.
 * Where the expression moved a landmark far, what is left over says more about the expression than about the
 * person, and what was hardly seen says little: there the two sides are averaged and the displacement shrinks. Then lips meet and eyes are open, so
 * that showing teeth or a squint does not stay for ever.
 *
 * @param displacements of the surface landmarks, to be added to `neutral`.
 */
export function makeNeutralNatural(landmarks: NeutralLandmarks, displacements: Float64Array): void {
  const { template, neutral } = landmarks;
  calmExpression(landmarks, displacements);
  closeLips(template, neutral, displacements);
  openEye(RIGHT_EYE, template, neutral, displacements);
  openEye(LEFT_EYE, template, neutral, displacements);
}

// Motion by expression, metres, from which a landmark's displacement is doubted, and where doubt is greatest.
const CALM_MOTION = 0.002;
const WILD_MOTION = 0.01;
const MOST_DOUBT = 0.9;

/** What is kept of a displacement that is wholly doubted, after averaging the sides. */
const DOUBTED_SHARE = 0.5;

function calmExpression(
  { neutral, source, confidences }: NeutralLandmarks,
  displacements: Float64Array,
): void {
  const count = displacements.length / 3;
  const doubt = Float64Array.from({ length: count }, (_, i) => {
    const [x, y, z] = [0, 1, 2].map((axis) => source[i * 3 + axis] - neutral[i * 3 + axis]);
    const share = (Math.hypot(x, y, z) - CALM_MOTION) / (WILD_MOTION - CALM_MOTION);
    return MOST_DOUBT * Math.min(1, Math.max(0, share, 1 - confidences[i]));
  });
  const before = displacements.slice();
  for (let i = 0; i < count; i++) {
    if (doubt[i] === 0) continue;
    const j = LANDMARK_MIRROR[i];
    const own = 1 - doubt[i];
    const other = 1 - doubt[j];
    for (let axis = 0; axis < 3; axis++) {
      const mirrored = (axis === 0 ? -1 : 1) * before[j * 3 + axis];
      const symmetric = (own * before[i * 3 + axis] + other * mirrored) / (own + other);
      displacements[i * 3 + axis] = own * before[i * 3 + axis] + doubt[i] * DOUBTED_SHARE * symmetric;
    }
  }
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
