/** Pearson's correlation; 0 where one series does not vary. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const meanA = mean(a);
  const meanB = mean(b);
  let cross = 0;
  let squareA = 0;
  let squareB = 0;
  for (let i = 0; i < a.length; i++) {
    cross += (a[i] - meanA) * (b[i] - meanB);
    squareA += (a[i] - meanA) ** 2;
    squareB += (b[i] - meanB) ** 2;
  }
  return squareA > 0 && squareB > 0 ? cross / Math.sqrt(squareA * squareB) : 0;
}

/** Of `b` on `a` (least squares); 0 where `a` does not vary. */
export function regressionSlope(a: readonly number[], b: readonly number[]): number {
  const meanA = mean(a);
  const meanB = mean(b);
  let cross = 0;
  let square = 0;
  for (let i = 0; i < a.length; i++) {
    cross += (a[i] - meanA) * (b[i] - meanB);
    square += (a[i] - meanA) ** 2;
  }
  return square > 0 ? cross / square : 0;
}

/** How far a series that should rise falls below a value it had reached, as a share of its range; 0 = monotone. */
export function largestDrop(series: readonly number[]): number {
  const range = Math.max(...series) - Math.min(...series);
  if (range === 0) return 0;
  let highest = -Infinity;
  let drop = 0;
  for (const value of series) {
    highest = Math.max(highest, value);
    drop = Math.max(drop, highest - value);
  }
  return drop / range;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** NaN for an empty list. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The value that `share` of the list lie below; NaN for an empty list. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? NaN;
}
