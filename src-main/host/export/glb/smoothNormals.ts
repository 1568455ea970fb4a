/**
 * Unit normals, three floats per vertex, from the triangles around each point, weighted by their area. Vertices
 * at the same place (texture seams) share one normal, so that no seam shows where a program lights the mesh.
 * Points without area get +z.
 */
export function smoothNormals(positions: Float32Array, indices: Uint32Array): Float32Array {
  const place = samePlaces(positions);
  const sums = new Float64Array(positions.length);
  for (let t = 0; t < indices.length; t += 3) {
    const a = indices[t] * 3;
    const b = indices[t + 1] * 3;
    const c = indices[t + 2] * 3;
    const ux = positions[b] - positions[a];
    const uy = positions[b + 1] - positions[a + 1];
    const uz = positions[b + 2] - positions[a + 2];
    const vx = positions[c] - positions[a];
    const vy = positions[c + 1] - positions[a + 1];
    const vz = positions[c + 2] - positions[a + 2];
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    for (let corner = t; corner < t + 3; corner++) {
      const k = place[indices[corner]] * 3;
      sums[k] += nx;
      sums[k + 1] += ny;
      sums[k + 2] += nz;
    }
  }
  const normals = new Float32Array(positions.length);
  for (let vertex = 0; vertex < place.length; vertex++) {
    const from = place[vertex] * 3;
    const length = Math.hypot(sums[from], sums[from + 1], sums[from + 2]);
    const to = vertex * 3;
    if (length > 1e-20) {
      for (let axis = 0; axis < 3; axis++) normals[to + axis] = sums[from + axis] / length;
    } else normals[to + 2] = 1;
  }
  return normals;
}

/** For each vertex the first vertex at exactly its position. */
function samePlaces(positions: Float32Array): Uint32Array {
  const bits = new Uint32Array(positions.buffer, positions.byteOffset, positions.length);
  const first = new Map<string, number>();
  return Uint32Array.from({ length: positions.length / 3 }, (_, vertex) => {
    const key = `${bits[vertex * 3]},${bits[vertex * 3 + 1]},${bits[vertex * 3 + 2]}`;
    const known = first.get(key);
    if (known !== undefined) return known;
    first.set(key, vertex);
    return vertex;
  });
}
