/**
 * Mean curvature per vertex, 1 / metres, positive where the surface bulges: least squares over the edges of the change of
 * the normal along them, then one average over neighbours. A sphere of radius r has 1 / r.
 *
 * @param mesh `weld` as from `weldVertices`
 * @param out one float a vertex
 */
export function surfaceCurvature(
  mesh: {
    readonly positions: Float32Array;
    readonly normals: Float32Array;
    readonly indices: Uint32Array;
    readonly weld: Uint32Array;
  },
  out: Float32Array,
): void {
  const { positions: p, normals: n, indices, weld } = mesh;
  const lengths = lent(out.length);
  out.fill(0);
  for (let at = 0; at < indices.length; at++) {
    const isLast = at % 3 === 2;
    const i = weld[indices[at]];
    const j = weld[indices[isLast ? at - 2 : at + 1]];
    const dx = p[j * 3] - p[i * 3];
    const dy = p[j * 3 + 1] - p[i * 3 + 1];
    const dz = p[j * 3 + 2] - p[i * 3 + 2];
    const bend =
      (n[j * 3] - n[i * 3]) * dx + (n[j * 3 + 1] - n[i * 3 + 1]) * dy + (n[j * 3 + 2] - n[i * 3 + 2]) * dz;
    const length = dx * dx + dy * dy + dz * dz;
    out[i] += bend;
    out[j] += bend;
    lengths[i] += length;
    lengths[j] += length;
  }
  for (let vertex = 0; vertex < out.length; vertex++) {
    const k = weld[vertex];
    if (k === vertex) out[vertex] = lengths[vertex] > 0 ? out[vertex] / lengths[vertex] : 0;
    else out[vertex] = out[k];
  }
  smoothOverNeighbours(out, indices, weld);
}

/** Replaces each value by the mean of itself and its triangles' corners. */
export function smoothOverNeighbours(values: Float32Array, indices: Uint32Array, weld: Uint32Array): void {
  const sums = lent(values.length);
  const counts = lentCounts(values.length);
  for (let at = 0; at < indices.length; at += 3) {
    const a = weld[indices[at]];
    const b = weld[indices[at + 1]];
    const c = weld[indices[at + 2]];
    const sum = values[a] + values[b] + values[c];
    sums[a] += sum;
    sums[b] += sum;
    sums[c] += sum;
    counts[a] += 3;
    counts[b] += 3;
    counts[c] += 3;
  }
  for (let vertex = 0; vertex < values.length; vertex++) {
    const k = weld[vertex];
    if (counts[k] > 0) values[vertex] = sums[k] / counts[k];
  }
}

let scratch = new Float64Array(0);
let countScratch = new Float64Array(0);

function lent(length: number): Float64Array {
  if (scratch.length < length) scratch = new Float64Array(length);
  return scratch.fill(0, 0, length);
}

function lentCounts(length: number): Float64Array {
  if (countScratch.length < length) countScratch = new Float64Array(length);
  return countScratch.fill(0, 0, length);
}
