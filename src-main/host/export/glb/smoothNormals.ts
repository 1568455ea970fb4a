import { vertexNormals, weldByPosition } from '#common/raster/shading/vertexNormals';

/**
 * Unit normals, three floats per vertex, as glTF wants them: vertices at the same place (texture seams) share
 * one, so that no seam shows where a program lights the mesh; points without area get +z.
 */
export function smoothNormals(positions: Float32Array, indices: Uint32Array): Float32Array {
  const normals = vertexNormals({ positions, indices, weld: weldByPosition(positions) });
  for (let k = 0; k < normals.length; k += 3) {
    if (normals[k] === 0 && normals[k + 1] === 0 && normals[k + 2] === 0) normals[k + 2] = 1;
  }
  return normals;
}
