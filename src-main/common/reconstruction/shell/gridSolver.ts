import { portableSine } from '#common/math/portableMath';

/**
 * Solves lap(u) = 0 on the nodes where `free` is 1, the other nodes keeping their values, by successive
 * over-relaxation. Outside the grid the nearest node is repeated (no flux).
 *
 * 116^2 nodes need about 160 sweeps for 1e-3 of the range: 10 ms.
 */
export function relax(values: Float32Array, free: Uint8Array, size: number, sweeps = 160): void {
  const nodes = freeNodes(free);
  const omega = overRelaxation(size);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (const node of nodes) {
      const column = node % size;
      const left = column > 0 ? node - 1 : node;
      const right = column < size - 1 ? node + 1 : node;
      const up = node >= size ? node - size : node;
      const down = node < size * (size - 1) ? node + size : node;
      const mean = (values[up] + values[down] + values[left] + values[right]) / 4;
      values[node] += omega * (mean - values[node]);
    }
  }
}

/** A crossing nearer to a node than this would stall the relaxation. */
const NEAREST_CROSSING = 0.08;

/**
 * Solves lap(u) = -source inside a level set with u = 0 on its zero line, in node units. The line is met where
 * it crosses the grid's edges, not at the next node (Gibou et al. 2002), so the solution does not step with
 * the grid. No flux through the window's border: a figure cut there does not round off.
 */
export function solvePoisson(level: Float32Array, size: number, source: number, sweeps = 260): Float32Array {
  const values = new Float32Array(level.length);
  const nodes = freeNodes(Uint8Array.from(level, (value) => (value > 0 ? 1 : 0)));
  const neighbours = new Int32Array(nodes.length * 4);
  const weights = new Float32Array(nodes.length * 4);
  nodes.forEach((node, i) => {
    const column = node % size;
    const around = [
      column > 0 ? node - 1 : node,
      column < size - 1 ? node + 1 : node,
      node >= size ? node - size : node,
      node < size * (size - 1) ? node + size : node,
    ];
    around.forEach((next, k) => {
      const crosses = level[next] <= 0;
      neighbours[i * 4 + k] = crosses ? -1 : next;
      const fraction = crosses ? level[node] / (level[node] - level[next]) : 1;
      weights[i * 4 + k] = next === node ? 0 : 1 / Math.max(NEAREST_CROSSING, fraction);
    });
  });
  const omega = overRelaxation(size);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let i = 0; i < nodes.length; i++) {
      let sum = source;
      let total = 0;
      for (let k = i * 4; k < i * 4 + 4; k++) {
        total += weights[k];
        if (neighbours[k] >= 0) sum += weights[k] * values[neighbours[k]];
      }
      if (total > 0) values[nodes[i]] += omega * (sum / total - values[nodes[i]]);
    }
  }
  return values;
}

function freeNodes(free: Uint8Array): Int32Array {
  const nodes: number[] = [];
  for (let node = 0; node < free.length; node++) if (free[node]) nodes.push(node);
  return Int32Array.from(nodes);
}

function overRelaxation(size: number): number {
  return 2 / (1 + portableSine(Math.PI / (size * 0.6)));
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
