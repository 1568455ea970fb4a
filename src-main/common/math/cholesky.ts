/**
 * Factorises the symmetric positive definite n x n matrix (row-major; only the lower triangle is read) in
 * place into L with A = L L^T; the strict upper triangle is left as it was.
 *
 * @returns false when a pivot is not positive: the matrix is not definite and its content is spoilt.
 */
export function choleskyFactor(matrix: Float64Array, n: number): boolean {
  for (let j = 0; j < n; j++) {
    const rowJ = j * n;
    let pivot = matrix[rowJ + j];
    for (let k = 0; k < j; k++) pivot -= matrix[rowJ + k] * matrix[rowJ + k];
    if (!(pivot > 0)) return false;
    const diagonal = Math.sqrt(pivot);
    matrix[rowJ + j] = diagonal;
    const inverse = 1 / diagonal;
    for (let i = j + 1; i < n; i++) {
      const rowI = i * n;
      let sum = matrix[rowI + j];
      for (let k = 0; k < j; k++) sum -= matrix[rowI + k] * matrix[rowJ + k];
      matrix[rowI + j] = sum * inverse;
    }
  }
  return true;
}

/** Solves A x = b in place, with the factor that `choleskyFactor` made. */
export function choleskySolve(factor: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= factor[i * n + k] * b[k];
    b[i] = sum / factor[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    const value = b[i] / factor[i * n + i];
    b[i] = value;
    for (let k = 0; k < i; k++) b[k] -= factor[i * n + k] * value;
  }
}
