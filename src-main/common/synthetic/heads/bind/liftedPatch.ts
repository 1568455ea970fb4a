import type { HeadModel } from '#common/head/headModel';
import type { Anchors } from '#common/synthetic/heads/bind/surfaceBinding';
import { norm3 } from '#common/math/portableMath';

/** Part of the skin as a mesh of its own, a little over it. */
export interface LiftedPatch {
  /** The model's vertex under each of the patch's. */
  readonly vertices: Uint32Array;
  readonly indices: Uint32Array;
  readonly rest: Float32Array;
  readonly canonical: Float32Array;
  readonly anchors: Anchors;
}

/** Height of the patch over the skin at one of the model's vertices, metres. */
export type LiftOf = (vertex: number) => number;

/**
 * Copies triangles (vertex triples of the model) and moves them along the surface's normal; copies of seam vertices
 * move together. Each vertex is anchored to itself in the first triangle that has it.
 */
export function liftedPatch(
  model: HeadModel,
  neutral: Float32Array,
  triangles: Uint32Array,
  lift: number | LiftOf,
): LiftedPatch {
  const { weld, template } = model;
  const slot = new Map<number, number>();
  const vertices: number[] = [];
  const corners: number[] = [];
  const weights: number[] = [];
  const normals = new Float64Array(model.vertexCount * 3);
  const indices = Uint32Array.from(triangles, (vertex, i) => {
    let own = slot.get(vertex);
    if (own === undefined) {
      own = vertices.length;
      slot.set(vertex, own);
      vertices.push(vertex);
      const first = i - (i % 3);
      corners.push(triangles[first], triangles[first + 1], triangles[first + 2]);
      for (let k = 0; k < 3; k++) weights.push(first + k === i ? 1 : 0);
    }
    return own;
  });
  for (let t = 0; t < triangles.length; t += 3) addNormal(triangles, t, neutral, weld, normals);
  const rest = new Float32Array(vertices.length * 3);
  const canonical = new Float32Array(vertices.length * 3);
  vertices.forEach((vertex, v) => {
    const n = weld[vertex] * 3;
    const length = norm3(normals[n], normals[n + 1], normals[n + 2]) || 1;
    const height = typeof lift === 'number' ? lift : lift(vertex);
    for (let c = 0; c < 3; c++) {
      rest[v * 3 + c] = neutral[vertex * 3 + c] + (height * normals[n + c]) / length;
      canonical[v * 3 + c] = template[vertex * 3 + c] + (height * normals[n + c]) / length;
    }
  });
  return {
    vertices: Uint32Array.from(vertices),
    indices,
    rest,
    canonical,
    anchors: { corners: Uint32Array.from(corners), weights: Float32Array.from(weights) },
  };
}

function addNormal(
  triangles: Uint32Array,
  t: number,
  p: Float32Array,
  weld: Uint32Array,
  normals: Float64Array,
): void {
  const [a, b, c] = [triangles[t] * 3, triangles[t + 1] * 3, triangles[t + 2] * 3];
  const e = [p[b] - p[a], p[b + 1] - p[a + 1], p[b + 2] - p[a + 2]];
  const f = [p[c] - p[a], p[c + 1] - p[a + 1], p[c + 2] - p[a + 2]];
  const n = [e[1] * f[2] - e[2] * f[1], e[2] * f[0] - e[0] * f[2], e[0] * f[1] - e[1] * f[0]];
  for (let k = 0; k < 3; k++) {
    const at = weld[triangles[t + k]] * 3;
    for (let axis = 0; axis < 3; axis++) normals[at + axis] += n[axis];
  }
}
