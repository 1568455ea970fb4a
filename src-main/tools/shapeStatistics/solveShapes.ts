import { invariant } from '#common/contract/errors';
import { evaluateHead, landmarkPositions } from '#common/head/evaluateHead';
import type { HeadModel } from '#common/head/headModel';
import { choleskyFactor, choleskySolve } from '#common/math/cholesky';
import {
  BY_ANCESTRY,
  CORRELATED,
  CORRELATIONS,
  DEPTH_CORRELATION,
  MEASURES,
} from '#tools/shapeStatistics/faceStatistics.data';
import { measureFace } from '#tools/shapeStatistics/measureFace';

/** Age, sex and ancestries of the people on the photographs, in the model's factors. */
export const TYPICAL = [-0.1, -0.1, -0.6, -0.5] as const;
const FACTORS = TYPICAL.length;
/** Standard deviations that a factor of sex and of an ancestry goes from one end to the other. */
const SEX_SPAN = 3.3;
const ANCESTRY_SPAN = 2.79;

/** Fits and tracker tell widths and noses of synthetic people apart only 1 / 1.45 as well as they differ. */
const GAIN = 1.5;
const DEPTH_GAIN = 1.1;
const SEX_GAIN = 1.7;
/** Share of the model's own difference in depth between the sexes that is kept. */
const SEX_DEPTH = 0.4;
const ANCESTRY_KEPT = 0.8;
/** No measure differs more than this against the model's own prior: modes that hardly move it would run away. */
const LARGEST_GAIN = 2.2;
/** How exactly means and deviations are met, in deviations. */
const LOOSENESS = 0.2;
/** Deviation of what no measure sees. */
const UNSEEN = 1.18;

export interface ShapeStatistics {
  readonly mean: Float64Array;
  /** Three a mode: sex, African, Asian ancestry. */
  readonly byFactor: Float64Array;
  /** Lower triangle of the covariance's Cholesky factor, row by row. */
  readonly root: Float64Array;
}

/**
 * The distribution of the model's shape modes nearest to its own prior under which measures of the face have the statistics
 * of MEASURES. With C the measures' change by mode and K = C^T (C C^T + R)^-1:
 *
 *   mean = K (wanted - the model's)      covariance = K T K^T + UNSEEN^2 (I - K C) (I - K C)^T
 */
export function solveShapes(model: HeadModel): ShapeStatistics {
  const count = MEASURES.length;
  const modes = model.identity.length - FACTORS;
  const { own, slopes } = measureModel(model);
  const slope = (m: number, mode: number): number => slopes[m * model.identity.length + mode];
  const C = Float64Array.from({ length: count * modes }, (_, i) =>
    slope(Math.floor(i / modes), FACTORS + (i % modes)),
  );
  const wide = MEASURES.map(({ deviation }, m) => {
    const prior = Math.hypot(...C.subarray(m * modes, (m + 1) * modes));
    return Math.min(deviation * GAIN, LARGEST_GAIN * prior);
  });
  const K = gainMatrix(C, wide, modes);
  const solve = (wanted: (m: number) => number): Float64Array => {
    const out = new Float64Array(modes);
    for (let mode = 0; mode < modes; mode++)
      for (let m = 0; m < count; m++) out[mode] += K[mode * count + m] * wanted(m);
    return out;
  };
  const bySex = solve((m) => {
    const modelled = slope(m, 1) * SEX_SPAN;
    const wanted = m < CORRELATED ? MEASURES[m].sexes : SEX_DEPTH * modelled;
    return (wanted * SEX_GAIN - modelled) / SEX_SPAN;
  });
  const byAncestry = (['african', 'asian'] as const).map((name, k) =>
    solve((m) => {
      const modelled = slope(m, 2 + k);
      const wanted = BY_ANCESTRY[name][MEASURES[m].name];
      return (wanted === undefined ? ANCESTRY_KEPT * modelled : wanted / ANCESTRY_SPAN) - modelled;
    }),
  );
  const factors = [bySex, ...byAncestry];
  return {
    mean: solve((m) => MEASURES[m].mean - own[m]),
    byFactor: Float64Array.from({ length: modes * 3 }, (_, i) => factors[i % 3][Math.floor(i / 3)]),
    root: lowerRoot(covariance(K, C, wide, modes), modes),
  };
}

