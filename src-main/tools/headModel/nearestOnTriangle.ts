/**
 * Nearest point of a triangle (three corners, possibly two equal) to a point: barycentric weights and squared
 * distance. Ericson, Real-Time Collision Detection, section 5.1.5.
 */
export function nearestOnTriangle(
  point: readonly number[],
  corners: readonly ArrayLike<number>[],
): { weights: [number, number, number]; square: number } {
  const [a, b, c] = corners;
  const minus = (p: ArrayLike<number>, q: ArrayLike<number>): number[] => [
    p[0] - q[0],
    p[1] - q[1],
    p[2] - q[2],
  ];
  const dot = (p: readonly number[], q: readonly number[]): number => p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
  const [ab, ac] = [minus(b, a), minus(c, a)];
  const [ap, bp, cp] = [minus(point, a), minus(point, b), minus(point, c)];
  const [d1, d2, d3, d4, d5, d6] = [
    dot(ab, ap),
    dot(ac, ap),
    dot(ab, bp),
    dot(ac, bp),
    dot(ab, cp),
    dot(ac, cp),
  ];
  const [va, vb, vc] = [d3 * d6 - d5 * d4, d5 * d2 - d1 * d6, d1 * d4 - d3 * d2];
  let weights: [number, number, number];
  if (d1 <= 0 && d2 <= 0) weights = [1, 0, 0];
  else if (d3 >= 0 && d4 <= d3) weights = [0, 1, 0];
  else if (d6 >= 0 && d5 <= d6) weights = [0, 0, 1];
  else if (vc <= 0 && d1 >= 0 && d3 <= 0) weights = [1 - d1 / (d1 - d3), d1 / (d1 - d3), 0];
  else if (vb <= 0 && d2 >= 0 && d6 <= 0) weights = [1 - d2 / (d2 - d6), 0, d2 / (d2 - d6)];
  else if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0) {
    const w = (d4 - d3) / (d4 - d3 + d5 - d6);
    weights = [0, 1 - w, w];
  } else {
    const sum = va + vb + vc;
    weights = [va / sum, vb / sum, vc / sum];
  }
  const square = [0, 1, 2].reduce(
    (total, k) => total + (point[k] - weights[0] * a[k] - weights[1] * b[k] - weights[2] * c[k]) ** 2,
    0,
  );
  return { weights, square };
}
