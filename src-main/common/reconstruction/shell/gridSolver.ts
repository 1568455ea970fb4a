/**
 * Solves lap(u) = -source on the nodes where `free` is 1, the other nodes keeping their values, by
 * successive over-relaxation. Outside the grid the nearest node is repeated (no flux), so a figure that is
 * cut by the window does not round off there.
 *
 * 116^2 nodes need about 200 sweeps for 1e-4 of the range: 15 ms.
 */
export function relax(
  values: Float32Array,
  free: Uint8Array,
  size: number,
  options: { readonly source?: number; readonly sweeps?: number; readonly keepOutside?: boolean } = {},
): void {
  const { source = 0, sweeps = 220 } = options;
  const omega = 2 / (1 + Math.sin(Math.PI / (size * 0.6)));
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let row = 0; row < size; row++) {
      const up = (row > 0 ? row - 1 : row) * size;
      const down = (row < size - 1 ? row + 1 : row) * size;
      for (let column = 0; column < size; column++) {
        const node = row * size + column;
        if (!free[node]) continue;
        const left = column > 0 ? node - 1 : node;
        const right = column < size - 1 ? node + 1 : node;
        const mean =
          (values[up + column] + values[down + column] + values[left] + values[right] + source) / 4;
        values[node] += omega * (mean - values[node]);
      }
    }
  }
}

/** Distance in nodes from each node to the nearest set node of `mask`, capped; two-pass chamfer (3-4)/3. */
export function nodeDistance(mask: Uint8Array, size: number): Float32Array {
  const far = size * 2;
  const out = new Float32Array(mask.length);
  for (let i = 0; i < mask.length; i++) out[i] = mask[i] ? 0 : far;
  const diagonal = 4 / 3;
  const at = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= size || row >= size ? far : out[row * size + column];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const node = row * size + column;
      out[node] = Math.min(
        out[node],
        at(column - 1, row) + 1,
        at(column, row - 1) + 1,
        at(column - 1, row - 1) + diagonal,
        at(column + 1, row - 1) + diagonal,
      );
    }
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let column = size - 1; column >= 0; column--) {
      const node = row * size + column;
      out[node] = Math.min(
        out[node],
        at(column + 1, row) + 1,
        at(column, row + 1) + 1,
        at(column + 1, row + 1) + diagonal,
        at(column - 1, row + 1) + diagonal,
      );
    }
  }
  return out;
}

/** 0 below `from`, 1 above `to`, smooth between. */
export function smoothStep(from: number, to: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}
