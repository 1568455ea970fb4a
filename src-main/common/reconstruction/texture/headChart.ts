import { rasterizeScreen } from '#common/raster/rasterizeVisibility';
import type { AvatarGeometry, AvatarPartName } from '#common/rig/avatarGeometry';

/** Which triangle covers each texel of the head's square, and where in it the texel's centre lies. */
export interface HeadChart {
  /** Side S, texels. */
  readonly size: number;
  /** S * S: where the triangle starts in geometry.indices, or -1. */
  readonly corner: Int32Array;
  /** S * S: index in geometry.parts + 1, 0 where empty. */
  readonly part: Uint8Array;
  /** 3 * S * S: weights of the triangle's corners. */
  readonly weights: Float32Array;
}

/** Rasterises the head parts in the texture's left square. */
export function rasterizeHeadChart(geometry: AvatarGeometry, size: number): HeadChart {
  const { points, corners, indices, partOf } = headTriangles(geometry, size);
  const drawn = rasterizeScreen({ points, indices, width: size, height: size });
  const part = new Uint8Array(size * size);
  const corner = drawn.triangles;
  for (let texel = 0; texel < corner.length; texel++) {
    const triangle = corner[texel];
    if (triangle < 0) continue;
    part[texel] = partOf[triangle];
    corner[texel] = corners[triangle];
  }
  return { size, corner, part, weights: drawn.barycentrics };
}

function headTriangles(geometry: AvatarGeometry, size: number) {
  const points = new Float32Array(geometry.uvs.length);
  const corners: number[] = [];
  const partOf: number[] = [];
  geometry.parts.forEach((part, number) => {
    if (part.name === 'shell') return;
    for (let vertex = part.firstVertex; vertex < part.firstVertex + part.vertexCount; vertex++) {
      // The square is the left half of a 2S x S picture.
      points[vertex * 2] = geometry.uvs[vertex * 2] * 2 * size;
      points[vertex * 2 + 1] = geometry.uvs[vertex * 2 + 1] * size;
    }
    for (let at = part.firstIndex; at < part.firstIndex + part.indexCount; at += 3) {
      corners.push(at);
      partOf.push(number + 1);
    }
  });
  const indices = new Uint32Array(corners.length * 3);
  corners.forEach((at, triangle) => indices.set(geometry.indices.subarray(at, at + 3), triangle * 3));
  return { points, corners, indices, partOf };
}

/** A vertex attribute: `stride` floats per vertex. */
export interface VertexAttribute {
  readonly values: ArrayLike<number>;
  readonly stride: number;
}

/** Interpolates a vertex attribute at a covered texel into `out`. */
export function interpolateAtTexel(
  chart: HeadChart,
  indices: Uint32Array,
  attribute: VertexAttribute,
  texel: number,
  out: Float64Array,
): void {
  const at = chart.corner[texel];
  const wa = chart.weights[texel * 3];
  const wb = chart.weights[texel * 3 + 1];
  const wc = chart.weights[texel * 3 + 2];
  const { values, stride } = attribute;
  const a = indices[at] * stride;
  const b = indices[at + 1] * stride;
  const c = indices[at + 2] * stride;
  for (let i = 0; i < stride; i++) out[i] = wa * values[a + i] + wb * values[b + i] + wc * values[c + i];
}

/** Number of a part in the chart (index in geometry.parts + 1), 0 where the mesh has none. */
export function partNumber(geometry: AvatarGeometry, name: AvatarPartName): number {
  return geometry.parts.findIndex((part) => part.name === name) + 1;
}
