import { invariant } from '#common/contract/errors';
import { choleskyFactor, choleskySolve } from '#common/math/cholesky';

/**
 * A smooth vector field through values given at scattered 3D centres: radial basis functions with the
 * multiquadric sqrt(r^2 + c^2), conditionally positive definite of order one, plus a constant. Far from the
 * centres it tends to a constant, so nothing runs away at the back of a head (thin-plate r^3 does).
 *
 *   minimise  bending energy + sum_i |f(x_i) - d_i|^2 / slack_i
 */
export interface MultiquadricField {
  readonly centres: Float64Array;
  /** c in the centres' unit. */
  readonly softness: number;
  /** Three per centre. */
  readonly coefficients: Float64Array;
  readonly constant: readonly [number, number, number];
}

export interface FieldData {
  /** count * 3. */
  readonly centres: Float64Array;
  /** count * 3. */
  readonly values: Float64Array;
  /** One per centre: 0 interpolates, larger values let the field pass by; in units of length. */
  readonly slack: Float64Array;
  readonly softness: number;
}

/** Solves the dense system: count^3 / 6 multiplications. Coincident centres need some slack. */
export function fitMultiquadricField(data: FieldData): MultiquadricField {
  const n = data.centres.length / 3;
  invariant(n >= 1 && data.values.length === data.centres.length, 'a field has one value per centre');
  const factor = factorKernel(data, n);
  // Block elimination of the constant: c = A^-1 (d - m 1) with 1^T c = 0.
  const ones = new Float64Array(n).fill(1);
  choleskySolve(factor, n, ones);
  const onesSum = ones.reduce((sum, value) => sum + value, 0);
  const coefficients = new Float64Array(n * 3);
  const constant: [number, number, number] = [0, 0, 0];
  const column = new Float64Array(n);
  for (let axis = 0; axis < 3; axis++) {
    for (let i = 0; i < n; i++) column[i] = data.values[i * 3 + axis];
    choleskySolve(factor, n, column);
    const mean = column.reduce((sum, value) => sum + value, 0) / onesSum;
    constant[axis] = mean;
    for (let i = 0; i < n; i++) coefficients[i * 3 + axis] = column[i] - mean * ones[i];
  }
  return { centres: data.centres, softness: data.softness, coefficients, constant };
}

/** Factor of K + slack, K_ij = shift - sqrt(r^2 + c^2): the shift makes it definite and cancels with the constant. */
function factorKernel(data: FieldData, n: number): Float64Array {
  const { centres, slack, softness } = data;
  let reach = 0;
  const kernel = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = distance(centres, i, centres, j, softness);
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

/** The field at each of `points` (count * 3), same layout. */
export function evaluateMultiquadricField(
  field: MultiquadricField,
  points: Float32Array | Float64Array,
): Float64Array {
  const { centres, softness, coefficients, constant } = field;
  const count = points.length / 3;
  const centreCount = centres.length / 3;
  const out = new Float64Array(count * 3);
  const soft = softness * softness;
  for (let p = 0; p < count; p++) {
    const x = points[p * 3];
    const y = points[p * 3 + 1];
    const z = points[p * 3 + 2];
    let fx = constant[0];
    let fy = constant[1];
    let fz = constant[2];
    for (let i = 0; i < centreCount; i++) {
      const dx = x - centres[i * 3];
      const dy = y - centres[i * 3 + 1];
      const dz = z - centres[i * 3 + 2];
      const kernel = -Math.sqrt(dx * dx + dy * dy + dz * dz + soft);
      fx += kernel * coefficients[i * 3];
      fy += kernel * coefficients[i * 3 + 1];
      fz += kernel * coefficients[i * 3 + 2];
    }
    out[p * 3] = fx;
    out[p * 3 + 1] = fy;
    out[p * 3 + 2] = fz;
  }
  return out;
}

function distance(a: Float64Array, i: number, b: Float64Array, j: number, softness: number): number {
  const x = a[i * 3] - b[j * 3];
  const y = a[i * 3 + 1] - b[j * 3 + 1];
  const z = a[i * 3 + 2] - b[j * 3 + 2];
  return Math.sqrt(x * x + y * y + z * z + softness * softness);
}
