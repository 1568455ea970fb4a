import { choleskyFactor, choleskySolve } from '#common/math/cholesky';
import { createSeededRandom } from '#common/math/seededRandom';
import type { FaceTracker } from '#common/tracking/faceObservation';
import type { RgbaImage } from '#common/image/rasterImage';
import type { Table } from '#tools/evaluate/printTable';
import { fixed } from '#tools/evaluate/printTable';
import { correlation, mean } from '#tools/evaluate/statistics';
import { alignedGradients, eyeCentres } from '#tools/evaluateSynthetic/alignedGradients';
import type { SyntheticSubjects } from '#tools/evaluateSynthetic/syntheticSubjects';

/** What is read off a face; lengths in eye distances, yaw in degrees. */
const TARGETS = ['mouth opening', 'mouth width', 'yaw'] as const;

/** What the prototype reached, and what is asked for. */
const AIMS: Readonly<Record<(typeof TARGETS)[number], number>> = {
  'mouth opening': 0.6,
  'mouth width': 0.72,
  yaw: 0.9,
};

/** Relative to the mean of the kernel's diagonal; chosen once, on synthetic faces held out. */
const RIDGE = 0.02;

interface Sample {
  readonly features: Float64Array;
  readonly values: readonly number[];
}

export interface ProbeFigures {
  readonly trained: number;
  readonly tested: number;
  readonly correlations: readonly number[];
  /** A probe of the same kind trained on the photographs themselves, eightfold: what is possible. */
  readonly real: readonly number[];
}

/**
 * How much of what a linear probe learns on synthetic faces holds for photographs: gradients of the aligned face, ridge
 * regression. Photographs are labelled by the studio's tracker, synthetic faces by their own labels.
 */
export async function measureProbe(
  subjects: SyntheticSubjects,
  photographs: readonly RgbaImage[],
  tracker: FaceTracker,
  { people, shots }: { readonly people: number; readonly shots: number },
): Promise<ProbeFigures> {
  const random = createSeededRandom(3);
  const trained: Sample[] = [];
  for (let index = 0; index < people; index++) {
    for (let take = 0; take < shots; take++) {
      const yaw = Math.max(-50, Math.min(50, random.normal() * 20));
      const shot = { yaw, pitch: random.between(-8, 12), take, isDrawn: true };
      const { image, landmarks } = subjects.shoot(index, shot);
      trained.push({ features: alignedGradients(image, landmarks), values: valuesOf(landmarks, yaw) });
    }
  }
  const tested: Sample[] = [];
  for (const image of photographs) {
    const [face] = await tracker.observe(image);
    if (face === undefined) continue;
    const { landmarks, headRotation } = face;
    tested.push({
      features: alignedGradients(image, landmarks),
      values: valuesOf(landmarks, yawOf(headRotation)),
    });
  }
  const correlations = correlationsOf(tested, predict(trained, tested));
  return { trained: trained.length, tested: tested.length, correlations, real: crossValidated(tested, 8) };
}

function valuesOf(landmarks: ArrayLike<number>, yaw: number): readonly number[] {
  const apart = (a: number, b: number): number =>
    Math.hypot(landmarks[a * 3] - landmarks[b * 3], landmarks[a * 3 + 1] - landmarks[b * 3 + 1]);
  const [right, left] = eyeCentres(landmarks);
  const eyes = Math.hypot(left[0] - right[0], left[1] - right[1]);
  return [apart(13, 14) / eyes, apart(61, 291) / eyes, yaw];
}

/** Degrees, of the face's forward axis against the camera; the sign as in `Shot.yaw`. */
function yawOf(rotation: ArrayLike<number>): number {
  return (Math.atan2(-rotation[2], -rotation[8]) * 180) / Math.PI;
}

/** Ridge regression in its dual form: as many unknowns as there are samples. */
function predict(trained: readonly Sample[], tested: readonly Sample[]): number[][] {
  const count = trained.length;
  const centre = trained[0].features.map((_, k) => mean(trained.map(({ features }) => features[k])));
  const centred = (samples: readonly Sample[]): Float64Array[] =>
    samples.map(({ features }) => features.map((value, k) => value - centre[k]));
  const [rows, others] = [centred(trained), centred(tested)];
  const kernel = new Float64Array(count * count);
  for (let i = 0; i < count; i++) for (let j = 0; j <= i; j++) kernel[i * count + j] = dot(rows[i], rows[j]);
  const trace = mean(Array.from({ length: count }, (_, i) => kernel[i * count + i]));
  for (let i = 0; i < count; i++) kernel[i * count + i] += RIDGE * trace;
  choleskyFactor(kernel, count);
  const across = others.map((features) => rows.map((row) => dot(row, features)));
  return TARGETS.map((_, target) => {
    const offset = mean(trained.map(({ values }) => values[target]));
    const weights = Float64Array.from(trained, ({ values }) => values[target] - offset);
    choleskySolve(kernel, count, weights);
    return across.map((similar) => offset + dot(similar, weights));
  });
}

function crossValidated(samples: readonly Sample[], folds: number): number[] {
  const predicted = TARGETS.map(() => new Array<number>(samples.length));
  for (let fold = 0; fold < folds; fold++) {
    const held = samples.flatMap((_, index) => (index % folds === fold ? [index] : []));
    const rest = samples.filter((_, index) => index % folds !== fold);
    const answers = predict(
      rest,
      held.map((index) => samples[index]),
    );
    answers.forEach((values, target) => held.forEach((index, at) => (predicted[target][index] = values[at])));
  }
  return correlationsOf(samples, predicted);
}

function correlationsOf(samples: readonly Sample[], predicted: readonly (readonly number[])[]): number[] {
  return predicted.map((values, target) =>
    correlation(
      values,
      samples.map((sample) => sample.values[target]),
    ),
  );
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

export function probeTable({ trained, tested, correlations, real }: ProbeFigures): Table {
  return {
    title: `a linear probe trained on ${trained} synthetic faces, tested on ${tested} photographs: correlation`,
    head: ['', 'synthetic', 'photographs (8-fold)'],
    rows: TARGETS.map((name, target) => [name, fixed(correlations[target], 2), fixed(real[target], 2)]),
    verdicts: TARGETS.map((name, target) => ({
      aim: `${name} >= ${AIMS[name]}`,
      measured: fixed(correlations[target], 3),
      isMet: correlations[target] >= AIMS[name],
    })),
  };
}
