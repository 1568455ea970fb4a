import { createSeededRandom } from '#common/math/seededRandom';
import type { FaceTracker } from '#common/tracking/faceObservation';
import type { RgbaImage } from '#common/image/rasterImage';
import type { Table } from '#tools/evaluate/printTable';
import { fixed } from '#tools/evaluate/printTable';
import { correlation, mean, quantile } from '#tools/evaluate/statistics';
import { alignedGradients, eyeCentres } from '#tools/evaluateSynthetic/alignedGradients';
import type { PersonSample, ProbeSample } from '#tools/evaluateSynthetic/ridgeProbe';
import { chooseRidge, correlationsOf, heldOut, predict } from '#tools/evaluateSynthetic/ridgeProbe';
import type { SyntheticSubjects } from '#tools/evaluateSynthetic/syntheticSubjects';

/** What is read off a face; lengths in eye distances, yaw in degrees. */
const TARGETS = ['mouth opening', 'mouth width', 'yaw'] as const;

/** What the prototype reached, and what is asked for. */
const AIMS: Readonly<Record<(typeof TARGETS)[number], number>> = {
  'mouth opening': 0.6,
  'mouth width': 0.72,
  yaw: 0.9,
};

/** Portraits turn little: standard deviation in degrees of the photographs' yaw. */
const YAW_SPREAD = 14;

/** Features of two prints of one photograph agree better than this. */
const SAME_PICTURE = 0.9;

/** Of synthetic faces, every which is shown to the tracker to compare labels. */
const COMPARED = 4;

export interface ProbeFigures {
  readonly trained: readonly ProbeSample[];
  /** The photographs, without second prints. */
  readonly tested: readonly ProbeSample[];
  /** Chosen on people held out of the synthetic set. */
  readonly ridge: number;
  readonly correlations: readonly number[];
  /** A probe of the same kind trained on the photographs themselves, eightfold: what is possible. */
  readonly real: readonly number[];
  /** Correlation of the synthetic faces' own labels with the tracker's for the same pictures. */
  readonly agreement: readonly number[];
}

/** Photographs as the tracker labels them, without second prints, which would help a probe trained on the rest. */
export async function labelPhotographs(
  photographs: readonly RgbaImage[],
  tracker: FaceTracker,
): Promise<readonly ProbeSample[]> {
  const samples: ProbeSample[] = [];
  for (const image of photographs) {
    const sample = await observeSample(image, tracker);
    if (sample !== undefined && samples.every((other) => !isSamePicture(sample, other))) samples.push(sample);
  }
  return samples;
}

/**
 * How much of what a linear probe learns on synthetic faces holds for photographs: gradients of the aligned face, ridge
 * regression. Photographs are labelled by the studio's tracker, synthetic faces by their own labels.
 */
export async function measureProbe(
  subjects: SyntheticSubjects,
  tested: readonly ProbeSample[],
  tracker: FaceTracker,
  { people, shots }: { readonly people: number; readonly shots: number },
): Promise<ProbeFigures> {
  const random = createSeededRandom(3);
  const trained: PersonSample[] = [];
  const pairs: (readonly [readonly number[], readonly number[]])[] = [];
  for (let person = 0; person < people; person++) {
    for (let take = 0; take < shots; take++) {
      const yaw = Math.max(-50, Math.min(50, random.normal() * YAW_SPREAD));
      const shot = { yaw, pitch: random.between(-8, 12), take, isDrawn: true };
      const { image, landmarks } = subjects.shoot(person, shot);
      const values = valuesOf(landmarks, yaw);
      trained.push({ features: alignedGradients(image, landmarks), values, person });
      if (trained.length % COMPARED !== 0) continue;
      const tracked = await observeSample(image, tracker);
      if (tracked !== undefined) pairs.push([values, tracked.values]);
    }
  }
  const agreement = TARGETS.map((_, target) =>
    correlation(
      pairs.map(([own]) => own[target]),
      pairs.map(([, seen]) => seen[target]),
    ),
  );
  const ridge = chooseRidge(trained);
  const correlations = correlationsOf(tested, predict(trained, tested, ridge));
  const real = heldOut(tested, ridge, 8, (_, index) => index);
  return { trained, tested, ridge, correlations, real, agreement };
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

/** One column a set of synthetic faces, each of other people; the aims are of their mean. */
export function probeTable(sets: readonly ProbeFigures[]): Table {
  const averaged = (of: (figures: ProbeFigures) => readonly number[], target: number): number =>
    mean(sets.map((figures) => of(figures)[target]));
  const reached = TARGETS.map((_, target) => averaged(({ correlations }) => correlations, target));
  const [{ trained, tested }] = sets;
  return {
    title: `a linear probe trained on ${trained.length} synthetic faces, tested on ${tested.length} photographs: correlation`,
    head: ['', ...sets.map(({ ridge }, k) => `set ${k + 1}, ridge ${ridge}`), 'mean', 'photographs (8-fold)', "own labels with the tracker's"], // prettier-ignore
    rows: TARGETS.map((name, target) => [
      name,
      ...sets.map(({ correlations }) => fixed(correlations[target], 2)),
      fixed(reached[target], 2),
      fixed(
        averaged(({ real }) => real, target),
        2,
      ),
      fixed(
        averaged(({ agreement }) => agreement, target),
        2,
      ),
    ]),
    verdicts: TARGETS.map((name, target) => ({
      aim: `${name} >= ${AIMS[name]}`,
      measured: fixed(reached[target], 3),
      isMet: reached[target] >= AIMS[name],
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
