import { invariant } from '#common/contract/errors';
import { choleskyFactor, choleskySolve } from '#common/math/cholesky';
import { symmetricEigen } from '#common/math/symmetricEigen';

import type { SampledIdentity } from './identityPrior';

/** A named direction at one standard deviation, in the space of the columns. */
export interface BasisDirection {
  readonly name: string;
  readonly values: Float64Array;
}

export interface ColumnSpace {
  /** Names of the source targets, one per column. */
  readonly names: readonly string[];
  /** Displacement of everything (vertices, then joints) for weight 1 of the target. */
  readonly columns: readonly Float64Array[];
  /** The part of each column that is its own mirror image; columns minus this are antisymmetric. */
  readonly symmetric: readonly Float64Array[];
  /** Importance of each coordinate for the variance that the modes are ordered by. */
  readonly metric: Float64Array;
}

const FACTORS = ['age', 'sex', 'ancestryAfrican', 'ancestryAsian'] as const;

function factorsOf({ age, sex, ancestry }: SampledIdentity): number[] {
  return [age, sex, ancestry.african, ancestry.asian];
}

/** Sample statistics of the prior in the space of target weights. */
interface WeightStatistics {
  readonly mean: Float64Array;
  /** Rows: FACTORS; change of the mean weights per standard deviation of the factor. */
  readonly slopes: Float64Array[];
  /** Covariance of what the factors do not explain, row-major. */
  readonly residual: Float64Array;
}

/**
 * Everything is linear in the target weights, so the statistics of thousands of people need only the weights'
 * covariance. The four factors are regressed out; modes are the principal components of the rest, mirror
 * images of the people included: each mode is exactly symmetric or antisymmetric.
 */
export function identityBasis(
  space: ColumnSpace,
  people: readonly SampledIdentity[],
  modeCount: number,
): { mean: Float64Array; directions: BasisDirection[] } {
  const statistics = weightStatistics(space.names, people);
  const directions: BasisDirection[] = FACTORS.map((name, f) => ({
    name,
    values: combine(space.symmetric, statistics.slopes[f]),
  }));
  const modes = [
    ...principalModes(space.symmetric, space.metric, statistics.residual, modeCount),
    ...principalModes(
      space.columns.map((column, t) => column.map((value, i) => value - space.symmetric[t][i])),
      space.metric,
      statistics.residual,
      modeCount,
    ),
  ];
  modes.sort((a, b) => b.variance - a.variance);
  modes
    .slice(0, modeCount)
    .forEach(({ values }, k) =>
      directions.push({ name: `shape${String(k + 1).padStart(2, '0')}`, values: oriented(values) }),
    );
  return { mean: combine(space.symmetric, statistics.mean), directions };
}

/** Eigenvectors have no sign of their own: the largest coordinate is made positive. */
function oriented(values: Float64Array): Float64Array {
  let largest = 0;
  for (const value of values) if (Math.abs(value) > Math.abs(largest) * 1.0001) largest = value;
  return largest < 0 ? values.map((value) => -value) : values;
}

function combine(columns: readonly Float64Array[], weights: ArrayLike<number>): Float64Array {
  const out = new Float64Array(columns[0].length);
  columns.forEach((column, t) => {
    const w = weights[t];
    if (w !== 0) for (let i = 0; i < out.length; i++) out[i] += w * column[i];
  });
  return out;
}

function weightStatistics(names: readonly string[], people: readonly SampledIdentity[]): WeightStatistics {
  const n = names.length;
  const rows = people.map((person) => Float64Array.from(names, (name) => person.weights.get(name) ?? 0));
  const mean = columnMeans(rows);
  for (const row of rows) for (let t = 0; t < n; t++) row[t] -= mean[t];
  const factors = standardised(people.map(factorsOf));
  const slopes = regress(factors, rows);
  const residual = new Float64Array(n * n);
  rows.forEach((row, p) => {
    slopes.forEach((slope, f) => {
      for (let t = 0; t < n; t++) row[t] -= factors[p][f] * slope[t];
    });
    for (let i = 0; i < n; i++) {
      if (row[i] === 0) continue;
      for (let j = 0; j < n; j++) residual[i * n + j] += (row[i] * row[j]) / rows.length;
    }
  });
  return { mean, slopes, residual };
}

function columnMeans(rows: readonly ArrayLike<number>[]): Float64Array {
  const mean = new Float64Array(rows[0].length);
  for (const row of rows) for (let i = 0; i < mean.length; i++) mean[i] += row[i] / rows.length;
  return mean;
}

function standardised(rows: readonly number[][]): number[][] {
  const mean = columnMeans(rows);
  const deviation = mean.map((m, i) =>
    Math.sqrt(rows.reduce((sum, row) => sum + (row[i] - m) ** 2, 0) / rows.length),
  );
  return rows.map((row) => row.map((value, i) => (value - mean[i]) / deviation[i]));
}

/** Least squares of all weights on the factors together. */
function regress(factors: readonly number[][], rows: readonly Float64Array[]): Float64Array[] {
  const f = FACTORS.length;
  const n = rows[0].length;
  const normal = new Float64Array(f * f);
  const right = Array.from({ length: n }, () => new Float64Array(f));
  factors.forEach((x, p) => {
    for (let i = 0; i < f; i++) {
      for (let j = 0; j < f; j++) normal[i * f + j] += x[i] * x[j];
      for (let t = 0; t < n; t++) right[t][i] += x[i] * rows[p][t];
    }
  });
  invariant(choleskyFactor(normal, f), 'the identity factors vary independently');
  for (const b of right) choleskySolve(normal, f, b);
  return Array.from({ length: f }, (_, i) => Float64Array.from(right, (b) => b[i]));
}

/** Principal components of sum_t w_t column_t for weights of covariance `covariance`, by falling variance. */
function principalModes(
  columns: readonly Float64Array[],
  metric: Float64Array,
  covariance: Float64Array,
  count: number,
): { variance: number; values: Float64Array }[] {
  const n = columns.length;
  const root = Float64Array.from(covariance);
  for (let i = 0; i < n; i++) root[i * n + i] += 1e-9;
  invariant(choleskyFactor(root, n), 'the covariance of the target weights is positive');
  const gram = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      const a = columns[i];
      const b = columns[j];
      for (let k = 0; k < a.length; k++) sum += metric[k] * a[k] * b[k];
      gram[i * n + j] = gram[j * n + i] = sum;
    }
  const small = sandwich(root, gram, n);
  const { values, vectors } = symmetricEigen(small, n);
  return Array.from({ length: Math.min(count, n) }, (_, k) => {
    const weights = new Float64Array(n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) weights[i] += root[i * n + j] * vectors[k * n + j];
    return { variance: values[k], values: combine(columns, weights) };
  });
}

/** L^T G L for a lower triangular L. */
function sandwich(lower: Float64Array, gram: Float64Array, n: number): Float64Array {
  const right = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const g = gram[i * n + k];
      if (g !== 0) for (let j = 0; j <= k; j++) right[i * n + j] += g * lower[k * n + j];
    }
  const out = new Float64Array(n * n);
  for (let k = 0; k < n; k++)
    for (let i = 0; i <= k; i++) {
      const l = lower[k * n + i];
      if (l !== 0) for (let j = 0; j < n; j++) out[i * n + j] += l * right[k * n + j];
    }
  return out;
}
