/** A prop's mesh on the warped mean head, metres. */
export interface PropMesh {
  readonly positions: Float32Array;
  readonly indices: Uint32Array;
  /** Along and around tubes, around and up lathes; metres scaled to [0, 1]. */
  readonly uvs: Float32Array;
}

/** Two triangles for each cell of a grid of rows x columns vertices, row after row; `isOpen` has no last cell around. */
export function gridIndices(rows: number, columns: number): number[] {
  const indices: number[] = [];
  for (let row = 0; row + 1 < rows; row++)
    for (let column = 0; column + 1 < columns; column++) {
      const a = row * columns + column;
      const b = a + columns;
      indices.push(a, a + 1, b, a + 1, b + 1, b);
    }
  return indices;
}

/** The mesh seen in the mirror (x turned), triangles turned with it. */
export function mirrorMesh(mesh: PropMesh): PropMesh {
  const positions = mesh.positions.slice();
  for (let k = 0; k < positions.length; k += 3) positions[k] = -positions[k];
  const indices = mesh.indices.slice();
  for (let k = 0; k < indices.length; k += 3) {
    indices[k + 1] = mesh.indices[k + 2];
    indices[k + 2] = mesh.indices[k + 1];
  }
  return { positions, indices, uvs: mesh.uvs };
}

/** Turns all triangles so that the mesh's signed volume is positive: outside is where normals point. */
export function facingOut(mesh: PropMesh): PropMesh {
  const { positions: p, indices } = mesh;
  let volume = 0;
  for (let k = 0; k < indices.length; k += 3) {
    const [a, b, c] = [indices[k] * 3, indices[k + 1] * 3, indices[k + 2] * 3];
    volume +=
      p[a] * (p[b + 1] * p[c + 2] - p[b + 2] * p[c + 1]) +
      p[a + 1] * (p[b + 2] * p[c] - p[b] * p[c + 2]) +
      p[a + 2] * (p[b] * p[c + 1] - p[b + 1] * p[c]);
  }
  if (volume >= 0) return mesh;
  const turned = indices.slice();
  for (let k = 0; k < indices.length; k += 3) {
    turned[k + 1] = indices[k + 2];
    turned[k + 2] = indices[k + 1];
  }
  return { ...mesh, indices: turned };
}
