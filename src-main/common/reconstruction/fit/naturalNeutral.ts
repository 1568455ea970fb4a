import { LANDMARK_MIRROR } from '#common/reconstruction/fit/landmarkMirror.data';
import { INNER_LIP_PAIRS, LEFT_EYE, RIGHT_EYE } from '#common/reconstruction/fit/landmarkSets';
import type { EyeLandmarks } from '#common/reconstruction/fit/landmarkSets';
import type { LandmarkBasis } from '#common/reconstruction/fit/landmarkBasis';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';
import { norm2, portableSine } from '#common/math/portableMath';

/** A neutral eye is open at least this part of the template's opening, relative to its width. */
const LEAST_OPENING = 0.68;

/** Edge of the outer lips as [upper, lower] pairs; they follow the inner edge, so that lips keep their thickness. */
const OUTER_LIP_PAIRS: readonly (readonly [number, number])[] = [
  [185, 146], [40, 91], [39, 181], [37, 84], [0, 17], [267, 314], [269, 405], [270, 321], [409, 375],
]; // prettier-ignore

/** The lid above the edge that moves along with it: [edge, row above] of the right eye, then of the left. */
const UPPER_LID_ROWS: readonly (readonly [number, number])[] = [
  [246, 247], [161, 30], [160, 29], [159, 27], [158, 28], [157, 56], [173, 190],
  [466, 467], [388, 260], [387, 259], [386, 257], [385, 258], [384, 286], [398, 414],
]; // prettier-ignore

/** What a person's neutral is measured against. */
export interface NeutralEvidence {
  /** The mean neutral face, LANDMARK_COORDINATES. */
  readonly template: Float64Array;
  /** The fitted parametric neutral face, LANDMARK_COORDINATES. */
  readonly neutral: Float64Array;
  /** How far the source's expression pulls at each landmark, metres (`expressionEffort`). */
  readonly effort: Float64Array;
  /** Trust in each landmark, [0, 1]. */
  readonly confidences: ArrayLike<number>;
  /** Share of left-right differences that is believed, [0, 1] (`believedAsymmetry`). */
  readonly asymmetry: number;
}

/**
 * Turns the displacements found in the source's expression into those of a natural neutral face, in place.
 * Where the expression pulled at a landmark, what is left over says more about the expression than about the
 * person: it shrinks and the sides become equal. What was hardly seen mirrors the other side, and of a turned
 * head differences between the sides are mostly errors of pose and depth. Then lips meet and eyes are open,
 * so that showing teeth or a squint does not stay for ever.
 *
 * @param displacements of the surface landmarks, to be added to `neutral`.
 */
export function makeNeutralNatural(evidence: NeutralEvidence, displacements: Float64Array): void {
  const { template, neutral } = evidence;
  calmAndMirror(evidence, displacements);
  closeLips(template, neutral, displacements);
  openEye(RIGHT_EYE, template, neutral, displacements);
  openEye(LEFT_EYE, template, neutral, displacements);
}

/**
 * Length of the way each landmark goes under every channel by itself, metres: opposed channels (a jaw open
 * under closed lips) add up here where their motions cancel.
 *
 * @param weights 52.
 */
export function expressionEffort(
  basis: Pick<LandmarkBasis, 'expressions'>,
  weights: ArrayLike<number>,
): Float64Array {
  const rows = basis.expressions;
  const effort = new Float64Array(LANDMARK_COUNT);
  for (let channel = 0; channel < weights.length; channel++) {
    if (weights[channel] === 0) continue;
    for (let i = 0; i < LANDMARK_COUNT; i++) {
      const at = (channel * LANDMARK_COUNT + i) * 3;
      const [x, y, z] = [rows[at], rows[at + 1], rows[at + 2]];
      effort[i] += weights[channel] * Math.sqrt(x * x + y * y + z * z);
    }
  }
  return effort;
}

// Sine of the yaw up to which asymmetry is the person's, and from which hardly any is believed.
const FRONTAL = 0.1;
const TURNED = 0.4;
const LEAST_ASYMMETRY = 0.2;

/** Share of left-right differences to believe of a head with this rotation (model axes to camera axes). */
export function believedAsymmetry(rotation: ArrayLike<number>): number {
  const turned = Math.min(1, Math.max(0, (Math.abs(rotation[2]) - FRONTAL) / (TURNED - FRONTAL)));
  return 1 - (1 - LEAST_ASYMMETRY) * turned;
}

// Effort of the expression, metres, from which a landmark's displacement is doubted, and where it is wholly.
const CALM_EFFORT = 0.002;
const WILD_EFFORT = 0.01;

/** What is kept of a displacement that is wholly doubted, after averaging the sides. */
const DOUBTED_SHARE = 0.25;

const LEAST_TRUST = 0.02;

function calmAndMirror(
  { effort, confidences, asymmetry }: NeutralEvidence,
  displacements: Float64Array,
): void {
  const before = displacements.slice();
  for (let i = 0; i < displacements.length / 3; i++) {
    const j = LANDMARK_MIRROR[i];
    const pull = Math.max(effort[i], effort[j]);
    const doubt = Math.min(1, Math.max(0, (pull - CALM_EFFORT) / (WILD_EFFORT - CALM_EFFORT)));
    const share = 1 - (1 - DOUBTED_SHARE) * doubt;
    const own = Math.max(LEAST_TRUST, confidences[i]);
    const other = Math.max(LEAST_TRUST, confidences[j]);
    const difference = asymmetry * (1 - doubt) * Math.min(own, other);
    for (let axis = 0; axis < 3; axis++) {
      const mirrored = (axis === 0 ? -1 : 1) * before[j * 3 + axis];
      const symmetric = (own * before[i * 3 + axis] + other * mirrored) / (own + other);
      displacements[i * 3 + axis] = share * (symmetric + difference * (before[i * 3 + axis] - symmetric));
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
      displacements[outerUpper * 3 + axis] -= excess;
      displacements[outerLower * 3 + axis] += excess;
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
    const share = portableSine((Math.PI * (row + 1)) / (eye.lidPairs.length + 1)) * 1.15;
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
  return norm2(
    landmarks[outer * 3] - landmarks[inner * 3],
    landmarks[outer * 3 + 1] - landmarks[inner * 3 + 1],
  );
}
