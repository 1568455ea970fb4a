import { invariant } from '#common/contract/errors';
import { choleskyFactor, choleskySolve } from '#common/math/cholesky';

/**
 * A smooth field through values given at scattered 3D centres: radial basis functions with the multiquadric
 * sqrt(r^2 + c^2), conditionally positive definite of order one, plus a constant. Far from the centres it
 * tends to a constant, so nothing runs away at the back of a head (thin-plate r^3 does).
 *
 *   minimise  bending energy + sum_i |f(x_i) - d_i|^2 / slack_i
 *
 * Several components (say the three coordinates of two displacements) share one kernel.
 */
export interface MultiquadricField {
  /** count * 3. */
  readonly centres: Float64Array;
  /** c in the centres' unit. */
  readonly softness: number;
  readonly components: number;
  /** count * components. */
  readonly coefficients: Float64Array;
  readonly constant: Float64Array;
}

export interface FieldData {
  /** count * 3. */
  readonly centres: Float64Array;
  /** count * components. */
  readonly values: Float64Array;
  readonly components: number;
  /** One per centre: 0 interpolates, larger values let the field pass by; in units of length. */
  readonly slack: Float64Array;
  readonly softness: number;
}

/** Solves the dense system: count^3 / 6 multiplications. Coincident centres need some slack. */
export function fitMultiquadricField(data: FieldData): MultiquadricField {
  const { components } = data;
  const n = data.centres.length / 3;
  invariant(
    n >= 1 && data.values.length === n * components,
    'a field has one value per centre and component',
  );
  const factor = factorKernel(data, n);
  // Block elimination of the constant: c = A^-1 (d - m 1) with 1^T c = 0.
  const ones = new Float64Array(n).fill(1);
  choleskySolve(factor, n, ones);
  const onesSum = ones.reduce((sum, value) => sum + value, 0);
  const coefficients = new Float64Array(n * components);
  const constant = new Float64Array(components);
  const column = new Float64Array(n);
  for (let k = 0; k < components; k++) {
    for (let i = 0; i < n; i++) column[i] = data.values[i * components + k];
    choleskySolve(factor, n, column);
    const mean = column.reduce((sum, value) => sum + value, 0) / onesSum;
    constant[k] = mean;
    for (let i = 0; i < n; i++) coefficients[i * components + k] = column[i] - mean * ones[i];
  }
  return { centres: data.centres, softness: data.softness, components, coefficients, constant };
}

/** Factor of K + slack, K_ij = shift - sqrt(r^2 + c^2): the shift makes it definite and cancels with the constant. */
function factorKernel(data: FieldData, n: number): Float64Array {
  const { centres, slack, softness } = data;
  let reach = 0;
  const kernel = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = distance(centres, i, j, softness);
      kernel[i * n + j] = -value;
      if (value > reach) reach = value;
    }
  }
  for (let attempt = 0, shift = 4 * reach; attempt < 4; attempt++, shift *= 8) {
    const matrix = kernel.slice();
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) matrix[i * n + j] += shift;
      matrix[i * n + i] += slack[i] + 1e-9 * reach;
    }
    if (choleskyFactor(matrix, n)) return matrix;
  }
  invariant(false, 'the kernel of a multiquadric field is positive definite after a shift');
}

/**
 * The field at each of `points` (count * 3): count * components.
 * Cost: one square root and `components` multiplications per point and centre.
 */
export function evaluateMultiquadricField(
  field: MultiquadricField,
  points: Float32Array | Float64Array,
): Float64Array {
  const { centres, softness, components, coefficients, constant } = field;
  const count = points.length / 3;
  const centreCount = centres.length / 3;
  const out = new Float64Array(count * components);
  const kernel = new Float64Array(centreCount);
  // One component after the other, so that the inner loops run over plain rows.
  const rows = Array.from({ length: components }, (_, k) =>
    Float64Array.from({ length: centreCount }, (_unused, i) => coefficients[i * components + k]),
  );
  const soft = softness * softness;
  for (let p = 0; p < count; p++) {
    const x = points[p * 3];
    const y = points[p * 3 + 1];
    const z = points[p * 3 + 2];
    for (let i = 0; i < centreCount; i++) {
      const dx = x - centres[i * 3];
      const dy = y - centres[i * 3 + 1];
      const dz = z - centres[i * 3 + 2];
      kernel[i] = Math.sqrt(dx * dx + dy * dy + dz * dz + soft);
    }
    for (let k = 0; k < components; k++) {
      const row = rows[k];
      let sum = constant[k];
      for (let i = 0; i < centreCount; i++) sum -= kernel[i] * row[i];
      out[p * components + k] = sum;
    }
  }
  return out;
}

function distance(points: Float64Array, i: number, j: number, softness: number): number {
  const x = points[i * 3] - points[j * 3];
  const y = points[i * 3 + 1] - points[j * 3 + 1];
  const z = points[i * 3 + 2] - points[j * 3 + 2];
  return Math.sqrt(x * x + y * y + z * z + softness * softness);
}
