import { squared } from '#common/math/portableMath';

/**
 * For each vertex the first vertex with the same position: meshes split vertices at texture seams, and
 * normals must not show the seam.
 *
 * @param positions three floats per vertex, compared exactly
 */
export function weldByPosition(positions: Float32Array): Uint32Array {
  const first = new Map<string, number>();
  return Uint32Array.from({ length: positions.length / 3 }, (_, vertex) => {
    const key = `${positions[vertex * 3]},${positions[vertex * 3 + 1]},${positions[vertex * 3 + 2]}`;
    const known = first.get(key);
    if (known !== undefined) return known;
    first.set(key, vertex);
    return vertex;
  });
}

/**
 * Unit normals, area-weighted over the triangles that meet in a (welded) vertex; zero where none does.
 *
 * @param mesh counter-clockwise triangles; `weld` as from `weldByPosition`, none by default
 * @param out three floats per vertex
 */
export function vertexNormals(
  mesh: { readonly positions: Float32Array; readonly indices: Uint32Array; readonly weld?: Uint32Array },
  out: Float32Array = new Float32Array(mesh.positions.length),
): Float32Array {
  const { positions: p, indices, weld } = mesh;
  out.fill(0);
  for (let at = 0; at < indices.length; at += 3) {
    const a = indices[at] * 3;
    const b = indices[at + 1] * 3;
    const c = indices[at + 2] * 3;
    const ux = p[b] - p[a];
    const uy = p[b + 1] - p[a + 1];
    const uz = p[b + 2] - p[a + 2];
    const vx = p[c] - p[a];
    const vy = p[c + 1] - p[a + 1];
    const vz = p[c + 2] - p[a + 2];
    // Twice the area times the unit normal: larger triangles count for more.
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    for (let corner = at; corner < at + 3; corner++) {
      const k = (weld ? weld[indices[corner]] : indices[corner]) * 3;
      out[k] += nx;
      out[k + 1] += ny;
      out[k + 2] += nz;
    }
  }
  normalizeAll(out);
  if (weld) weld.forEach((source, vertex) => out.copyWithin(vertex * 3, source * 3, source * 3 + 3));
  return out;
}

function normalizeAll(normals: Float32Array): void {
  for (let k = 0; k < normals.length; k += 3) {
    const length = Math.sqrt(squared(normals[k]) + squared(normals[k + 1]) + squared(normals[k + 2]));
    if (length === 0) continue;
    normals[k] /= length;
    normals[k + 1] /= length;
    normals[k + 2] /= length;
  }
}
