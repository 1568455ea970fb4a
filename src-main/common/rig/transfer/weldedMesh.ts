import { norm3 } from '#common/math/portableMath';

/** A mesh whose uv seams are sewn up: what moves as one vertex is one vertex. */
export interface WeldedMesh {
  readonly vertexCount: number;
  /** First vertex with the same position, per vertex. */
  readonly weld: Uint32Array;
  /** Vertices that stand for themselves, rising. */
  readonly representatives: Uint32Array;
  /** Triangles over representatives. */
  readonly triangles: Uint32Array;
  /** Neighbours of vertex v: neighbours[neighbourStart[v]] up to neighbourStart[v + 1]; empty for seam copies. */
  readonly neighbourStart: Uint32Array;
  readonly neighbours: Uint32Array;
}

const sewn = new WeakMap<Uint32Array, WeldedMesh>();

/** Sews a triangle list together along `weld`; O(triangles), once for the same arrays, which must not change. */
export function weldMesh(indices: Uint32Array, weld: Uint32Array): WeldedMesh {
  const known = sewn.get(indices);
  if (known?.weld === weld) return known;
  const mesh = sew(indices, weld);
  sewn.set(indices, mesh);
  return mesh;
}

function sew(indices: Uint32Array, weld: Uint32Array): WeldedMesh {
  const vertexCount = weld.length;
  const triangles = indices.map((vertex) => weld[vertex]);
  const lists: number[][] = Array.from({ length: vertexCount }, () => []);
  const link = (a: number, b: number): void => {
    if (a !== b && !lists[a].includes(b)) lists[a].push(b);
  };
  for (let i = 0; i < triangles.length; i += 3) {
    for (let k = 0; k < 3; k++) {
      const a = triangles[i + k];
      const b = triangles[i + ((k + 1) % 3)];
      link(a, b);
      link(b, a);
    }
  }
  const neighbourStart = new Uint32Array(vertexCount + 1);
  for (let v = 0; v < vertexCount; v++) neighbourStart[v + 1] = neighbourStart[v] + lists[v].length;
  return {
    vertexCount,
    weld,
    representatives: Uint32Array.from(weld.keys()).filter((v) => weld[v] === v),
    triangles,
    neighbourStart,
    neighbours: Uint32Array.from(lists.flat()),
  };
}

/** Copies the three floats of each representative to its seam copies, in place. */
export function spreadOverSeams(mesh: WeldedMesh, values: Float32Array): void {
  for (let v = 0; v < mesh.vertexCount; v++) {
    const from = mesh.weld[v];
    if (from === v) continue;
    values[v * 3] = values[from * 3];
    values[v * 3 + 1] = values[from * 3 + 1];
    values[v * 3 + 2] = values[from * 3 + 2];
  }
}

/**
 * Shortest way along edges from any of `seeds`, up to `limit` metres (Dijkstra); Infinity beyond. `previous` gives
 * the way back, -1 at seeds. With `until` the search ends once that vertex is reached. A plain sorted insertion serves: the fronts here are a few hundred vertices.
 */
export function edgeDistances(
  mesh: WeldedMesh,
  positions: ArrayLike<number>,
  seeds: Iterable<number>,
  limit: number,
  until = -1,
): { distance: Float64Array; previous: Int32Array } {
  const distance = new Float64Array(mesh.vertexCount).fill(Infinity);
  const previous = new Int32Array(mesh.vertexCount).fill(-1);
  const front: { vertex: number; at: number }[] = [];
  const push = (vertex: number, at: number): void => {
    let slot = front.length;
    while (slot > 0 && front[slot - 1].at < at) slot--;
    front.splice(slot, 0, { vertex, at });
  };
  for (const seed of seeds) {
    distance[seed] = 0;
    push(seed, 0);
  }
  for (let next = front.pop(); next !== undefined; next = front.pop()) {
    const { vertex, at } = next;
    if (vertex === until) break;
    if (at > distance[vertex]) continue;
    for (let k = mesh.neighbourStart[vertex]; k < mesh.neighbourStart[vertex + 1]; k++) {
      const other = mesh.neighbours[k];
      const reached = at + edgeLength(positions, vertex, other);
      if (reached >= distance[other] || reached > limit) continue;
      distance[other] = reached;
      previous[other] = vertex;
      push(other, reached);
    }
  }
  return { distance, previous };
}

function edgeLength(positions: ArrayLike<number>, a: number, b: number): number {
  return norm3(
    positions[a * 3] - positions[b * 3],
    positions[a * 3 + 1] - positions[b * 3 + 1],
    positions[a * 3 + 2] - positions[b * 3 + 2],
  );
}