/** The measures of the typical head and their change by identity mode, count * modes. */
function measureModel(model: HeadModel): { own: Float64Array; slopes: Float64Array } {
  const at = (mode: number, step: number): Float64Array => {
    const identity = new Float64Array(model.identity.length);
    identity.set(TYPICAL);
    if (mode >= 0) identity[mode] += step;
    const measures = measureFace(landmarkPositions(model, evaluateHead(model, identity)));
    return Float64Array.from(MEASURES, ({ name }) => measures[name]);
  };
  const slopes = new Float64Array(MEASURES.length * model.identity.length);
  for (let mode = 0; mode < model.identity.length; mode++) {
    const [low, high] = [at(mode, -0.5), at(mode, 0.5)];
    for (let m = 0; m < MEASURES.length; m++) slopes[m * model.identity.length + mode] = high[m] - low[m];
  }
  return { own: at(-1, 0), slopes };
}

/** K, modes * measures. */
function gainMatrix(C: Float64Array, wide: readonly number[], modes: number): Float64Array {
  const count = wide.length;
  const gram = new Float64Array(count * count);
  for (let a = 0; a < count; a++)
    for (let b = 0; b < count; b++)
      for (let k = 0; k < modes; k++) gram[a * count + b] += C[a * modes + k] * C[b * modes + k];
  wide.forEach((deviation, m) => (gram[m * count + m] += (LOOSENESS * deviation) ** 2));
  invariant(choleskyFactor(gram, count), 'measures are not of each other’s making');
  const K = new Float64Array(modes * count);
  for (let k = 0; k < modes; k++) {
    const column = Float64Array.from({ length: count }, (_, m) => C[m * modes + k]);
    choleskySolve(gram, count, column);
    K.set(column, k * count);
  }
  return K;
}

function covariance(K: Float64Array, C: Float64Array, wide: readonly number[], modes: number): Float64Array {
  const count = wide.length;
  const spread = MEASURES.map(({ deviation }, m) => {
    const share = wide[m] / (deviation * GAIN);
    return share * deviation * (m < CORRELATED ? GAIN : DEPTH_GAIN);
  });
  const out = new Float64Array(modes * modes);
  const unseen = new Float64Array(modes * modes);
  for (let i = 0; i < modes; i++)
    for (let j = 0; j < modes; j++) {
      let sum = i === j ? 1 : 0;
      for (let m = 0; m < count; m++) sum -= K[i * count + m] * C[m * modes + j];
      unseen[i * modes + j] = sum;
    }
  const half = new Float64Array(modes * count);
  for (let i = 0; i < modes; i++)
    for (let b = 0; b < count; b++)
      for (let a = 0; a < count; a++)
        half[i * count + b] += K[i * count + a] * correlation(a, b) * spread[a] * spread[b];
  for (let i = 0; i < modes; i++)
    for (let j = 0; j < modes; j++) {
      let sum = i === j ? 1e-6 : 0;
      for (let m = 0; m < count; m++) sum += half[i * count + m] * K[j * count + m];
      for (let k = 0; k < modes; k++) sum += UNSEEN ** 2 * unseen[i * modes + k] * unseen[j * modes + k];
      out[i * modes + j] = sum;
    }
  return out;
}

/** Heights and widths as on photographs, depths alike, the two kinds free of each other. */
function correlation(a: number, b: number): number {
  if (a === b) return 1;
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  if (high < CORRELATED) return CORRELATIONS[(high * (high - 1)) / 2 + low];
  return low < CORRELATED ? 0 : DEPTH_CORRELATION;
}

function lowerRoot(matrix: Float64Array, n: number): Float64Array {
  invariant(choleskyFactor(matrix, n), 'the covariance of the shape modes is positive');
  const out = new Float64Array((n * (n + 1)) / 2);
  for (let row = 0; row < n; row++)
    out.set(matrix.subarray(row * n, row * n + row + 1), (row * (row + 1)) / 2);
  return out;
}
