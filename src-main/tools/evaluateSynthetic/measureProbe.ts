import { choleskyFactor, choleskySolve } from '#common/math/cholesky';
import { createSeededRandom } from '#common/math/seededRandom';
import type { FaceTracker } from '#common/tracking/faceObservation';
import type { RgbaImage } from '#common/image/rasterImage';
import type { Table } from '#tools/evaluate/printTable';
import { fixed } from '#tools/evaluate/printTable';
import { correlation, mean, quantile } from '#tools/evaluate/statistics';
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

/**
 * Relative to the mean of the kernel's diagonal. People held out of the synthetic set are read equally well from 0.3 to 1;
 * the step to photographs wants more, see README.md.
 */
const RIDGE = 3;

/** Portraits turn little: standard deviation in degrees of the photographs' yaw. */
const YAW_SPREAD = 14;

/** Features of two prints of one photograph agree better than this. */
const SAME_PICTURE = 0.9;

/** Of synthetic faces, every which is shown to the tracker to compare labels. */
const COMPARED = 4;

/** One face. */
export interface ProbeSample {
  readonly features: Float64Array;
  readonly values: readonly number[];
}

export interface ProbeFigures {
  readonly trained: readonly ProbeSample[];
  /** The photographs, without second prints. */
  readonly tested: readonly ProbeSample[];
  readonly correlations: readonly number[];
  /** A probe of the same kind trained on the photographs themselves, eightfold: what is possible. */
  readonly real: readonly number[];
  /** Correlation of the synthetic faces' own labels with the tracker's for the same pictures. */
  readonly agreement: readonly number[];
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
  const trained: ProbeSample[] = [];
  const pairs: (readonly [readonly number[], readonly number[]])[] = [];
  for (let index = 0; index < people; index++) {
    for (let take = 0; take < shots; take++) {
      const yaw = Math.max(-50, Math.min(50, random.normal() * YAW_SPREAD));
      const shot = { yaw, pitch: random.between(-8, 12), take, isDrawn: true };
      const { image, landmarks } = subjects.shoot(index, shot);
      const values = valuesOf(landmarks, yaw);
      trained.push({ features: alignedGradients(image, landmarks), values });
      if (trained.length % COMPARED !== 0) continue;
      const tracked = await observeSample(image, tracker);
      if (tracked !== undefined) pairs.push([values, tracked.values]);
    }
  }
  const tested: ProbeSample[] = [];
  for (const image of photographs) {
    const sample = await observeSample(image, tracker);
    if (sample !== undefined && tested.every((other) => !isSamePicture(sample, other))) tested.push(sample);
  }
  const agreement = TARGETS.map((_, target) =>
    correlation(
      pairs.map(([own]) => own[target]),
      pairs.map(([, seen]) => seen[target]),
    ),
  );
  const correlations = correlationsOf(tested, predict(trained, tested));
  return { trained, tested, correlations, real: crossValidated(tested, 8), agreement };
}

/** A picture as the tracker sees it. */
async function observeSample(image: RgbaImage, tracker: FaceTracker): Promise<ProbeSample | undefined> {
  const [face] = await tracker.observe(image);
  if (face === undefined) return undefined;
  const { landmarks, headRotation } = face;
  const features = alignedGradients(image, landmarks);
  return { features, values: valuesOf(landmarks, yawOf(headRotation)) };
}

function isSamePicture(a: ProbeSample, b: ProbeSample): boolean {
  return correlation([...a.features], [...b.features]) > SAME_PICTURE;
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
function predict(trained: readonly ProbeSample[], tested: readonly ProbeSample[]): number[][] {
  const count = trained.length;
  const centre = trained[0].features.map((_, k) => mean(trained.map(({ features }) => features[k])));
  const centred = (samples: readonly ProbeSample[]): Float64Array[] =>
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

function crossValidated(samples: readonly ProbeSample[], folds: number): number[] {
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

function correlationsOf(
  samples: readonly ProbeSample[],
  predicted: readonly (readonly number[])[],
): number[] {
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

export function probeTable({ trained, tested, correlations, real, agreement }: ProbeFigures): Table {
  return {
    title: `a linear probe trained on ${trained.length} synthetic faces, tested on ${tested.length} photographs: correlation`,
    head: ['', 'synthetic', 'photographs (8-fold)', "own labels with the tracker's"],
    rows: TARGETS.map((name, target) => [
      name,
      fixed(correlations[target], 2),
      fixed(real[target], 2),
      fixed(agreement[target], 2),
    ]),
    verdicts: TARGETS.map((name, target) => ({
      aim: `${name} >= ${AIMS[name]}`,
      measured: fixed(correlations[target], 3),
      isMet: correlations[target] >= AIMS[name],
    })),
  };
}

const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95];

/** What both sets show, side by side: a probe reads badly what it has seldom seen. */
export function probeDistributions({ trained, tested }: ProbeFigures): Table {
  const row = (name: string, samples: readonly ProbeSample[], target: number): string[] => {
    const values = samples.map((sample) => sample.values[target]);
    return [
      `${TARGETS[target]}, ${name}`,
      ...SHARES.map((share) => fixed(quantile(values, share), 2)),
      fixed(
        correlation(
          values,
          samples.map((sample) => sample.values[0]),
        ),
        2,
      ),
    ];
  };
  return {
    title: 'what the two sets show (lengths in eye distances, yaw in degrees)',
    head: ['', ...SHARES.map((share) => `${share * 100} %`), 'correlation with opening'],
    rows: TARGETS.flatMap((_, target) => [
      row('synthetic', trained, target),
      row('photographs', tested, target),
    ]),
    verdicts: [],
  };
}
