import { choleskyFactor, choleskySolve } from '#common/math/cholesky';
import { correlation, mean } from '#tools/evaluate/statistics';

/** One face: what a probe reads, and what it should say of it. */
export interface ProbeSample {
  readonly features: Float64Array;
  readonly values: readonly number[];
}

/** A face of a set that shows people several times. */
export interface PersonSample extends ProbeSample {
  readonly person: number;
}

/** Ridges to choose from, relative to the mean of the kernel's diagonal. */
const RIDGES = [0.1, 0.3, 1, 3, 10];

/** Parts that the people of a set are held out in. */
const PARTS = 5;

/** The ridge that reads people best who were held out of the set; whatever it is tested on later is not looked at. */
export function chooseRidge(samples: readonly PersonSample[]): number {
  const scores = RIDGES.map((ridge) => mean(heldOut(samples, ridge, PARTS, ({ person }) => person)));
  return RIDGES[scores.indexOf(Math.max(...scores))];
}

/** Correlation of each value with what a probe says that was trained on the rest, `parts` times. */
export function heldOut<Sample extends ProbeSample>(
  samples: readonly Sample[],
  ridge: number,
  parts: number,
  groupOf: (sample: Sample, index: number) => number,
): number[] {
  const predicted = samples[0].values.map(() => new Array<number>(samples.length));
  for (let part = 0; part < parts; part++) {
    const isHeld = (sample: Sample, index: number): boolean => groupOf(sample, index) % parts === part;
    const held = samples.flatMap((sample, index) => (isHeld(sample, index) ? [index] : []));
    const rest = samples.filter((sample, index) => !isHeld(sample, index));
    const answers = predict(
      rest,
      held.map((index) => samples[index]),
      ridge,
    );
    answers.forEach((values, target) => held.forEach((index, at) => (predicted[target][index] = values[at])));
  }
  return correlationsOf(samples, predicted);
}

/** Ridge regression in its dual form, as many unknowns as there are samples: one list of answers a value. */
export function predict(
  trained: readonly ProbeSample[],
  tested: readonly ProbeSample[],
  ridge: number,
): number[][] {
  const count = trained.length;
  const centre = trained[0].features.map((_, k) => mean(trained.map(({ features }) => features[k])));
  const centred = (samples: readonly ProbeSample[]): Float64Array[] =>
    samples.map(({ features }) => features.map((value, k) => value - centre[k]));
  const [rows, others] = [centred(trained), centred(tested)];
  const kernel = new Float64Array(count * count);
  for (let i = 0; i < count; i++) for (let j = 0; j <= i; j++) kernel[i * count + j] = dot(rows[i], rows[j]);
  const trace = mean(Array.from({ length: count }, (_, i) => kernel[i * count + i]));
  for (let i = 0; i < count; i++) kernel[i * count + i] += ridge * trace;
  choleskyFactor(kernel, count);
  const across = others.map((features) => rows.map((row) => dot(row, features)));
  return trained[0].values.map((_, target) => {
    const offset = mean(trained.map(({ values }) => values[target]));
    const weights = Float64Array.from(trained, ({ values }) => values[target] - offset);
    choleskySolve(kernel, count, weights);
    return across.map((similar) => offset + dot(similar, weights));
  });
}

/** Correlation of each value of the samples with what was said of it. */
export function correlationsOf(
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
