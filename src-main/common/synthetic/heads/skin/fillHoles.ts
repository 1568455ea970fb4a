/**
 * Replaces what is not known of a square plane by a smooth continuation of what is (pull and push through halved copies),
 * in place.
 *
 * @param known how much of each value is known, [0, 1]; partly known ones are mixed
 * @param size side, a power of two
 */
export function fillHoles(plane: Float32Array, known: Float32Array, size: number): void {
  if (size === 1) return;
  const half = size >> 1;
  const coarse = new Float32Array(half * half);
  const coarseKnown = new Float32Array(half * half);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const to = (y >> 1) * half + (x >> 1);
      const weight = known[y * size + x];
      coarse[to] += weight * plane[y * size + x];
      coarseKnown[to] += weight;
    }
  for (let k = 0; k < coarse.length; k++) {
    if (coarseKnown[k] > 0) coarse[k] /= coarseKnown[k];
    coarseKnown[k] = Math.min(1, coarseKnown[k]);
  }
  fillHoles(coarse, coarseKnown, half);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const k = y * size + x;
      if (known[k] >= 1) continue;
      plane[k] = known[k] * plane[k] + (1 - known[k]) * bilinear(coarse, half, (x - 0.5) / 2, (y - 0.5) / 2);
    }
}

function bilinear(plane: Float32Array, size: number, x: number, y: number): number {
  const column = Math.min(size - 1, Math.max(0, x));
  const row = Math.min(size - 1, Math.max(0, y));
  const [left, top] = [Math.floor(column), Math.floor(row)];
  const [right, bottom] = [Math.min(size - 1, left + 1), Math.min(size - 1, top + 1)];
  const [fx, fy] = [column - left, row - top];
  return (
    (1 - fy) * ((1 - fx) * plane[top * size + left] + fx * plane[top * size + right]) +
    fy * ((1 - fx) * plane[bottom * size + left] + fx * plane[bottom * size + right])
  );
}
