/**
 * A box along both axes of a square plane, in place; its edges are repeated.
 *
 * @param reach texels to each side
 */
export function blurPlane(plane: Float32Array, size: number, reach: number): void {
  const line = new Float64Array(size);
  for (let row = 0; row < size; row++) blurLine(plane, line, { start: row * size, step: 1, reach });
  for (let column = 0; column < size; column++) blurLine(plane, line, { start: column, step: size, reach });
}

interface Line {
  readonly start: number;
  readonly step: number;
  readonly reach: number;
}

function blurLine(plane: Float32Array, line: Float64Array, { start, step, reach }: Line): void {
  const size = line.length;
  const at = (k: number): number => line[k < 0 ? 0 : k >= size ? size - 1 : k];
  for (let k = 0; k < size; k++) line[k] = plane[start + k * step];
  let sum = 0;
  for (let k = -reach; k <= reach; k++) sum += at(k);
  for (let k = 0; k < size; k++) {
    plane[start + k * step] = sum / (2 * reach + 1);
    sum += at(k + reach + 1) - at(k - reach);
  }
}
