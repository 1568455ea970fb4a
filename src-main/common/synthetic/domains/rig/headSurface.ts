import { vertexNormals } from '#common/raster/shading/vertexNormals';
import type { HeadModel } from '#common/head/headModel';
import type { HeadPiece } from '#common/synthetic/heads/syntheticHead';
import type { SurfaceBinding } from '#common/synthetic/heads/bind/surfaceBinding';
import { bindToSurface } from '#common/synthetic/heads/bind/surfaceBinding';

/** Unit normals of a piece at rest, smooth over seams for the model's own vertices. */
export function restNormals(piece: HeadPiece, model: HeadModel): Float32Array {
  const { follow, rest, indices } = piece;
  if (follow.kind !== 'model') return vertexNormals({ positions: rest, indices });
  const first = follow.firstVertex;
  const weld = Uint32Array.from({ length: rest.length / 3 }, (_, v) =>
    Math.max(0, model.weld[first + v] - first),
  );
  return vertexNormals({ positions: rest, indices, weld });
}

/**
 * For each vertex of the model a triangle it belongs to, as a binding's corners with the vertex itself first.
 * Vertices without triangles are bound to themselves.
 */
export function ownTriangles(model: HeadModel): Uint32Array {
  const corners = new Uint32Array(model.vertexCount * 3);
  const found = new Uint8Array(model.vertexCount);
  const { indices } = model;
  for (let k = 0; k < indices.length; k += 3)
    for (let c = 0; c < 3; c++) {
      const v = indices[k + c];
      if (found[v]) continue;
      found[v] = 1;
      for (let n = 0; n < 3; n++) corners[v * 3 + n] = indices[k + ((c + n) % 3)];
    }
  for (let v = 0; v < model.vertexCount; v++) if (!found[v]) corners.fill(v, v * 3, v * 3 + 3);
  return corners;
}

/** Binds points that started at vertices of the model (`vertices[i]`) to triangles of theirs, on a person's surface. */
export function bindToVertices(
  points: Float32Array,
  vertices: ArrayLike<number>,
  triangles: Uint32Array,
  surface: Float32Array,
): SurfaceBinding {
  const corners = new Uint32Array(points.length);
  const weights = new Float32Array(points.length);
  for (let i = 0; i < points.length / 3; i++) {
    for (let c = 0; c < 3; c++) corners[i * 3 + c] = triangles[vertices[i] * 3 + c];
    weights[i * 3] = 1;
  }
  return bindToSurface(points, { corners, weights }, surface);
}
