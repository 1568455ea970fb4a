import { projectPoints } from '#common/camera/projectPoints';
import { rasterizeVisibility } from '#common/raster/rasterizeVisibility';
import type { TextureInput } from '#common/reconstruction/texture/textureInput';
import { modelVertexOf } from '#common/reconstruction/texture/textureInput';
import { norm3 } from '#common/math/portableMath';

/** The mesh as the source camera sees it: projected vertices and what is in front at each picture point. */
export interface SourceView {
  /** Per vertex pixel x, pixel y in the crop (centres at .5) and depth in metres. */
  readonly projected: Float64Array;
  /** Per vertex the cosine between its normal and the direction to the camera. */
  readonly facing: Float32Array;
  /** Side of the buffers; `scale` buffer pixels to one crop pixel. */
  readonly size: number;
  readonly scale: number;
  /** Index in geometry.parts + 1 of the nearest surface, 0 where there is none. */
  readonly part: Uint8Array;
  /** Depth of the nearest surface in metres, Infinity where there is none. */
  readonly depth: Float32Array;
}

/** Crops up to this side are looked at with two buffer pixels per crop pixel. */
const SUPERSAMPLED_SIDE = 640;

/** Projects the posed mesh and finds the nearest part and its depth at each buffer pixel. */
export function viewSource(input: TextureInput): SourceView {
  const { geometry, posedPositions, camera, crop } = input;
  const scale = crop.width <= SUPERSAMPLED_SIDE ? 2 : 1;
  const size = crop.width * scale;
  // Nothing is culled: a mouth cavity or a shell may be seen from its inner side.
  const { indices } = geometry;
  const positions = posedPositions;
  const seen = rasterizeVisibility({ positions, indices, camera, width: size, height: size, cull: 'none' });
  const partOf = new Uint8Array(indices.length / 3);
  geometry.parts.forEach((part, index) => {
    partOf.fill(index + 1, part.firstIndex / 3, (part.firstIndex + part.indexCount) / 3);
  });
  const part = new Uint8Array(size * size);
  for (let pixel = 0; pixel < part.length; pixel++) {
    const triangle = seen.triangles[pixel];
    if (triangle >= 0) part[pixel] = partOf[triangle];
  }
  const projected = projectPoints(camera, posedPositions, crop.width);
  return { projected, facing: facingCosines(input), size, scale, part, depth: seen.depths };
}

/** Area-weighted smooth normals (seam vertices welded through the model), dotted with the way to the camera. */
function facingCosines(input: TextureInput): Float32Array {
  const { geometry, posedPositions: p } = input;
  const weld = weldedVertices(input);
  const normals = new Float32Array(p.length);
  for (let at = 0; at < geometry.indices.length; at += 3) {
    const a = geometry.indices[at] * 3;
    const b = geometry.indices[at + 1] * 3;
    const c = geometry.indices[at + 2] * 3;
    const ux = p[b] - p[a];
    const uy = p[b + 1] - p[a + 1];
    const uz = p[b + 2] - p[a + 2];
    const vx = p[c] - p[a];
    const vy = p[c + 1] - p[a + 1];
    const vz = p[c + 2] - p[a + 2];
    for (let corner = 0; corner < 3; corner++) {
      const to = weld[geometry.indices[at + corner]] * 3;
      normals[to] += uy * vz - uz * vy;
      normals[to + 1] += uz * vx - ux * vz;
      normals[to + 2] += ux * vy - uy * vx;
    }
  }
  const { rotation: r, translation: t } = input.camera;
  const facing = new Float32Array(p.length / 3);
  for (let vertex = 0; vertex < facing.length; vertex++) {
    const n = weld[vertex] * 3;
    const nx = normals[n];
    const ny = normals[n + 1];
    const nz = normals[n + 2];
    let dot = 0;
    let squared = 0;
    for (let row = 0; row < 3; row++) {
      const k = row * 3;
      const position =
        r[k] * p[vertex * 3] + r[k + 1] * p[vertex * 3 + 1] + r[k + 2] * p[vertex * 3 + 2] + t[row];
      dot -= position * (r[k] * nx + r[k + 1] * ny + r[k + 2] * nz);
      squared += position * position;
    }
    facing[vertex] = dot / (Math.sqrt(squared) * norm3(nx, ny, nz) + 1e-20);
  }
  return facing;
}

/** First geometry vertex at the same place, for every vertex; the shell's stand alone. */
function weldedVertices(input: TextureInput): Uint32Array {
  const { geometry, model } = input;
  const weld = new Uint32Array(input.posedPositions.length / 3);
  const firstOf = new Map<number, number>();
  for (const part of geometry.parts) {
    for (let vertex = part.firstVertex; vertex < part.firstVertex + part.vertexCount; vertex++) {
      if (part.name === 'shell') {
        weld[vertex] = vertex;
        continue;
      }
      const key = model.weld[modelVertexOf(input, vertex)];
      const first = firstOf.get(key);
      if (first === undefined) firstOf.set(key, vertex);
      weld[vertex] = first ?? vertex;
    }
  }
  return weld;
}
