import { INNER_LIP_PAIRS, LEFT_EYE, MOUTH_CORNERS, RIGHT_EYE } from '#common/reconstruction/fit/landmarkSets';
import type { EyeLandmarks } from '#common/reconstruction/fit/landmarkSets';
import { LANDMARK_COORDINATES } from '#common/reconstruction/fit/landmarkBasis';
import type { LandmarkBasis } from '#common/reconstruction/fit/landmarkBasis';

/**
 * Measures of the neutral face that a lasting smile or a squint would spoil. Identity modes may change them
 * only as far as neutral faces of real people differ; what is left must be expression.
 */
export interface NeutralPrior {
  /** Rows * identityCount: change of each measure per standard deviation of a mode, in standard deviations of the measure. */
  readonly rows: Float64Array;
  readonly count: number;
}

interface Measure {
  /** Linear in the landmarks: [landmark, axis, factor]. */
  readonly terms: readonly (readonly [number, number, number])[];
  /** Standard deviation over neutral faces, metres. */
  readonly spread: number;
}

const Y = 1;

// Spreads: palpebral fissure 10 +- 1 mm and mouth width 50 +- 3.5 mm (adult anthropometry), others by judgement.
const LID_SPREAD = 0.001;
const MOUTH_WIDTH_SPREAD = 0.003;
const CORNER_HEIGHT_SPREAD = 0.0012;
const LIP_GAP_SPREAD = 0.0003;
const BROW_SPREAD = 0.004;

const CACHE = new WeakMap<LandmarkBasis, NeutralPrior>();

export function neutralPrior(basis: LandmarkBasis): NeutralPrior {
  const known = CACHE.get(basis);
  if (known) return known;
  const measures = listMeasures();
  const rows = new Float64Array(measures.length * basis.identityCount);
  measures.forEach(({ terms, spread }, row) => {
    for (let mode = 0; mode < basis.identityCount; mode++) {
      let change = 0;
      for (const [landmark, axis, factor] of terms) {
        change += factor * basis.identity[mode * LANDMARK_COORDINATES + landmark * 3 + axis];
      }
      rows[row * basis.identityCount + mode] = change / spread;
    }
  });
  const prior = { rows, count: measures.length };
  CACHE.set(basis, prior);
  return prior;
}

function listMeasures(): Measure[] {
  const [right, left] = MOUTH_CORNERS;
  return [
    ...eyeMeasures(RIGHT_EYE),
    ...eyeMeasures(LEFT_EYE),
    { terms: [[left, 0, 1], [right, 0, -1]], spread: MOUTH_WIDTH_SPREAD },
    { terms: [[right, Y, 1], [13, Y, -0.5], [14, Y, -0.5]], spread: CORNER_HEIGHT_SPREAD },
    { terms: [[left, Y, 1], [13, Y, -0.5], [14, Y, -0.5]], spread: CORNER_HEIGHT_SPREAD },
    ...INNER_LIP_PAIRS.map(([upper, lower]): Measure => ({
      terms: [[upper, Y, 1], [lower, Y, -1]],
      spread: LIP_GAP_SPREAD,
    })),
  ]; // prettier-ignore
}

function eyeMeasures(eye: EyeLandmarks): Measure[] {
  const lids = [1, 3, 5].map((at): Measure => ({
    terms: [[eye.lidPairs[at][0], Y, 1], [eye.lidPairs[at][1], Y, -1]],
    spread: LID_SPREAD,
  })); // prettier-ignore
  const share = 1 / eye.brow.length;
  const brow: Measure = {
    terms: [
      ...eye.brow.map((landmark): readonly [number, number, number] => [landmark, Y, share]),
      [eye.corners[0], Y, -0.5],
      [eye.corners[1], Y, -0.5],
    ],
    spread: BROW_SPREAD,
  };
  return [...lids, brow];
}
